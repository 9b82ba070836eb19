"""What pages show of cases."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.enums import PetitionKind
from core.models import User
from core.presenters import Count
from core.workdays import local_date
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.querysets import CaseQuerySet

OLDEST_SHOWN = 10
ANSWERED_SHOWN = 5

# What a row shows. Letters and sealed submissions stay in the database.
ROW_FIELDS = ["number", "register_year", "register_number", "kind", "state", "title", "received_at", "answered_at", "urgent"]

STATE_LOOKS = {
    CaseState.REGISTERED: "plan",
    CaseState.ACCEPTED: "plan",
    CaseState.RETURNING: "soon",
    CaseState.ANSWERED: "done",
    CaseState.CLOSED: "done",
}


@dataclass(frozen=True)
class View:
    """A saved view of the list."""

    label: str
    url: str
    count: Count
    current: bool


@dataclass(frozen=True)
class CaseRow:
    """A case in a list."""

    number: str
    url: str
    title: str
    register: str
    kind: str
    state: str
    look: str
    received_at: datetime.datetime
    answered_at: datetime.datetime | None
    urgent: bool

    @classmethod
    def of(cls, case: Case) -> "CaseRow":
        return cls(
            number=case.number,
            url=reverse("casework:detail", args=[case.number]),
            title=case.title,
            register=case.register_label,
            kind=str(PetitionKind(case.kind).label),
            state=str(CaseState(case.state).label),
            look=STATE_LOOKS.get(CaseState(case.state), ""),
            received_at=case.received_at,
            answered_at=case.answered_at,
            urgent=case.urgent,
        )

    @property
    def waited(self) -> str:
        """How long it has been here, in calendar days of Beijing time."""
        days = (local_date(timezone.now()) - local_date(self.received_at)).days
        if days < 1:
            return _("Received today")
        return ngettext("Waiting for %(days)d day", "Waiting for %(days)d days", days) % {"days": days}


@dataclass(frozen=True)
class DeskSummary:
    """What the desk says about cases."""

    registered: Count
    answered: Count
    all: Count
    oldest: list[CaseRow]
    lately_answered: list[CaseRow]


def case_count(person: User) -> Count:
    """How many cases wait for an answer, as far as ``person`` may know."""
    return Count.of(Case.objects.visible_to(person).filter(state=CaseState.REGISTERED))


def case_views(person: User, chosen: str) -> list[View]:
    """The saved views of the list with their counts; ``chosen`` is a state or empty for all."""
    cases = Case.objects.visible_to(person)
    address = reverse("casework:list")
    views = [("", _("All")), (CaseState.REGISTERED, _("To answer")), (CaseState.ANSWERED, _("Answered"))]
    return [
        View(
            label=label,
            url=f"{address}?state={state}" if state else address,
            count=Count.of(cases.filter(state=state) if state else cases),
            current=state == chosen,
        )
        for state, label in views
    ]


def listed(cases: CaseQuerySet) -> CaseQuerySet:
    """``cases`` with only what a row shows."""
    return cases.only(*ROW_FIELDS)


def desk_summary(person: User) -> DeskSummary:
    """The desk's figures and short lists; five queries."""
    cases = Case.objects.visible_to(person)
    waiting = cases.filter(state=CaseState.REGISTERED)
    answered = cases.filter(state=CaseState.ANSWERED)
    return DeskSummary(
        registered=Count.of(waiting),
        answered=Count.of(answered),
        all=Count.of(cases),
        oldest=[CaseRow.of(case) for case in listed(waiting).order_by("received_at", "pk")[:OLDEST_SHOWN]],
        lately_answered=[CaseRow.of(case) for case in listed(answered).order_by("-answered_at", "-pk")[:ANSWERED_SHOWN]],
    )
