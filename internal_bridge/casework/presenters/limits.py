"""期限: every limit of a case with stage, basis, date, state, and how the date was found, in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.explaining import basis_text
from core.strips import Strip
from core.workdays import local_date, previous_working_day
from internal_bridge.casework.life.standing import is_paused
from internal_bridge.casework.models import Case, CaseClock
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.presenters import DueText, days_words, due_words, explain


@dataclass(frozen=True)
class LimitRow:
    """One limit."""

    stage: str
    of: str
    limit: str
    basis: str
    due_on: datetime.date
    due: DueText
    explanation: str
    dropped: bool
    running: bool
    strip: Strip | None = None


def limit_rows(case: Case, clocks: Iterable[CaseClock], today: datetime.date) -> list[LimitRow]:
    """The limits that run, then those that were met, then those that no longer apply; the answer first among its like."""
    ranked = sorted(clocks, key=_rank)
    # The first that runs is the one that binds: its days are drawn.
    drawn = next((clock for clock in ranked if clock.stopped_at is None and not clock.dropped), None)
    return [_row(case, clock, today, drawn=clock is drawn) for clock in ranked]


def explained(steps: Iterable[dict[str, Any]]) -> str:
    """The steps of a calculation as running text, as the petitioner reads them."""
    # Chinese sentences follow each other without a space.
    space = "" if (get_language() or "").startswith("zh") else " "
    return space.join(explain(steps))


def paused_since(case: Case, clock: CaseClock) -> datetime.date | None:
    """Since when ``clock`` stands still; None when it does not."""
    return local_date(case.paused_at) if case.paused_at and is_paused(case, clock) else None


def _rank(clock: CaseClock) -> tuple[bool, bool, bool, datetime.date, int]:
    return (clock.dropped, bool(clock.stopped_at), clock.stage != Stage.ANSWER, clock.due_on, clock.pk)


def _row(case: Case, clock: CaseClock, today: datetime.date, *, drawn: bool) -> LimitRow:
    limit = days_words(clock.days, clock.day_kind)
    if clock.extra_days:
        limit = _("%(limit)s, extended by %(days)d") % {"limit": limit, "days": clock.extra_days}
    return LimitRow(
        stage=str(Stage(clock.stage).label),
        of=clock.assignment.unit.short_name if clock.assignment else "",
        limit=limit,
        basis=basis_text(clock.basis),
        due_on=clock.due_on,
        due=_due(case, clock, today),
        explanation="" if clock.dropped else explained(clock.explanation),
        dropped=clock.dropped,
        running=clock.stopped_at is None,
        strip=_strip(clock, today) if drawn else None,
    )


def _strip(clock: CaseClock, today: datetime.date) -> Strip | None:
    reminder = previous_working_day(clock.due_on)
    return Strip.of(
        clock.explanation, due=clock.due_on, today=today, reminder=reminder if reminder > clock.started_on else None
    )


def _due(case: Case, clock: CaseClock, today: datetime.date) -> DueText:
    if clock.dropped:
        return DueText(_("No longer applies"), "norm")
    return due_words(
        clock.due_on,
        today=today,
        day_kind=clock.day_kind,
        paused_since=paused_since(case, clock),
        extended=clock.extra_days > 0,
        ended_on=local_date(clock.stopped_at) if clock.stopped_at else None,
        provisional=clock.provisional,
    )
