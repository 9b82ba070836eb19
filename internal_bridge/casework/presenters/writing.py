"""A text that is being written: before and after, what is personal in it, what speaks against sending it."""

import datetime
import difflib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.personal import PersonalType
from internal_bridge.casework.confirming import Confirmed, Found, Mark, Piece, may_be_published
from internal_bridge.casework.enums import AssignmentState, EntryKind, Part, RedactionChoice, RedactionField
from internal_bridge.casework.models import Case, CaseEntry, RedactionDecision, ReplyDraft

AROUND = 12
# How many versions are set against the one before.
MOST_COMPARED = 5


@dataclass(frozen=True)
class SpanRow:
    """A place with personal data as the table of confirmations shows it."""

    number: int
    key: str
    field: str
    type: str
    left: str
    found: str
    right: str
    becomes: str
    proposed: str
    kept: bool
    choice: str
    words: str
    who: str
    at: datetime.datetime | None
    errors: list[str]

    @classmethod
    def of(cls, number: int, found: Found, text: str, errors: list[str]) -> "SpanRow":
        span, decision = found.span, found.decision
        return cls(
            number=number,
            key=found.key,
            field=str(found.field.label),
            type=str(PersonalType(span.type).label),
            left=text[max(span.start - AROUND, 0) : span.start],
            found=span.text,
            right=text[span.end : span.end + AROUND],
            becomes=found.replacement,
            proposed=found.replacement_for(RedactionChoice.ACCEPT, ""),
            kept=found.mark == Mark.KEPT,
            choice=decision.decision if decision else "",
            words=(decision.reason or decision.replacement) if decision and decision.decision != RedactionChoice.ACCEPT else "",
            who=decision.by.get_full_name() if decision else "",
            at=decision.at if decision else None,
            errors=errors,
        )


def span_rows(confirmed: Confirmed, errors: dict[str, list[str]]) -> list[SpanRow]:
    """Every place found, in the order of the texts."""
    return [
        SpanRow.of(place, found, confirmed.texts[found.field], errors.get(found.key, []))
        for place, found in enumerate(confirmed.found, start=1)
    ]


@dataclass(frozen=True)
class Side:
    """One public text: what is typed, and its pieces before and after."""

    name: str
    label: str
    pieces: list[Piece]


def sides(confirmed: Confirmed) -> list[Side]:
    """The public texts with their marks."""
    return [Side(field.value, str(field.label), confirmed.pieces(field)) for field in confirmed.texts]


@dataclass(frozen=True)
class Check:
    """What is looked at before sending. ``stops``: nothing goes out as long as it is not so."""

    fine: bool
    text: str
    stops: bool = False


def checks(case: Case, text: str, confirmed: Confirmed | None, assisting: Sequence[str]) -> list[Check]:
    """What should be so before a reply is submitted; ``assisting``: the units whose opinion is not there yet."""
    found = [Check(bool(text.strip()), _("There is a reply to the petitioner"), stops=True)]
    if assisting:
        names = pgettext("between names", ", ").join(assisting)
        found.append(
            Check(False, _("No opinion yet from: %(units)s. Say in the reply why you do not wait.") % {"units": names})
        )
    else:
        found.append(Check(True, _("No opinion of an assisting unit is outstanding")))
    if confirmed is None:
        why = _("The answer is not published: nothing needs to be taken out") if not may_be_published(case) else ""
        return [*found, Check(True, why)] if why else found
    left = len(confirmed.open)
    if left:
        words = ngettext("%(n)d place is not confirmed yet", "%(n)d places are not confirmed yet", left) % {"n": left}
        return [*found, Check(False, words, stops=True)]
    return [*found, Check(True, _("Everything personal that was found is confirmed"))]


def outstanding_units(case: Case) -> list[str]:
    """The assisting units that still owe their opinion."""
    waiting = (AssignmentState.WAITING, AssignmentState.SIGNED)
    rows = case.assignments.filter(part=Part.ASSISTING, state__in=waiting).select_related("unit")
    return [row.unit.short_name for row in rows]


def opinions_of(case: Case, *kinds: EntryKind) -> list[CaseEntry]:
    """What was said of ``kinds``, the latest first."""
    return list(case.entries.filter(kind__in=kinds).select_related("author", "unit").order_by("-id"))


@dataclass(frozen=True)
class Difference:
    """A version of the reply set against the one before: stretches that stayed, went or came."""

    revision: int
    before: int
    who: str
    at: datetime.datetime
    pieces: list[tuple[str, str]]


def differences(case: Case) -> list[Difference]:
    """The last versions, each against its predecessor, the latest first."""
    drafts = list(case.drafts.select_related("author").order_by("-revision")[: MOST_COMPARED + 1])
    return [_difference(new, old) for new, old in itertools.pairwise(drafts)]


def _difference(new: ReplyDraft, old: ReplyDraft) -> Difference:
    return Difference(new.revision, old.revision, new.author.get_full_name(), new.at, compared(old.text, new.text))


def compared(old: str, new: str) -> list[tuple[str, str]]:
    """Stretches as (``same`` | ``gone`` | ``new``, text), sentence by sentence."""
    before, after = _sentences(old), _sentences(new)
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[a:b])))
            continue
        if b > a:
            pieces.append(("gone", "".join(before[a:b])))
        if d > c:
            pieces.append(("new", "".join(after[c:d])))
    return pieces


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。；！？，\n])", text) if part]


@dataclass(frozen=True)
class DecisionRow:
    """A confirmation of the past; what was found is not said again."""

    purpose: str
    field: str
    type: str
    choice: str
    words: str
    who: str
    at: datetime.datetime
    superseded: bool


def decision_history(case: Case) -> list[DecisionRow]:
    """All confirmations of the case, the latest first; each submitted text names its own."""
    rows = RedactionDecision.objects.filter(case=case).select_related("by").order_by("-id")[:200]
    return [
        DecisionRow(
            purpose=str(row.get_purpose_display()),
            field=str(RedactionField(row.field).label),
            type=str(PersonalType(row.type).label),
            choice=str(RedactionChoice(row.decision).label),
            words=row.reason or row.replacement,
            who=row.by.get_full_name(),
            at=row.at,
            superseded=row.superseded_at is not None,
        )
        for row in rows
    ]
