"""The limits that a citizen may count on before writing: what for, how long, how counted, on what it rests.

The office's rules count, and tell each case its own dates; this table is what the landing page says of them. A test holds it to
the rules that the office is delivered with (``policies``, migration of the defaults).
"""

import dataclasses
import functools
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext

from core.enums import PetitionKind
from core.explaining import basis_text


@dataclasses.dataclass(frozen=True)
class Promise:
    """A limit of ``days``, working days or calendar days, from ``starts_at``; ``longest`` where it may need an investigation.

    ``stage``, ``kind`` and ``basis`` are the office's words for the rule.
    """

    stage: str
    kind: str
    days: int
    basis: str
    label: Any
    working: bool = False
    starts_at: str = "received"
    longest: int | None = None
    extension: int = 0


HOTLINE = "hotline"
PROMISES = (
    Promise("answer", "consultation", 3, HOTLINE, gettext_lazy("Answer to a question"), working=True, extension=10),
    Promise("answer", "complaint", 5, HOTLINE, gettext_lazy("Answer to a complaint"), working=True, longest=13, extension=10),
    Promise("answer", "help", 5, HOTLINE, gettext_lazy("Answer to a request for help"), working=True, extension=10),
    Promise(
        "dispatch",
        "",
        15,
        "petition_2022:22",
        gettext_lazy("A report or a suggestion is passed on, or you are told which other way to take"),
        starts_at="registered",
    ),
    Promise(
        "answer",
        "",
        60,
        "petition_2022:34",
        gettext_lazy("Written opinion on a report or a suggestion"),
        starts_at="accepted",
        extension=30,
    ),
    Promise(
        "review_request",
        "",
        30,
        "petition_2022:35",
        gettext_lazy("You do not agree with the opinion: ask for a review"),
        starts_at="answered",
    ),
    Promise(
        "second_review_request",
        "",
        30,
        "petition_2022:36",
        gettext_lazy("You do not agree with the review either: ask for a second one"),
        starts_at="review_answered",
    ),
)

STARTS = {
    "received": gettext_lazy("From the day after your petition arrives."),
    "registered": gettext_lazy("From the day after it is registered, which is done at once."),
    "accepted": gettext_lazy("From the day after it is accepted."),
    "answered": gettext_lazy("From the day after you receive the opinion."),
    "review_answered": gettext_lazy("From the day after you receive the outcome of the review."),
}


def days_text(days: int, *, working: bool) -> str:
    """A number of days as it is said: ``5 working days``, ``60 days``."""
    if working:
        return npgettext("limit", "%(n)d working day", "%(n)d working days", days) % {"n": days}
    return npgettext("limit", "%(n)d day", "%(n)d days", days) % {"n": days}


def present_promises() -> list[dict[str, str]]:
    """The table of the landing page."""
    return [
        {
            "label": str(promise.label),
            "limit": _limit(promise),
            "counted": _counted(promise),
            "basis": basis_text(promise.basis),
        }
        for promise in PROMISES
    ]


def answer_promise(kind: str) -> str:
    """Within what time a petition of this kind is answered, in a few words."""
    named = [one for one in PROMISES if one.stage == "answer" and one.kind == kind]
    promise = named[0] if named else next(one for one in PROMISES if one.stage == "answer" and not one.kind)
    text = _("Answered within %(days)s") % {"days": days_text(promise.days, working=promise.working)}
    return _("%(promise)s, in strict confidence") % {"promise": text} if kind == PetitionKind.REPORT else text


def _limit(promise: Promise) -> str:
    days = days_text(promise.days, working=promise.working)
    if promise.longest:
        longest = days_text(promise.longest, working=promise.working)
        return _("%(days)s, with an investigation %(longest)s") % {"days": days, "longest": longest}
    return days


def _counted(promise: Promise) -> str:
    sentences = [
        str(STARTS[promise.starts_at]),
        _("Only working days count.") if promise.working else _("Days off count as well."),
    ]
    if promise.extension:
        more = days_text(promise.extension, working=promise.working)
        sentences.append(_("May be extended by up to %(days)s, with approval; you are told why.") % {"days": more})
    return functools.reduce(lambda first, more: _("%(sentence)s %(next)s") % {"sentence": first, "next": more}, sentences)
