"""Reminders, urgings and follow-ups: each once for a limit, written with its effect, in the hours in which offices work.

What is late because nothing swept (an outage, a weekend) is issued once, in the order of the days for which it was meant. A
reminder of a limit that has meanwhile passed would tell people what is not so any more: the urging takes its place.
"""

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.events import NewEvent, record_events
from core.workdays import BEIJING, ONE_DAY, is_working_day, local_date, next_working_day, previous_working_day
from internal_bridge.casework.enums import CaseState, NoticeKind, Step
from internal_bridge.casework.life.timing import PAUSED_STAGES
from internal_bridge.casework.life.waiting import desks_of, source_of
from internal_bridge.casework.models import CaseClock, ClockNotice
from internal_bridge.org.enums import Role
from internal_bridge.org.services import Unit
from internal_bridge.policies.enums import Stage
from internal_bridge.workflow.enums import ItemKind
from internal_bridge.workflow.services import NewItem, ToRole, open_items

__all__ = ["BATCH", "RULES", "issue_notices", "offices_are_open"]

BATCH = 500
# So much in one sweep; the next one goes on.
MOST_BATCHES = 20
# Where the answer lies with the dispatchers, though a unit has the case.
AT_THE_DESK = frozenset({CaseState.RETURNING, CaseState.CHECKING})
FIELDS = (
    *("stage", "due_on", "case__uid", "case__state", "case__round", "case__lead_unit", "case__paused_at"),
    *("assignment__unit", "case__expedited"),
)

To = Callable[[CaseClock, Unit], Iterable[ToRole]]


@dataclasses.dataclass(frozen=True)
class Rule:
    """Of which limits the clock speaks, when, as what, and to whom."""

    kind: NoticeKind
    stages: frozenset[Stage]
    step: Step
    to: To
    event: str

    def due(self, today: datetime.date) -> Q:
        """The limits of which it is time to speak on ``today``."""
        if self.kind == NoticeKind.REMINDER:
            # As long as the light is yellow: from one working day before the last day on.
            return Q(due_on__gte=today, due_on__lte=next_working_day(today))
        return Q(due_on__lte=today) if self.kind == NoticeKind.FOLLOW_UP else Q(due_on__lt=today)

    def meant_for(self, due_on: datetime.date) -> datetime.date:
        """The day for which the notice on a limit is meant (04: one working day before, the day after)."""
        if self.kind == NoticeKind.REMINDER:
            return previous_working_day(due_on)
        return due_on if self.kind == NoticeKind.FOLLOW_UP else due_on + ONE_DAY


def _who_answers(clock: CaseClock, desk: Unit) -> Iterator[ToRole]:
    """Handler and head of the lead unit; the dispatchers where it lies with them."""
    case = clock.case
    if case.lead_unit is not None:
        yield from (ToRole(role, case.lead_unit) for role in (Role.HANDLER, Role.HEAD))
    if case.lead_unit is None or case.state in AT_THE_DESK:
        yield ToRole(Role.DISPATCHER, desk)


def _the_desk(_clock: CaseClock, desk: Unit) -> Iterator[ToRole]:
    yield ToRole(Role.DISPATCHER, desk)


def _the_head(clock: CaseClock, _desk: Unit) -> Iterator[ToRole]:
    unit = clock.assignment.unit if clock.assignment else clock.case.lead_unit
    if unit is not None:
        yield ToRole(Role.HEAD, unit)


def _the_unit(clock: CaseClock, desk: Unit) -> Iterator[ToRole]:
    for head in _the_head(clock, desk):
        yield from (ToRole(Role.HANDLER, head.unit), head)


RULES = (
    Rule(NoticeKind.URGING, frozenset({Stage.DISPATCH}), Step.DISPATCH_LATE, _the_desk, "limit_passed"),
    Rule(NoticeKind.URGING, frozenset({Stage.SIGN, Stage.NOTICE}), Step.SIGN_LATE, _the_head, "limit_passed"),
    Rule(NoticeKind.URGING, frozenset({Stage.ASSIST}), Step.OPINION_LATE, _the_unit, "limit_passed"),
    Rule(NoticeKind.URGING, frozenset({Stage.ANSWER}), Step.LIMIT_PASSED, _who_answers, "limit_passed"),
    Rule(NoticeKind.URGING, frozenset({Stage.REVIEW}), Step.REVIEW_LATE, _the_desk, "limit_passed"),
    Rule(NoticeKind.REMINDER, frozenset({Stage.ANSWER}), Step.LIMIT_NEAR, _who_answers, "limit_near"),
    Rule(NoticeKind.FOLLOW_UP, frozenset({Stage.FOLLOW_UP}), Step.FOLLOW_UP, _the_desk, "follow_up_due"),
)


def offices_are_open(at: datetime.datetime) -> bool:
    """Whether somebody is told of anything at ``at``: on working days, in the hours of ``SERVICE_HOURS`` (Beijing)."""
    local = at.astimezone(BEIJING)
    first, last = settings.SERVICE_HOURS
    return is_working_day(local.date()) and first <= local.time() < last


def issue_notices() -> int:
    """Issue what is due, in batches; how many notices that were. Nothing outside service hours."""
    at = timezone.now()
    if not offices_are_open(at):
        return 0
    issued = 0
    for rule in RULES:
        for _batch in range(MOST_BATCHES):
            found = _issue(rule, at)
            issued += found
            if found < BATCH:
                break
    return issued


def _issue(rule: Rule, at: datetime.datetime) -> int:
    """The next batch of ``rule``: notices, events and items to read in one transaction; as many statements for any number."""
    with transaction.atomic():
        # Another sweep's limits are left to it. What it has said of the rest until we got them, its rows tell.
        clocks = {
            clock.pk: clock for clock in _due(rule, local_date(at)).select_for_update(of=("self",), skip_locked=True)[:BATCH]
        }
        for pk in ClockNotice.objects.filter(clock__in=clocks, kind=rule.kind).values_list("clock", flat=True):
            del clocks[pk]
        rows = list(clocks.values())
        if not rows:
            return 0
        ClockNotice.objects.bulk_create(
            ClockNotice(clock=clock, kind=rule.kind, due_on=rule.meant_for(clock.due_on), issued_at=at) for clock in rows
        )
        record_events(_event(rule, clock, at) for clock in rows)
        desks = desks_of([clock.case for clock in rows])
        open_items([item for clock in rows for item in _items(rule, clock, desks[clock.case_id])], at=at)
        if rule.kind == NoticeKind.FOLLOW_UP:
            # Nobody has to report the call: with the notice its limit has done what it is for.
            CaseClock.objects.filter(pk__in=clocks).update(stopped_at=at, dropped=True)
    return len(rows)


def _due(rule: Rule, today: datetime.date) -> QuerySet[CaseClock]:
    said = ClockNotice.objects.filter(clock=OuterRef("pk"), kind=rule.kind)
    due = CaseClock.objects.filter(rule.due(today), ~Exists(said), stage__in=sorted(rule.stages), stopped_at=None)
    if rule.stages & PAUSED_STAGES:
        due = due.filter(case__paused_at=None)
    return due.select_related("case__lead_unit", "assignment__unit").order_by("due_on", "pk")


def _event(rule: Rule, clock: CaseClock, at: datetime.datetime) -> NewEvent:
    params = {"stage": clock.stage, "due": clock.due_on.isoformat()}
    if clock.assignment is not None:
        params["unit"] = clock.assignment.unit.code
    return NewEvent(subject=clock.case.subject, name=rule.event, params=params, at=at)


def _items(rule: Rule, clock: CaseClock, desk: Unit) -> Iterator[NewItem]:
    for to in rule.to(clock, desk):
        yield NewItem(
            source=source_of(clock.case),
            step=rule.step,
            to=to,
            due_on=None if rule.kind == NoticeKind.FOLLOW_UP else clock.due_on,
            kind=ItemKind.READ,
            round=clock.case.round,
            urgent=clock.case.expedited,
        )
