"""主办与协办: the units of a case, each with its own state, handler and limit."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.workdays import local_date
from internal_bridge.casework.enums import PRESENT, AssignmentState, Part
from internal_bridge.casework.models import Case, CaseAssignment, CaseClock
from internal_bridge.casework.presenters.limits import paused_since
from internal_bridge.policies.enums import DayKind, Stage
from internal_bridge.policies.presenters import DueText, due_words

# Which limit binds a unit, by what is to be done next.
BINDING = {AssignmentState.WAITING: Stage.SIGN, AssignmentState.SIGNED: Stage.ASSIST, AssignmentState.RETURNING: Stage.ASSIST}


@dataclass(frozen=True)
class UnitRow:
    """A unit that has, or had, the case."""

    name: str
    part: str
    is_lead: bool
    state: str
    handler: str
    since: datetime.datetime
    due: DueText | None
    gone: bool


def unit_rows(
    case: Case, assignments: Iterable[CaseAssignment], clocks: Iterable[CaseClock], case_due: DueText, today: datetime.date
) -> list[UnitRow]:
    """Those that have it first, the lead before the others; then those that had it."""
    limits = {(clock.assignment_id, clock.stage): clock for clock in clocks if not clock.stopped_at}
    rows = [_row(case, held, limits, case_due, today) for held in assignments]
    return sorted(rows, key=lambda row: (row.gone, not row.is_lead, row.since))


def _row(
    case: Case,
    held: CaseAssignment,
    limits: dict[tuple[int | None, str], CaseClock],
    case_due: DueText,
    today: datetime.date,
) -> UnitRow:
    state = AssignmentState(held.state)
    lead = held.part == Part.LEAD
    due = None
    if state == AssignmentState.DONE and held.done_at:
        words = _("Reply given") if lead else _("Opinion given")
        due = DueText(words, "done", local_date(held.done_at).strftime("%m-%d"))
    elif state in PRESENT:
        clock = limits.get((held.pk, BINDING[state]))
        if clock:
            due = due_words(
                clock.due_on,
                today=today,
                day_kind=clock.day_kind or DayKind.WORKING,
                paused_since=paused_since(case, clock),
            )
        elif lead:
            due = case_due
    return UnitRow(
        name=held.unit.short_name,
        part=str(Part(held.part).label),
        is_lead=lead,
        state=str(state.label),
        handler=held.handler.name if held.handler else "",
        since=held.assigned_at,
        due=due,
        gone=state not in PRESENT,
    )
