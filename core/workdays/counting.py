"""Limits in working days, in calendar days, and what is due at once; each date with the steps by which it was found.

The day of the event is not counted (Civil Code Art. 201). A limit in calendar days that ends on a day off ends on the next
working day (Art. 203). A limit ends at 24:00 of its last day. Days of a pause are left out (04, Counting).
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from core.workdays.calendars import DayStatus, WorkCalendar
from core.workdays.in_force import calendar_in_force
from core.workdays.moments import ONE_DAY, days_from
from core.workdays.pauses import LeftOut, Pause

Params = dict[str, int | str]


@dataclass(frozen=True)
class Step:
    """One step of an explanation: code and parameters as ``explanation`` of case.status/1.json allows; dates as ISO strings."""

    code: str
    params: Params


@dataclass(frozen=True)
class Counted:
    """A computed date; it ends at 24:00 in Asia/Shanghai. ``provisional``: it rests on a year that is not announced yet."""

    due: datetime.date
    provisional: bool
    steps: tuple[Step, ...]

    @property
    def explanation(self) -> list[dict[str, Any]]:
        """The steps as messages, APIs and rows keep them."""
        return [{"code": step.code, "params": dict(step.params)} for step in self.steps]


def add_working_days(
    start: datetime.date, days: int, *, pauses: Sequence[Pause] = (), calendar: WorkCalendar | None = None
) -> Counted:
    """The ``days``-th working day after ``start``, the day of the event, which is not counted (Civil Code Art. 201).

    Days of ``pauses`` are left out. ``calendar``: another than the one in force. Raises ``ValueError`` for less than one day:
    what is due at once is ``same_day``.
    """
    count = _Count(start, pauses, calendar)
    end = count.nth(days, count.calendar.is_working_day)
    due, rolls = count.settled(end, rolls=True)
    last = Step("working_days", {"days": days, "to": end.isoformat()})
    told = (*count.days_left_out(end), *count.overridden(start + ONE_DAY, due), last, *rolls)
    return count.counted(due, told, start + ONE_DAY)


def add_calendar_days(
    start: datetime.date,
    days: int,
    *,
    roll_forward: bool = True,
    pauses: Sequence[Pause] = (),
    calendar: WorkCalendar | None = None,
) -> Counted:
    """The ``days``-th day after ``start``, the day of the event, which is not counted (Civil Code Art. 201).

    Days of ``pauses`` are left out. With ``roll_forward``, a limit that would end on a day off ends on the next working day
    (Art. 203). Raises ``ValueError`` for less than one day.
    """
    count = _Count(start, pauses, calendar)
    end = count.nth(days, lambda _day: True)
    due, rolls = count.settled(end, rolls=roll_forward)
    last = Step("calendar_days", {"days": days, "to": end.isoformat()})
    if not roll_forward:
        return count.counted(due, (last,))
    return count.counted(due, (*count.overridden(end, due), last, *rolls), end)


def same_day(
    start: datetime.date,
    *,
    roll_forward: bool = True,
    pauses: Sequence[Pause] = (),
    calendar: WorkCalendar | None = None,
) -> Counted:
    """Due on the day of the event itself; with ``roll_forward``, on the next working day after a day off (Art. 203)."""
    count = _Count(start, pauses, calendar)
    due, rolls = count.settled(start, rolls=roll_forward)
    if not roll_forward:
        return count.counted(due, (), at_once=True)
    return count.counted(due, (*count.overridden(start, due), *rolls), start, at_once=True)


class _Count:
    """One count: where it starts, by which calendar, without which days."""

    def __init__(self, start: datetime.date, pauses: Sequence[Pause], calendar: WorkCalendar | None) -> None:
        self.start = start
        self.left_out = LeftOut(start, pauses)
        self.calendar = calendar or calendar_in_force()
        # Days on which the limit would have ended, had no pause begun on them.
        self._ends: set[datetime.date] = set()

    def nth(self, days: int, counts: Callable[[datetime.date], bool]) -> datetime.date:
        """The ``days``-th day after the start that ``counts`` and is not left out."""
        if days < 1:
            raise ValueError("a limit has at least one day")
        day = self.start
        while days:
            day += ONE_DAY
            if counts(day) and day not in self.left_out:
                days -= 1
        return day

    def settled(self, end: datetime.date, *, rolls: bool) -> tuple[datetime.date, list[Step]]:
        """Where a limit ends whose last day is ``end``: rolled forward, and lengthened by a pause that began on that day.

        The day on which a pause begins is counted, so nothing is left of the limit then; but it was not over, and so it is
        not over before the day on which the pause ends.
        """
        steps = []
        while True:
            if rolls and not self.calendar.is_working_day(end):
                to = self._next_day(end)
                steps.append(self._rolled(end, to))
                self._ends.add(end)
                end = to
            self._ends.add(end)
            ended = self.left_out.begun_on(end)
            if ended is None:
                return end, steps
            end = ended

    def counted(
        self, due: datetime.date, told: Iterable[Step], looked_at: datetime.date | None = None, *, at_once: bool = False
    ) -> Counted:
        """The date with all its steps. It rests on the calendar from ``looked_at`` on; None: on none."""
        pauses = [Step("pause_left_out", _span(first, last)) for first, last in self.left_out.runs if first <= due]
        provisional = () if looked_at is None else self._provisional(looked_at, due)
        first = Step("same_day" if at_once else "starts_after", {"from": self.start.isoformat()})
        return Counted(due, bool(provisional), (first, *pauses, *told, *provisional))

    def days_left_out(self, end: datetime.date) -> list[Step]:
        """What the count up to ``end`` passes over for other reasons than a pause, and the make-up days that it does not.

        Each holiday is one step with all its days; weekends, and what the city has set as days off, share one, so that an
        explanation stays short.
        """
        days = [(day, self._status(day)) for day in days_from(self.start + ONE_DAY, end)]
        steps: list[Step] = []
        others: list[datetime.date] = []
        for is_holiday, run in groupby(days, key=lambda known: known[1] == DayStatus.HOLIDAY):
            if is_holiday:
                off = [day for day, _status in run]
                steps.append(Step("days_off_skipped", {**_span(off[0], off[-1]), **self._named(off)}))
            else:
                others += [day for day, status in run if status and not status.works]
        if others:
            steps.append(Step("days_off_skipped", {**_span(others[0], others[-1]), "days": len(others)}))
        for day, status in days:
            if status == DayStatus.MAKE_UP:
                steps.append(Step("make_up_day_counted", {"days": 1, "from": day.isoformat(), **self._named([day])}))
        return steps

    def overridden(self, first: datetime.date, last: datetime.date) -> list[Step]:
        """The days that the city has set otherwise and that mattered, neighbours together."""
        steps = []
        matters = (day for day in days_from(first, last) if day in self._ends or day not in self.left_out)
        set_days = [(day, self.calendar.status(day)) for day in matters if self.calendar.is_set(day)]
        runs: list[list[tuple[datetime.date, DayStatus]]] = []
        for day, status in set_days:
            if runs and runs[-1][-1] == (day - ONE_DAY, status):
                runs[-1].append((day, status))
            else:
                runs.append([(day, status)])
        for run in runs:
            set_to = "working" if run[0][1].works else "off"
            steps.append(Step("day_overridden", {**_span(run[0][0], run[-1][0]), "set_to": set_to}))
        return steps

    def _status(self, day: datetime.date) -> DayStatus | None:
        """What a day is, or None when a pause leaves it out, whatever it is."""
        return None if day in self.left_out else self.calendar.status(day)

    def _next_day(self, day: datetime.date) -> datetime.date:
        """The next working day that no pause leaves out."""
        day = self.calendar.next_working_day(day)
        while day in self.left_out:
            day = self.calendar.next_working_day(day)
        return day

    def _rolled(self, end: datetime.date, to: datetime.date) -> Step:
        passed = [day for day in days_from(end, to - ONE_DAY) if not self.calendar.is_working_day(day)]
        days = (to - end).days - self.left_out.within(end + ONE_DAY, to)
        return Step("rolled_forward", {"days": days, "from": end.isoformat(), "to": to.isoformat(), **self._named(passed)})

    def _named(self, days: list[datetime.date]) -> Params:
        """The holiday that most of ``days`` belong to: what the announcement calls 国庆节、中秋节 is told as one."""
        codes = Counter(code for day in days if (code := self.calendar.holiday(day)))
        return {"holiday": codes.most_common(1)[0][0]} if codes else {}

    def _provisional(self, first: datetime.date, last: datetime.date) -> tuple[Step, ...]:
        """A step when any of the days that were looked at is in a year that is not announced."""
        open_years = [year for year in range(first.year, last.year + 1) if not self.calendar.is_announced(year)]
        if not open_years:
            return ()
        since = max(first, datetime.date(open_years[0], 1, 1))
        return (Step("calendar_provisional", {"from": since.isoformat(), "to": last.isoformat()}),)


def _span(first: datetime.date, last: datetime.date) -> Params:
    return {"days": (last - first).days + 1, "from": first.isoformat(), "to": last.isoformat()}
