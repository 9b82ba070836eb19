"""Explanations read back: the date to which one comes, and the days that a calendar strip draws.

Both take an explanation as rows and messages keep it. That of a limit in working days says itself which days were off; so both
sites draw the same strip, whatever has been announced or set since.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.workdays.calendars import SATURDAY, DayStatus, WorkCalendar
from core.workdays.in_force import calendar_in_force
from core.workdays.moments import days_from

STARTS = ("starts_after", "same_day")
COUNTS = ("working_days", "calendar_days")
LENGTHEN = ("pause_left_out", "days_off_skipped", "rolled_forward", *COUNTS)

Explanation = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class StripDay:
    """A day of a strip. ``number``: the how-manieth day of the limit, None for a day that is not counted.

    ``holiday``: the code of the holiday to which a day off or a make-up day belongs, where it is known.
    """

    date: datetime.date
    number: int | None
    status: DayStatus
    holiday: str
    paused: bool
    is_start: bool
    is_due: bool

    @property
    def why_not(self) -> str:
        """Why there is no number: ``start``, ``pause``, ``holiday``, ``weekend``, ``set_off``, ``after`` the last; or empty."""
        if self.number is not None:
            return ""
        if self.is_start:
            return "start"
        if self.paused:
            return "pause"
        return "after" if self.status.works else self.status.value

    @property
    def is_make_up(self) -> bool:
        """A Saturday or Sunday on which offices work in exchange for a holiday."""
        return self.status == DayStatus.MAKE_UP

    @property
    def is_overridden(self) -> bool:
        """Set otherwise by the city than announced."""
        return self.status in (DayStatus.SET_WORKING, DayStatus.SET_OFF)


def replay(explanation: Explanation) -> datetime.date:
    """The date to which the steps come, each one's days after those before it. Raises ``ValueError`` if none says the start."""
    start = _start(explanation)
    if start is None:
        raise ValueError("an explanation says from when on a limit is counted")
    return start + datetime.timedelta(days=sum(step["params"].get("days", 0) for step in _steps(explanation, *LENGTHEN)))


def days_of(
    explanation: Explanation, *, due: datetime.date | None = None, calendar: WorkCalendar | None = None
) -> list[StripDay]:
    """Each day from the start of a limit to its end; none if the steps do not say when it starts.

    ``due``: the end, where it is another than the one to which the steps come. ``calendar`` names the days off of a limit that
    is not counted in working days; without one it is the one in force.
    """
    start = _start(explanation)
    if start is None:
        return []
    end = due or replay(explanation)
    told = _Told(explanation, calendar or calendar_in_force())
    strip, number = [], 0
    for day in days_from(start, end):
        status, holiday = told.status(day)
        paused = day in told.paused
        counted = day != start and number < told.days and not paused and (status.works or not told.in_working_days)
        number += counted
        strip.append(StripDay(day, number if counted else None, status, holiday, paused, day == start, day == end))
    return strip


class _Told:
    """What an explanation says of single days."""

    def __init__(self, explanation: Explanation, calendar: WorkCalendar) -> None:
        count = next(_steps(explanation, *COUNTS), None)
        self.days: int = count["params"].get("days", 0) if count else 0
        self.in_working_days = count is not None and count["code"] == "working_days"
        self.calendar = calendar
        self.paused = {day for step in _steps(explanation, "pause_left_out") for day in _days(step)}
        self._told: dict[datetime.date, tuple[DayStatus, str]] = {}
        for step in _steps(explanation, "days_off_skipped"):
            self._tell_days_off(step["params"].get("holiday", ""), list(_days(step)), step["params"].get("days"))
        for step in _steps(explanation, "make_up_day_counted"):
            for day in _days(step):
                self._told[day] = (DayStatus.MAKE_UP, step["params"].get("holiday", ""))
        for step in _steps(explanation, "day_overridden"):
            status = {"working": DayStatus.SET_WORKING, "off": DayStatus.SET_OFF}.get(step["params"].get("set_to", ""))
            self._told.update({day: (status, "") for day in _days(step) if status})

    def status(self, day: datetime.date) -> tuple[DayStatus, str]:
        """What ``day`` was when the limit was counted, and its holiday."""
        if day in self._told:
            return self._told[day]
        if self.in_working_days:
            return (DayStatus.WEEKEND if day.weekday() >= SATURDAY else DayStatus.WORKING), ""
        return self.calendar.announced_status(day), self.calendar.holiday(day)

    def _tell_days_off(self, holiday: str, days: list[datetime.date], number: int | None) -> None:
        """Days off in a row are all told; weekends, told from the first to the last, are known by the day of the week."""
        if number != len(days):
            return
        for day in days:
            named = holiday or day.weekday() < SATURDAY
            self._told[day] = (DayStatus.HOLIDAY if named else DayStatus.WEEKEND, holiday)


def _start(explanation: Explanation) -> datetime.date | None:
    said = next((step["params"].get("from") for step in _steps(explanation, *STARTS)), None)
    return datetime.date.fromisoformat(said) if said else None


def _steps(explanation: Explanation, *codes: str) -> Iterator[dict[str, Any]]:
    return (step for step in explanation if step["code"] in codes)


def _days(step: dict[str, Any]) -> Iterable[datetime.date]:
    """The days from ``from`` to ``to`` of a step; one day where there is no ``to``, none where there is no ``from``."""
    first = step["params"].get("from")
    if not first:
        return ()
    last = step["params"].get("to") or first
    return days_from(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
