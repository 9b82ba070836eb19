"""The days on which offices work: what the State Council has announced, and what the city has added to it.

The State Council announces holidays (节假日) and make-up days (调休) each December for the year after. Years that neither
``chinesecalendar`` nor the city knows yet count Monday to Friday as working days, and dates that rest on them are provisional.
"""

import datetime
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from chinese_calendar import constants

from core.workdays.moments import ONE_DAY, days_from

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


class DayStatus(StrEnum):
    """What a day is, and why."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    # A Saturday or Sunday on which offices work in exchange for a holiday.
    MAKE_UP = "make_up"
    # What the city has set otherwise than announced.
    SET_WORKING = "set_working"
    SET_OFF = "set_off"

    @property
    def works(self) -> bool:
        """Whether offices work on such a day."""
        return self in (DayStatus.WORKING, DayStatus.MAKE_UP, DayStatus.SET_WORKING)


Said = tuple[tuple[datetime.date, str], ...]


@dataclass(frozen=True)
class YearNotice:
    """What a notice of the State Council says of a year: days off, weekends within holidays included, and make-up days.

    Each day with the code of its holiday, or an empty one.
    """

    year: int
    days_off: Said
    make_up_days: Said


@dataclass(frozen=True)
class WorkCalendar:
    """The announced years of ``chinesecalendar`` with the city's additions: single days set otherwise, and whole years.

    A year that the city has entered stands before what the package knows of it: it was an act with the notice's number.
    ``edition``: the number under which whoever keeps the calendar knows it; 0 where nobody does.
    """

    overrides: tuple[tuple[datetime.date, bool], ...] = ()
    years: tuple[YearNotice, ...] = ()
    edition: int = 0

    @classmethod
    def with_additions(
        cls, overrides: Mapping[datetime.date, bool], years: Iterable[YearNotice] = (), edition: int = 0
    ) -> "WorkCalendar":
        """The announced calendar with ``overrides`` (whether offices work that day) and ``years`` entered by hand."""
        return cls(tuple(sorted(overrides.items())), tuple(sorted(years, key=lambda notice: notice.year)), edition)

    def is_announced(self, year: int) -> bool:
        """Whether holidays and make-up days of ``year`` have been announced, as far as this calendar knows."""
        return year in self._entered or year in announced_years()

    def status(self, day: datetime.date) -> DayStatus:
        """What ``day`` is. An override that says what was announced anyway changes nothing."""
        announced = self.announced_status(day)
        works = self._set.get(day, announced.works)
        if works == announced.works:
            return announced
        return DayStatus.SET_WORKING if works else DayStatus.SET_OFF

    def announced_status(self, day: datetime.date) -> DayStatus:
        """What ``day`` is without the days that the city has set otherwise."""
        off, made_up = self._notice(day.year)
        if day in made_up:
            return DayStatus.MAKE_UP
        if day in off:
            return DayStatus.HOLIDAY
        return DayStatus.WORKING if day.weekday() < SATURDAY else DayStatus.WEEKEND

    def is_set(self, day: datetime.date) -> bool:
        """Whether the city has set ``day`` otherwise than announced."""
        return day in self._set and self._set[day] != self.announced_status(day).works

    def holiday(self, day: datetime.date) -> str:
        """The code of the holiday to which ``day`` belongs as a day off or as its make-up day; empty for any other day."""
        off, made_up = self._notice(day.year)
        return off.get(day) or made_up.get(day) or ""

    def is_working_day(self, day: datetime.date) -> bool:
        """Whether offices work on ``day``. In a year that is not announced: Monday to Friday, which is provisional."""
        return day in self._year(day.year)[1]

    def next_working_day(self, day: datetime.date) -> datetime.date:
        """The first working day after ``day``."""
        day += ONE_DAY
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def previous_working_day(self, day: datetime.date) -> datetime.date:
        """The last working day before ``day``: "1 working day before" a limit, also one that ends on a day off."""
        day -= ONE_DAY
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def working_days_between(self, start: datetime.date, end: datetime.date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is before ``start``."""
        if end < start:
            return -self.working_days_between(end, start)
        whole_years = sum(len(self._year(year)[0]) for year in range(start.year, end.year))
        return whole_years + bisect_right(self._year(end.year)[0], end) - bisect_right(self._year(start.year)[0], start)

    @cached_property
    def _set(self) -> dict[datetime.date, bool]:
        return dict(self.overrides)

    @cached_property
    def _entered(self) -> dict[int, tuple[dict[datetime.date, str], dict[datetime.date, str]]]:
        return {notice.year: (dict(notice.days_off), dict(notice.make_up_days)) for notice in self.years}

    @cached_property
    def _counted(self) -> dict[int, tuple[list[datetime.date], frozenset[datetime.date]]]:
        return {}

    def _notice(self, year: int) -> tuple[dict[datetime.date, str], dict[datetime.date, str]]:
        return self._entered.get(year) or _announced(year)

    def _year(self, year: int) -> tuple[list[datetime.date], frozenset[datetime.date]]:
        """The working days of ``year``, in order and as a set."""
        if year not in self._counted:
            days = days_from(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
            working = [day for day in days if self.status(day).works]
            self._counted[year] = (working, frozenset(working))
        return self._counted[year]


@lru_cache(maxsize=1)
def announced_years() -> range:
    """The years that the installed ``chinesecalendar`` knows."""
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


@lru_cache(maxsize=1)
def announced_fingerprint() -> str:
    """What the installed ``chinesecalendar`` knows, as 64 hexadecimal digits: they change when any of its days does."""
    tables = (constants.holidays, constants.workdays)
    said = [f"{day}={name}" for table in tables for day, name in sorted(table.items())]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@lru_cache(maxsize=64)
def _announced(year: int) -> tuple[dict[datetime.date, str], dict[datetime.date, str]]:
    """Days off and make-up days of a year as the package knows them, with the codes of their holidays."""
    off, made_up = (
        {day: HOLIDAYS.get(name, "") for day, name in table.items() if day.year == year}
        for table in (constants.holidays, constants.workdays)
    )
    return off, made_up


# The calendar without additions.
ANNOUNCED = WorkCalendar()
