"""What pages show of cases."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from core.enums import PetitionKind
from core.models import User
from core.presenters import Count
from core.workdays import local_date
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.casework.queue.standing import StandingView, cases_in, standing_views

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


# The views that the desk shows as figures, as far as the person's roles have them, and what it says below each.
ON_THE_DESK = {
    "to_decide": pgettext_lazy("view", "Accept, refuse or point elsewhere"),
    "to_dispatch": pgettext_lazy("view", "Accepted, no unit yet"),
    "to_sign": pgettext_lazy("view", "Given to your unit"),
    "in_hand": pgettext_lazy("view", "Until the reply is drafted"),
    "under_review": pgettext_lazy("view", "For the head of the unit"),
    "due_today": pgettext_lazy("view", "Until 24:00"),
    "overdue": pgettext_lazy("view", "Past their limit"),
    "returns": pgettext_lazy("view", "Units wait for your word"),
    "to_check": pgettext_lazy("view", "Before they go out"),
    "assisting": pgettext_lazy("view", "An opinion is asked for"),
}


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


@dataclass(frozen=True)
class Figure:
    """A number of cases on the desk, and the view that lists them."""

    label: str
    url: str
    value: Count
    hint: str
    look: str


@dataclass(frozen=True)
class DeskSummary:
    """What the desk says about cases."""

    figures: list[Figure]
    lately_answered: list[CaseRow]


def case_count(person: User) -> Count:
    """How many cases are under way, as far as ``person`` may know."""
    return Count.of(Case.objects.visible_to(person).under_way())


def listed(cases: CaseQuerySet) -> CaseQuerySet:
    """``cases`` with only what a row shows."""
    return cases.only(*ROW_FIELDS)


def desk_summary(person: User) -> DeskSummary:
    """The figures of the person's roles, one query each, and what was lately answered."""
    today = local_date(timezone.now())
    views = {view.code: view for view in standing_views(person)}
    answered = Case.objects.visible_to(person).filter(state=CaseState.ANSWERED) if views else Case.objects.none()
    return DeskSummary(
        figures=[_figure(views[code], person, today) for code in ON_THE_DESK if code in views],
        lately_answered=[CaseRow.of(case) for case in listed(answered).order_by("-answered_at", "-pk")[:ANSWERED_SHOWN]],
    )


def _figure(view: StandingView, person: User, today: datetime.date) -> Figure:
    count = Count.of(cases_in(view, person, today))
    url = f"{reverse('casework:list')}?view={view.code}"
    return Figure(str(view.label), url, count, str(ON_THE_DESK[view.code]), view.look if count else "")
