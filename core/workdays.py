"""Dates as the law counts them: in Beijing time, by the calendar of the days on which offices work.

The State Council announces holidays (节假日) and make-up days (调休) each December for the year after. Years that
``chinesecalendar`` does not know yet count Monday to Friday as working days, and dates that rest on them are provisional.
"""

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

BEIJING = ZoneInfo("Asia/Shanghai")

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5

# Holidays as chinesecalendar names them, by the codes of case.status/1.json. A holiday without a code is a day off like others.
HOLIDAYS = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "tomb_sweeping",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national_day",
}

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


def local_date(moment: datetime.datetime) -> datetime.date:
    """The calendar date of an aware moment in Asia/Shanghai; the only way in which a date is derived from a time.

    Raises ``ValueError`` for a naive moment: one day's error breaks a statutory limit.
    """
    if moment.tzinfo is None:
        raise ValueError("a date can be derived only from an aware datetime")
    return moment.astimezone(BEIJING).date()


@lru_cache(maxsize=256)
def is_announced(year: int) -> bool:
    """Whether holidays and make-up days of ``year`` have been announced, as far as this installation knows."""
    try:
        chinese_calendar.is_workday(datetime.date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=8192)
def is_working_day(day: datetime.date) -> bool:
    """Whether offices work on ``day``. In a year that is not announced: Monday to Friday, which is provisional."""
    if is_announced(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < SATURDAY


def next_working_day(day: datetime.date) -> datetime.date:
    """The first working day after ``day``."""
    return _first_working_day(day + ONE_DAY)


def previous_working_day(day: datetime.date) -> datetime.date:
    """The last working day before ``day``: "1 working day before" a limit, also one that ends on a day off."""
    day -= ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is before ``start``."""
    if end < start:
        return -working_days_between(end, start)
    whole_years = sum(len(_working_days(year)) for year in range(start.year, end.year))
    return whole_years + bisect_right(_working_days(end.year), end) - bisect_right(_working_days(start.year), start)


def add_working_days(start: datetime.date, days: int) -> Counted:
    """The ``days``-th working day after ``start``, the day of the event, which is not counted (Civil Code Art. 201).

    Raises ``ValueError`` for less than one day: what is due at once is ``same_day``.
    """
    _check(days)
    due = start
    for _count in range(days):
        due = next_working_day(due)
    end = Step("working_days", {"days": days, "to": due.isoformat()})
    provisional = _provisional(start + ONE_DAY, due)
    return Counted(due, bool(provisional), (_starts_after(start), *_days_left_out(start, due), end, *provisional))


def add_calendar_days(start: datetime.date, days: int, *, roll_forward: bool = True) -> Counted:
    """The ``days``-th day after ``start``, the day of the event, which is not counted (Civil Code Art. 201).

    With ``roll_forward``, a limit that would end on a day off ends on the next working day (Art. 203). Raises ``ValueError``
    for less than one day.
    """
    _check(days)
    end = start + datetime.timedelta(days=days)
    first = (_starts_after(start), Step("calendar_days", {"days": days, "to": end.isoformat()}))
    return _rolled(end, first) if roll_forward else Counted(end, False, first)


def same_day(start: datetime.date, *, roll_forward: bool = True) -> Counted:
    """Due on the day of the event itself; with ``roll_forward``, on the next working day after a day off (Art. 203)."""
    first = (Step("same_day", {"from": start.isoformat()}),)
    return _rolled(start, first) if roll_forward else Counted(start, False, first)


def _check(days: int) -> None:
    if days < 1:
        raise ValueError("a limit has at least one day")


def _rolled(end: datetime.date, steps: tuple[Step, ...]) -> Counted:
    """``end`` or, when that is a day off, the next working day."""
    due = _first_working_day(end)
    provisional = _provisional(end, due)
    if due != end:
        over = {"days": (due - end).days, "from": end.isoformat(), "to": due.isoformat(), **_named(list(_range(end, due)))}
        steps += (Step("rolled_forward", over),)
    return Counted(due, bool(provisional), (*steps, *provisional))


def _starts_after(start: datetime.date) -> Step:
    return Step("starts_after", {"from": start.isoformat()})


def _days_left_out(start: datetime.date, due: datetime.date) -> list[Step]:
    """What the count from the day after ``start`` to ``due`` passes over, and the make-up days that it does not.

    Each holiday is one step with all its days; weekends share one, so that an explanation stays short.
    """
    days = list(_range(start + ONE_DAY, due + ONE_DAY))
    steps: list[Step] = []
    weekends: list[datetime.date] = []
    for is_holiday, run in groupby(days, key=_is_holiday):
        if is_holiday:
            steps.append(_skipped(list(run)))
        else:
            weekends += [day for day in run if not is_working_day(day)]
    if weekends:
        steps.append(_skipped(weekends))
    for day in days:
        if day.weekday() >= SATURDAY and is_working_day(day):
            steps.append(Step("make_up_day_counted", {"days": 1, "from": day.isoformat(), **_named([day])}))
    return steps


def _skipped(off: list[datetime.date]) -> Step:
    return Step("days_off_skipped", {**_span(off), **_named(off)})


def _span(days: list[datetime.date]) -> Params:
    return {"days": len(days), "from": days[0].isoformat(), "to": days[-1].isoformat()}


def _named(days: list[datetime.date]) -> Params:
    """The holiday that most of ``days`` belong to: what the announcement calls 国庆节、中秋节 is told as one."""
    codes = Counter(code for day in days if (code := HOLIDAYS.get(_announced_as(day))))
    return {"holiday": codes.most_common(1)[0][0]} if codes else {}


def _provisional(first: datetime.date, last: datetime.date) -> tuple[Step, ...]:
    """A step when any of the days that were looked at is in a year that is not announced."""
    open_years = [year for year in range(first.year, last.year + 1) if not is_announced(year)]
    if not open_years:
        return ()
    since = max(first, datetime.date(open_years[0], 1, 1))
    return (Step("calendar_provisional", {"from": since.isoformat(), "to": last.isoformat()}),)


def _is_holiday(day: datetime.date) -> bool:
    """A day off of an announced holiday, weekends within it included; the weekends around it are weekends."""
    return bool(_announced_as(day)) and not is_working_day(day)


@lru_cache(maxsize=8192)
def _announced_as(day: datetime.date) -> str:
    """The holiday to which ``day`` belongs as a day off or as its make-up day; empty for any other day."""
    return (chinese_calendar.get_holiday_detail(day)[1] or "") if is_announced(day.year) else ""


@lru_cache(maxsize=64)
def _working_days(year: int) -> list[datetime.date]:
    return [day for day in _range(datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)) if is_working_day(day)]


def _first_working_day(day: datetime.date) -> datetime.date:
    while not is_working_day(day):
        day += ONE_DAY
    return day


def _range(first: datetime.date, end: datetime.date) -> Iterator[datetime.date]:
    """The days from ``first`` up to and without ``end``."""
    return (first + datetime.timedelta(days=number) for number in range((end - first).days))
