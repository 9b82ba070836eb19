"""The views that the roles have: which cases wait for whom to do what, and in which order they are read."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from core.models import User
from core.workdays import next_working_day
from internal_bridge.casework.enums import OPEN, WITH_UNIT, AssignmentState, CaseState, Part
from internal_bridge.casework.life.waiting import APP
from internal_bridge.casework.models import Case, CaseAssignment
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of, units_of
from internal_bridge.policies.enums import Light
from internal_bridge.workflow.services import WorkItem

BY_DUE, BY_RECEIPT = "due", "-received_at"
ASKED_OF_ASSISTING = (AssignmentState.WAITING, AssignmentState.SIGNED, AssignmentState.RETURNING)
Narrow = Callable[[CaseQuerySet, User, datetime.date], CaseQuerySet]


@dataclass(frozen=True)
class StandingView:
    """A view that everybody of a role has. ``look`` is how its count is shown when there is something in it."""

    code: str
    label: Promise
    narrow: Narrow
    order: str = BY_DUE
    look: str = ""
    # What a view that is empty means: there is nothing left to do, or just nothing there.
    cleared: bool = True


def cases_in(view: StandingView, person: User, today: datetime.date) -> CaseQuerySet:
    """The cases of ``view`` that ``person`` may know of."""
    return view.narrow(Case.objects.visible_to(person), person, today)


def standing_views(person: User) -> list[StandingView]:
    """The views of the roles that ``person`` holds, each once; the first is the one to begin with."""
    held = roles_of(person).roles
    codes = [code for role, wanted in BY_ROLE.items() if role in held for code in wanted]
    return [VIEWS[code] for code in dict.fromkeys(codes)]


def of_light(light: str, today: datetime.date) -> Q:
    """The condition of a light, as ``policies.light_of`` shows it."""
    tomorrow = next_working_day(today)
    going = Q(state__in=sorted(OPEN), paused_at=None, due_on__isnull=False)
    return {
        Light.RED: going & Q(due_order__lt=today),
        Light.YELLOW: going & Q(due_order__gte=today, due_order__lte=tomorrow),
        Light.GREEN: going & Q(due_order__gt=tomorrow),
        Light.NONE: ~going,
    }[Light(light)]


def _state(*states: CaseState) -> Narrow:
    return lambda cases, person, today: cases.filter(state__in=states) if len(states) > 1 else cases.filter(state=states[0])


def _due_today(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    return cases.under_way().filter(due_order=today, paused_at=None)


def _overdue(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    return cases.under_way().filter(due_order__lt=today, paused_at=None)


def _returns(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    """A lead's wish to give the case back is the case's state, an assisting unit's only its own."""
    assisting = CaseAssignment.objects.filter(state=AssignmentState.RETURNING).values("case")
    return cases.filter(pk__in=assisting, state__in=sorted(WITH_UNIT))


def _withdrawals(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    return cases.under_way().filter(withdrawal_asked_at__isnull=False)


def _claimed(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    taken = WorkItem.objects.open().filter(app=APP, claimed_by__user=person)
    return cases.filter(uid__in=taken.values("source"))


def _under_way(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    return cases.under_way()


def _over(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    """In the words of the index ``case_over_newest``."""
    return cases.exclude(state__in=sorted(OPEN))


def _all(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    return cases


def _to_sign(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    waiting = _own(person, state=AssignmentState.WAITING)
    return cases.filter(pk__in=waiting, state__in=sorted(WITH_UNIT))


def _lead(state: CaseState) -> Narrow:
    return lambda cases, person, today: cases.filter(state=state, lead_unit__in=_own_units(person))


def _assisting(cases: CaseQuerySet, person: User, today: datetime.date) -> CaseQuerySet:
    asked = _own(person, part=Part.ASSISTING, state__in=ASKED_OF_ASSISTING)
    return cases.filter(pk__in=asked, state__in=sorted(WITH_UNIT))


def _own(person: User, **wanted: Any) -> Any:
    """The cases that one of the person's units has in this way."""
    return CaseAssignment.objects.filter(unit__in=_own_units(person), **wanted).values("case")


def _own_units(person: User) -> Any:
    return (units_of(person, Role.HANDLER) | units_of(person, Role.HEAD)).values("pk")


VIEWS = {
    view.code: view
    for view in (
        StandingView(
            "under_way",
            pgettext_lazy("view", "Under way"),
            _under_way,
        ),
        StandingView(
            "to_decide",
            pgettext_lazy("view", "To decide"),
            _state(CaseState.REGISTERED),
        ),
        StandingView(
            "to_dispatch",
            pgettext_lazy("view", "To dispatch"),
            _state(CaseState.ACCEPTED),
        ),
        StandingView("due_today", pgettext_lazy("view", "Due today"), _due_today, look="soon"),
        StandingView("overdue", pgettext_lazy("view", "Overdue"), _overdue, look="over"),
        StandingView(
            "returns",
            pgettext_lazy("view", "Returns to decide"),
            _returns,
        ),
        StandingView(
            "to_check",
            pgettext_lazy("view", "Replies to check"),
            _state(CaseState.CHECKING),
        ),
        StandingView("withdrawals", pgettext_lazy("view", "Withdrawals"), _withdrawals),
        StandingView("claimed", pgettext_lazy("view", "Claimed by me"), _claimed),
        StandingView("to_sign", pgettext_lazy("view", "To sign for"), _to_sign),
        StandingView(
            "in_hand",
            pgettext_lazy("view", "Being handled"),
            _lead(CaseState.IN_PROGRESS),
        ),
        StandingView(
            "under_review",
            pgettext_lazy("view", "Under review"),
            _lead(CaseState.DRAFTED),
        ),
        StandingView("assisting", pgettext_lazy("view", "Assisting"), _assisting),
        StandingView("ended", pgettext_lazy("view", "Ended"), _over, order=BY_RECEIPT, cleared=False),
        StandingView("all", pgettext_lazy("view", "All"), _all, order=BY_RECEIPT, cleared=False),
    )
}
OF_UNITS = ("under_way", "to_sign", "in_hand", "under_review", "due_today", "overdue", "assisting", "claimed", "ended", "all")
BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.DISPATCHER: (
        *("under_way", "to_decide", "to_dispatch", "due_today", "overdue", "returns", "to_check", "withdrawals", "claimed"),
        *("ended", "all"),
    ),
    Role.HANDLER: OF_UNITS,
    Role.HEAD: OF_UNITS,
    Role.INSPECTOR: ("overdue", "due_today", "returns", "under_way", "ended", "all"),
}
