"""A limit counted again from its own start: its rule, its extension, a pause that has ended or the calendar is another one now.

A limit whose date moves is dropped and followed by a new one, so that the case shows every date it ever had; one whose date
stays keeps its row, and with it what the clock has said of it.
"""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from core.workdays import Pause, local_date
from internal_bridge.casework.enums import WITH_UNIT
from internal_bridge.casework.life.timing import CASE_STAGES, UNIT_STAGES, new_clock, pauses_of, rule_of, rules_for, show_limit
from internal_bridge.casework.models import Case, CaseClock
from internal_bridge.policies.enums import Stage, StartEvent
from internal_bridge.policies.services import PolicyRule

# What else may differ without the date being another one.
REFRESHED = ("basis", "days", "day_kind", "provisional", "explanation", "expedited_on", "calendar_edition")
# What had to be assumed of the holidays of a year is known now.
ANNOUNCED: dict[str, Any] = {"code": "calendar_announced", "params": {}}


@dataclasses.dataclass(frozen=True)
class Moved:
    """A limit that has another date now."""

    stage: str
    unit: str
    old: datetime.date
    new: datetime.date

    @property
    def params(self) -> dict[str, Any]:
        """As an event keeps it."""
        plain = {"stage": self.stage, "old": self.old.isoformat(), "new": self.new.isoformat()}
        return plain | ({"unit": self.unit} if self.unit else {})


def recount_answer(
    case: Case, at: datetime.datetime, *, extra_days: int | None = None, pauses: Sequence[Pause] | None = None
) -> None:
    """Count the answer's limit again from its start, after its rule, its urgency, its extension or its pauses have changed.

    Who knows the case's ``pauses`` may give them.
    """
    clock = case.clocks.filter(stage=Stage.ANSWER, stopped_at=None).first()
    rule = rule_of(case, Stage.ANSWER)
    if clock is None or rule is None:
        return
    pauses = pauses_of(case) if pauses is None else pauses
    _again(clock, rule, at, pauses, extra_days=extra_days)
    show_limit(case)
    _follow_the_answer(case, at, pauses)


def recount_case(case: Case, at: datetime.datetime, begun: dict[StartEvent, datetime.date]) -> None:
    """Count all limits of the whole case again that still run, by its rules as they are now; what was met stays met.

    ``begun`` has the dates of the events that have happened. In a later round the answer's limit keeps its start. An extension
    is kept as far as the rule that holds now allows one.
    """
    clocks = list(case.clocks.filter(assignment=None, dropped=False))
    running = {clock.stage: clock for clock in clocks if clock.stopped_at is None}
    met = {clock.stage for clock in clocks if clock.stopped_at is not None} - set(running)
    pauses = pauses_of(case)
    for stage, rule in rules_for(case).items():
        start = begun.get(StartEvent(rule.starts_at))
        if stage not in CASE_STAGES or stage in met or start is None:
            continue
        before = running.pop(stage, None)
        if before is None:
            new_clock(case, rule, start, marked_on=local_date(at), pauses=pauses).save()
            continue
        if case.round > 1:
            start = before.started_on
        _again(before, rule, at, pauses, start=start, extra_days=min(before.extra_days, rule.extension_days))
    # What the rules of now have no limit for, or not yet.
    case.clocks.filter(pk__in=[clock.pk for clock in running.values()]).update(stopped_at=at, dropped=True)
    show_limit(case)
    _recount_units(case, at, pauses)


def recount_by_calendar(case: Case, at: datetime.datetime) -> list[Moved]:
    """Count every limit of ``case`` that runs again by the calendar as it is now; those whose date moved."""
    # Its date is part of the assisting units' limits, which come after it.
    clocks = list(case.clocks.filter(stopped_at=None).select_related("assignment__unit").order_by("assignment", "pk"))
    clocks.sort(key=lambda clock: clock.assignment_id is not None)
    moved, pauses = [], pauses_of(case)
    for clock in clocks:
        rule = rule_of(case, Stage(clock.stage))
        if rule is None:
            continue
        now = _again(clock, rule, at, pauses)
        if clock.assignment_id is None:
            show_limit(case)
        if now.due_on != clock.due_on:
            unit = clock.assignment.unit.code if clock.assignment else ""
            moved.append(Moved(clock.stage, unit, clock.due_on, now.due_on))
    return moved


def restart_answer(case: Case, on: datetime.date) -> None:
    """A case that is handled again has the answer's whole limit from ``on``."""
    if rule := rule_of(case, Stage.ANSWER):
        new_clock(case, rule, on).save()
    show_limit(case)


def _recount_units(case: Case, at: datetime.datetime, pauses: Sequence[Pause]) -> None:
    """The limits of the units that have the case, by its rules as they are now; a right to recall stays as it is (04)."""
    if case.state not in WITH_UNIT:
        return
    for clock in case.clocks.filter(stopped_at=None, stage__in=UNIT_STAGES - {Stage.RECALL}).select_related("assignment"):
        rule = rule_of(case, Stage(clock.stage))
        if rule is None:
            clock.stopped_at, clock.dropped = at, True
            clock.save(update_fields=["stopped_at", "dropped"])
        else:
            _again(clock, rule, at, pauses)


def _follow_the_answer(case: Case, at: datetime.datetime, pauses: Sequence[Pause]) -> None:
    """The opinion of an assisting unit is due before the answer, wherever that goes."""
    rule = rule_of(case, Stage.ASSIST)
    if rule is None or case.state not in WITH_UNIT:
        return
    for clock in case.clocks.filter(stage=Stage.ASSIST, stopped_at=None).select_related("assignment"):
        _again(clock, rule, at, pauses)


def _again(
    clock: CaseClock,
    rule: PolicyRule,
    at: datetime.datetime,
    pauses: Sequence[Pause],
    *,
    start: datetime.date | None = None,
    extra_days: int | None = None,
) -> CaseClock:
    """The limit as it is now: the same row, or the one that follows it."""
    now = new_clock(
        clock.case,
        rule,
        start or clock.started_on,
        clock.assignment,
        extra_days=clock.extra_days if extra_days is None else extra_days,
        marked_on=clock.expedited_on or local_date(at),
        pauses=pauses,
    )
    if not now.provisional and (clock.provisional or ANNOUNCED in clock.explanation):
        now.explanation.append(ANNOUNCED)
    same = ("due_on", "started_on", "extra_days")
    if [getattr(now, name) for name in same] == [getattr(clock, name) for name in same]:
        if any(getattr(now, name) != getattr(clock, name) for name in REFRESHED):
            for name in REFRESHED:
                setattr(clock, name, getattr(now, name))
            clock.save(update_fields=REFRESHED)
        return clock
    clock.stopped_at, clock.dropped = at, True
    clock.save(update_fields=["stopped_at", "dropped"])
    now.save()
    return now
