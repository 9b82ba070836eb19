"""Lawful time: dates in Beijing, the days on which offices work, limits counted by them, and how a date was found.

Pure functions of their arguments and of a ``WorkCalendar``; without one they ask the calendar in force here.
"""

from core.workdays.calendars import (
    ANNOUNCED,
    HOLIDAYS,
    DayStatus,
    WorkCalendar,
    YearNotice,
    announced_fingerprint,
    announced_years,
)
from core.workdays.counting import Counted, Step, add_calendar_days, add_working_days, same_day
from core.workdays.in_force import (
    ask_again,
    calendar_in_force,
    is_announced,
    is_working_day,
    next_working_day,
    one_calendar,
    previous_working_day,
    set_source,
    working_days_between,
)
from core.workdays.moments import BEIJING, ONE_DAY, days_from, local_date
from core.workdays.pauses import Pause
from core.workdays.strips import StripDay, days_of, replay

__all__ = [
    "ANNOUNCED",
    "BEIJING",
    "HOLIDAYS",
    "ONE_DAY",
    "Counted",
    "DayStatus",
    "Pause",
    "Step",
    "StripDay",
    "WorkCalendar",
    "YearNotice",
    "add_calendar_days",
    "add_working_days",
    "announced_fingerprint",
    "announced_years",
    "ask_again",
    "calendar_in_force",
    "days_from",
    "days_of",
    "is_announced",
    "is_working_day",
    "local_date",
    "next_working_day",
    "one_calendar",
    "previous_working_day",
    "replay",
    "same_day",
    "set_source",
    "working_days_between",
]
