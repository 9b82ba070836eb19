"""Which calendar is in force here, and what is asked of it most."""

import contextlib
import datetime
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from core.workdays.calendars import ANNOUNCED, WorkCalendar

_sources: list[Callable[[], WorkCalendar]] = []
# What the source has said within ``one_calendar``; None outside of it.
_said: ContextVar[list[WorkCalendar] | None] = ContextVar("calendar_in_force", default=None)


def set_source(source: Callable[[], WorkCalendar] | None) -> None:
    """Say where the calendar in force is asked for; once, by the app that keeps it. None: nobody keeps one."""
    _sources[:] = [] if source is None else [source]


@contextlib.contextmanager
def one_calendar() -> Iterator[None]:
    """Within this block, a request or a task, the source is asked once, when somebody first counts; outside, every time.

    So a change counts everywhere from the next request and the next task on, and never in the midst of one.
    """
    token = _said.set([])
    try:
        yield
    finally:
        _said.reset(token)


def ask_again() -> None:
    """What is counted from here on, also in this block, is counted by the calendar as it is now: it has just been changed."""
    if said := _said.get():
        said.clear()


def calendar_in_force() -> WorkCalendar:
    """The calendar by which limits are counted now; where nobody keeps one, as announced."""
    if not _sources:
        return ANNOUNCED
    said = _said.get()
    if said is None:
        return _sources[0]()
    if not said:
        said.append(_sources[0]())
    return said[0]


def is_announced(year: int) -> bool:
    """Whether holidays and make-up days of ``year`` have been announced, as far as this installation knows."""
    return calendar_in_force().is_announced(year)


def is_working_day(day: datetime.date) -> bool:
    """Whether offices work on ``day``. In a year that is not announced: Monday to Friday, which is provisional."""
    return calendar_in_force().is_working_day(day)


def next_working_day(day: datetime.date) -> datetime.date:
    """The first working day after ``day``."""
    return calendar_in_force().next_working_day(day)


def previous_working_day(day: datetime.date) -> datetime.date:
    """The last working day before ``day``: "1 working day before" a limit, also one that ends on a day off."""
    return calendar_in_force().previous_working_day(day)


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is before ``start``."""
    return calendar_in_force().working_days_between(start, end)
