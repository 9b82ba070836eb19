"""Confirming a phone number by a code, where a city wants that: off unless ``PHONE_CONFIRMATION`` names who sends the code.

Nothing is stored: what proves number and code travels through the form, signed and keyed, and says neither. A number is
known to this server for the length of two requests.
"""

import hmac
import re
import secrets
import sys
from typing import Any, Protocol

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.throttle import Limit, network_of, take

SALT = "petitions.phone"
VALID_SECONDS = 600
DIGITS = 6
SENT_TO_ONE, TRIES = 5, 5
BACKENDS = {"console": "petitions.phone_codes.ConsoleSender"}


class Sender(Protocol):
    """Brings a short text to a phone. Raises ``OSError`` when it cannot."""

    def send(self, phone: str, text: str) -> None: ...


class ConsoleSender:
    """Writes to the server's console: for trying things out, never for a city."""

    def send(self, phone: str, text: str) -> None:
        sys.stdout.write(f"[{phone}] {text}\n")
        sys.stdout.flush()


def is_wanted(phone: str) -> bool:
    """Whether this number has to be confirmed before anything is sent."""
    return bool(settings.PHONE_CONFIRMATION and phone)


def send_code(request: Any, *, phone: str, key: str) -> str:
    """Send a new code; returns the token for the form of that idempotency key. Raises ``Throttled`` and ``OSError``."""
    take(network_of(request), Limit("phone code", SENT_TO_ONE, 3600, subject=_digits(phone)))
    code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
    sender: Sender = import_string(BACKENDS.get(settings.PHONE_CONFIRMATION, settings.PHONE_CONFIRMATION))()
    sender.send(phone, _("%(code)s is the code for your petition. It is valid for 10 minutes.") % {"code": code})
    return signing.dumps(_proof(phone, code, key), salt=SALT)


def is_right(request: Any, *, token: str, code: str, phone: str, key: str) -> bool:
    """Whether ``code`` is the one that was sent to ``phone`` for this form. Wrong ones count. Raises ``Throttled``."""
    taken = take(network_of(request), Limit("wrong phone code", TRIES, VALID_SECONDS, subject=token))
    try:
        proof = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return False
    right = hmac.compare_digest(str(proof), _proof(phone, _digits(code), key))
    if right:
        taken.give_back()
    return right


def _proof(phone: str, code: str, key: str) -> str:
    return salted_hmac(SALT, "\0".join([_digits(phone), code, key]), algorithm="sha256").hexdigest()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
