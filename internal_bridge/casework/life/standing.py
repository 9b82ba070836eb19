"""How a limit stands, for everybody who asks: citizen, handler, head, inspector, pages and programs."""

import datetime
from typing import Any

from core.workdays import local_date
from internal_bridge.casework.enums import OPEN
from internal_bridge.casework.life.timing import PAUSED_STAGES
from internal_bridge.casework.models import Case, CaseClock
from internal_bridge.policies.enums import PUBLIC_STAGE, Light, Stage
from internal_bridge.policies.services import light_of


def clock_state(case: Case, clock: CaseClock, today: datetime.date) -> str:
    """``running``, ``paused``, ``met`` or ``overdue`` (11, deadlines)."""
    if is_paused(case, clock):
        return "paused"
    last = local_date(clock.stopped_at) if clock.stopped_at else today
    if last > clock.due_on:
        return "overdue"
    return "met" if clock.stopped_at else "running"


def is_paused(case: Case, clock: CaseClock) -> bool:
    """Whether ``clock`` stands still for now: then it has no light and is not overdue."""
    return case.paused_at is not None and clock.stopped_at is None and clock.stage in PAUSED_STAGES


def case_light(case: Case, today: datetime.date) -> Light:
    """The light of the limit that binds the case."""
    return light_of(case.due_on, today=today, paused=case.paused_at is not None, ended=case.state not in OPEN)


def deadlines_of(case: Case, today: datetime.date) -> list[dict[str, Any]]:
    """What the citizen is told of all limits, as case.status/1.json has them."""
    shown = []
    for clock in case.clocks.filter(assignment=None, dropped=False):
        stage = PUBLIC_STAGE.get(Stage(clock.stage))
        if stage is not None:
            shown.append(
                {
                    "stage": stage.value,
                    "due": clock.due_on.isoformat(),
                    "basis": clock.basis,
                    "state": clock_state(case, clock, today),
                    "explanation": clock.explanation,
                }
            )
    return shown
