"""Robots that fill in the form are asked a question; people hardly ever are, and nobody is refused.

A robot gives itself away by filling the field that people do not see, or by sending form after form within seconds of opening
it. One quick form is somebody who pastes; of slowness nothing is ever made. Whoever is suspected gets one small sum to answer,
in words that a screen reader reads, and goes on with everything that was typed.
"""

import dataclasses
import secrets
import unicodedata
from typing import Any

from django.core import signing
from django.utils import timezone

from core.throttle import Limit, Throttled, network_of, take

OPENED, ASKED = "petitions.opened", "petitions.asked"
# Nobody reads and writes a letter in less; so many quick ones of a network in ten minutes are nobody who pastes.
QUICK_SECONDS = 3
QUICK_FORMS = Limit("quick form", 30, 600)
ANSWERED_WITHIN = 24 * 3600
NUMERALS = "零一二三四五六七八九十"


@dataclasses.dataclass(frozen=True)
class Sum:
    """Two numbers to add. ``token`` carries them through the form, bound to it by its idempotency key."""

    left: int
    right: int
    token: str

    @classmethod
    def for_form(cls, key: str) -> "Sum":
        left, right = secrets.randbelow(7) + 2, secrets.randbelow(7) + 2
        return cls(left, right, signing.dumps([left, right, key], salt=ASKED))


def opened_now() -> str:
    """The value of the form's hidden field that says when it was opened."""
    return signing.dumps(timezone.now().timestamp(), salt=OPENED)


def is_suspected(request: Any, *, trap: str, opened: str) -> bool:
    """Whether this form was filled in as robots do. Counts the quick ones of the caller's network."""
    if trap:
        return True
    try:
        age = timezone.now().timestamp() - float(signing.loads(opened, salt=OPENED))
    except (signing.BadSignature, TypeError, ValueError):
        # Left out or altered: it counts as quick, which by itself is nothing.
        age = 0.0
    if age >= QUICK_SECONDS:
        return False
    try:
        take(network_of(request), QUICK_FORMS)
    except Throttled:
        return True
    return False


def is_answered(token: str, answer: str, *, key: str) -> bool:
    """Whether ``answer`` is the sum that was asked in this form."""
    try:
        left, right, asked_in = signing.loads(token, salt=ASKED, max_age=ANSWERED_WITHIN)
    except (signing.BadSignature, TypeError, ValueError):
        return False
    said = unicodedata.normalize("NFKC", answer).strip().strip("。.")
    total = left + right
    return asked_in == key and said in {str(total), _numeral(total)}


def _numeral(number: int) -> str:
    """A number up to 19 in Chinese numerals."""
    return NUMERALS[number] if number <= 10 else f"十{NUMERALS[number - 10]}"
