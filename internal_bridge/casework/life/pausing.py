"""暂停计时: what waits for others does not run. The rows are the truth, ``Case.paused_at`` repeats the open one for lists."""

import datetime

from core.workdays import local_date
from internal_bridge.casework.enums import LONGEST_PAUSE, PauseReason
from internal_bridge.casework.models import Case, CasePause


def begin_pause(case: Case, at: datetime.datetime, reason: PauseReason) -> CasePause:
    """Let the answer's limit and those of assisting units stand still from the day after ``at``."""
    case.paused_at = at
    until = pause_until(at, reason)
    return CasePause.objects.create(case=case, round=case.round, reason=reason, begun_at=at, until=until)


def pause_until(at: datetime.datetime, reason: PauseReason) -> datetime.date | None:
    """The last day of a pause that begins at ``at``; None: it lasts as long as its reason."""
    longest = LONGEST_PAUSE.get(reason)
    return local_date(at) + datetime.timedelta(days=longest) if longest else None


def end_pause(case: Case, at: datetime.datetime) -> int:
    """End the pause that is open, if one is; how many days it leaves out.

    A pause that may last until some day has ended with that day, even if the clock, or whoever resumes, comes later.
    """
    case.paused_at = None
    pause = case.pauses.filter(ended_at=None).first()
    if pause is None:
        return 0
    pause.ended_at = at
    pause.last_on = min(local_date(at), pause.until or datetime.date.max)
    pause.save(update_fields=["ended_at", "last_on"])
    return (pause.last_on - local_date(pause.begun_at)).days
