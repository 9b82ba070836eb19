"""A year of the work calendar as its page shows it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.explaining import HOLIDAYS
from core.workdays import ANNOUNCED, DayStatus, WorkCalendar, YearNotice, calendar_in_force, days_from
from internal_bridge.policies.models import AnnouncedYear, CalendarDay, CalendarEdition
from internal_bridge.policies.registry import Recounted, recounted
from internal_bridge.policies.services.calendar import years_kept

EDITIONS_SHOWN = 20


@dataclass(frozen=True)
class Cell:
    """A day in its month. ``mark`` stands beside the number, ``words`` say the same to who cannot see it."""

    day: datetime.date
    look: str
    mark: str
    words: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday to Sunday; None before its first and after its last day."""

    name: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Holiday:
    """A holiday of the year, with the days on which offices work in exchange."""

    name: str
    first: datetime.date
    last: datetime.date
    days: int
    made_up: list[datetime.date]


class YearPage:
    """What the page shows. ``keeps``: for who may change it."""

    def __init__(self, year: int, today: datetime.date, *, keeps: bool) -> None:
        self.year, self.today, self.keeps = year, today, keeps
        self.calendar = calendar_in_force()
        self.weekdays = _weekdays()

    @property
    def neighbours(self) -> list[tuple[str, int, str]]:
        """The years before and after, with their addresses and icons, as far as the calendar is kept."""
        sides = ((self.year - 1, "chevron-left"), (self.year + 1, "chevron-right"))
        return [(f"{reverse('workcalendar:year')}?year={year}", year, icon) for year, icon in sides if year in years_kept()]

    @cached_property
    def entered(self) -> AnnouncedYear | None:
        """What has been entered for this year by hand."""
        return next((row for row in self.years if row.year == self.year), None)

    @cached_property
    def recount(self) -> Recounted | None:
        """How far limits that run have been counted again by the edition in force; for who changes the calendar."""
        return recounted(self.calendar.edition) if self.keeps else None

    @property
    def is_provisional(self) -> bool:
        return not self.calendar.is_announced(self.year)

    @property
    def differences(self) -> list[str]:
        """Where what was entered by hand differs from what the package knows of the year."""
        if self.entered is None or not ANNOUNCED.is_announced(self.year):
            return []
        return differing_days(self.calendar, self.year)

    @property
    def months(self) -> list[Month]:
        return [self._month(number) for number in range(1, 13)]

    @property
    def holidays(self) -> list[Holiday]:
        """The holidays in order; what belongs to two is told under the first."""
        days = list(_days(self.year))
        statuses = [(day, self.calendar.announced_status(day)) for day in days]
        runs = [
            [day for day, _status in run]
            for status, run in groupby(statuses, key=lambda known: known[1])
            if status == DayStatus.HOLIDAY
        ]
        made_up = [day for day, status in statuses if status == DayStatus.MAKE_UP]
        return [self._holiday(run, made_up) for run in runs]

    @cached_property
    def set_days(self) -> list[CalendarDay]:
        """The days of all years that the city has set otherwise."""
        return list(CalendarDay.objects.standing().select_related("made_by").order_by("-day"))

    @cached_property
    def years(self) -> list[AnnouncedYear]:
        return list(AnnouncedYear.objects.standing().select_related("made_by"))

    @cached_property
    def editions(self) -> list[CalendarEdition]:
        return list(CalendarEdition.objects.select_related("made_by")[:EDITIONS_SHOWN])

    @property
    def legend(self) -> list[tuple[str, str, str]]:
        """Look, mark and meaning of what stands in the months."""
        return [(status.value, _mark(status), _status_words(status)) for status in DayStatus if status != DayStatus.WORKING]

    def _month(self, number: int) -> Month:
        cells = [self._cell(day) for day in _days(self.year) if day.month == number]
        padded: list[Cell | None] = [*[None] * cells[0].day.weekday(), *cells]
        padded += [None] * (-len(padded) % 7)
        return Month(str(MONTHS[number]), [padded[start : start + 7] for start in range(0, len(padded), 7)])

    def _cell(self, day: datetime.date) -> Cell:
        status = self.calendar.status(day)
        holiday = self.calendar.holiday(day) if status in (DayStatus.HOLIDAY, DayStatus.MAKE_UP) else ""
        words = [str(HOLIDAYS[holiday])] if holiday else []
        if status not in (DayStatus.WORKING, DayStatus.WEEKEND):
            words.append(_status_words(status))
        if day == self.today:
            words.append(_("today"))
        return Cell(day, status.value, _mark(status), _(", ").join(words), day == self.today)

    def _holiday(self, run: list[datetime.date], made_up: list[datetime.date]) -> Holiday:
        codes = {self.calendar.holiday(day) for day in run}
        name = next((str(HOLIDAYS[code]) for day in run if (code := self.calendar.holiday(day))), _("Holiday"))
        return Holiday(name, run[0], run[-1], len(run), [day for day in made_up if self.calendar.holiday(day) in codes])


def preview_lines(said: YearNotice) -> list[str]:
    """What a notice says, line by line, and where it differs from what the package knows."""
    calendar = WorkCalendar.with_additions({}, [said])
    lines = []
    for code, group in groupby(said.days_off, key=lambda pair: pair[1]):
        days = [day for day, _code in group]
        made_up = [day for day, holiday in said.make_up_days if holiday == code]
        lines.append(_holiday_line(str(HOLIDAYS[code]), days, made_up))
    off, up = len(said.days_off), len(said.make_up_days)
    lines.append(
        _("In all %(off)s days off in holidays and %(up)s make-up days in %(year)s.")
        % {"off": off, "up": up, "year": said.year}
    )
    if ANNOUNCED.is_announced(said.year):
        differing = differing_days(calendar, said.year)
        known = _("The installed calendar knows this year. Otherwise than there: %(days)s.") % {"days": _(", ").join(differing)}
        lines.append(known if differing else _("The installed calendar knows this year and says the same."))
    else:
        lines.append(
            _("Until now %(year)s is not announced: limits that reach into it are counted again.") % {"year": said.year}
        )
    return lines


def differing_days(calendar: WorkCalendar, year: int) -> list[str]:
    """The days of ``year`` on which ``calendar``, without single days, says otherwise than the package whether offices work."""
    differ = (day for day in _days(year) if calendar.announced_status(day).works != ANNOUNCED.announced_status(day).works)
    return [day.isoformat() for day in differ]


def _holiday_line(name: str, days: list[datetime.date], made_up: list[datetime.date]) -> str:
    span = {"holiday": name, "from": days[0], "to": days[-1], "days": len(days)}
    line = ngettext(
        "%(holiday)s: %(from)s to %(to)s, %(days)s day off", "%(holiday)s: %(from)s to %(to)s, %(days)s days off", len(days)
    )
    text = line % span
    return text if not made_up else _("%(line)s; at work on %(days)s") % {"line": text, "days": _(", ").join(map(str, made_up))}


def _days(year: int) -> Iterable[datetime.date]:
    return days_from(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def _mark(status: DayStatus) -> str:
    return {
        DayStatus.HOLIDAY: pgettext("mark of a day", "off"),
        DayStatus.MAKE_UP: pgettext("mark of a day", "work"),
        DayStatus.SET_OFF: pgettext("mark of a day", "set off"),
        DayStatus.SET_WORKING: pgettext("mark of a day", "set work"),
    }.get(status, "")


def _status_words(status: DayStatus) -> str:
    return {
        DayStatus.WEEKEND: _("weekend"),
        DayStatus.HOLIDAY: _("day off"),
        DayStatus.MAKE_UP: _("make-up day, offices work"),
        DayStatus.SET_OFF: _("set as a day off by the city"),
        DayStatus.SET_WORKING: _("set as a working day by the city"),
    }[status]


def _weekdays() -> list[tuple[str, str]]:
    """Short and full names from Monday on."""
    return [(str(WEEKDAYS_ABBR[number]), str(WEEKDAYS[number])) for number in range(7)]
