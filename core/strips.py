"""A limit as a strip of days (期限日历), in words, alike on both sites: which day counts as which, which does not and why."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.explaining import HOLIDAYS
from core.workdays import DayStatus, StripDay, days_of

# Up to so many days stand in one row; more are laid out by weeks.
ONE_ROW = 26
# Up to so many days a calendar is worth reading day by day.
ONE_CALENDAR = 42


@dataclass(frozen=True)
class StripCell:
    """One day. In a row: ``mark`` stands above its box, ``box`` in it, ``day`` beneath. In a calendar: ``note`` below ``day``.

    ``words`` say all of it; ``kind`` is ``count``, ``off`` or ``due``, or empty.
    """

    date: datetime.date
    mark: str
    box: str
    day: str
    look: str
    note: str
    kind: str
    make_up: bool
    words: str

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 Sunday."""
        return self.date.isoweekday()


@dataclass(frozen=True)
class Strip:
    """All days of a limit from the event on whose day it starts to its last day."""

    cells: list[StripCell]
    words: str
    key: list[str]
    # Of a limit in calendar days that is too long for a calendar: how many days of it lie in each month.
    months: list[str]

    @property
    def is_long(self) -> bool:
        """Whether it is laid out by weeks, for a row would be too narrow to read."""
        return len(self.cells) > ONE_ROW

    @property
    def weeks(self) -> list[list[StripCell | None]]:
        """The cells by weeks from Monday to Sunday, None for days outside the limit."""
        places: list[StripCell | None] = [None] * (self.cells[0].weekday - 1) + list(self.cells)
        places += [None] * (-len(places) % 7)
        return [places[place : place + 7] for place in range(0, len(places), 7)]

    @classmethod
    def of(
        cls,
        explanation: Sequence[dict[str, Any]],
        *,
        due: datetime.date,
        today: datetime.date,
        reminder: datetime.date | None = None,
    ) -> "Strip | None":
        """The strip of a limit that was found by the steps of ``explanation``; None if these do not say when it starts.

        ``reminder``: the day on which whoever has to act is reminded.
        """
        days = days_of(explanation, due=due)
        if not days:
            return None
        working = any(step["code"] == "working_days" for step in explanation)
        if not working:
            # Where every day counts, it says nothing that a Saturday is worked.
            days = [replace(day, status=DayStatus.WEEKEND) if day.is_make_up else day for day in days]
        cells = [_cell(day, days[place - 1] if place else None, today, reminder) for place, day in enumerate(days)]
        last = max((day.number or 0 for day in days), default=0)
        counted = (
            ngettext("%(n)d working day", "%(n)d working days", last) if working else ngettext("%(n)d day", "%(n)d days", last)
        )
        words = _("Day by day from %(start)s to %(due)s: %(counted)s") % {
            "start": days[0].date.isoformat(), "due": due.isoformat(), "counted": counted % {"n": last},
        }  # fmt: skip
        return cls(cells, words, _key(days, working), [] if working or len(days) <= ONE_CALENDAR else _months(days))


def _cell(day: StripDay, before: StripDay | None, today: datetime.date, reminder: datetime.date | None) -> StripCell:
    date = day.date
    shown = str(date.day) if before and before.date.month == date.month else f"{date.month}-{date.day}"
    return StripCell(
        date=date,
        mark=_mark(day, today, reminder),
        box=_box(day),
        day=shown,
        look=_look(day, today, reminder),
        note=_note(day),
        kind="due" if day.is_due else "count" if day.number is not None else "" if day.is_start else "off",
        make_up=day.is_make_up,
        words=f"{date.isoformat()} {_words(day)}",
    )


def _mark(day: StripDay, today: datetime.date, reminder: datetime.date | None) -> str:
    if day.is_due:
        return pgettext("day of a limit", "due")
    if day.date == today:
        return pgettext("day of a limit", "today")
    if day.is_start:
        return pgettext("day of a limit", "event")
    if day.date == reminder:
        return pgettext("day of a limit", "reminder")
    if day.is_make_up:
        return pgettext("day of a limit", "make-up")
    return pgettext("day of a limit", "set") if day.is_overridden else ""


def _box(day: StripDay) -> str:
    if day.number is not None:
        return str(day.number)
    boxes = {
        "start": pgettext("box of a day", "0"),
        "pause": pgettext("box of a day", "P"),
        "after": pgettext("box of a day", "–"),
    }
    return boxes.get(day.why_not, pgettext("box of a day", "off"))


def _note(day: StripDay) -> str:
    if day.number is not None:
        return pgettext("in a calendar", "day %(n)d") % {"n": day.number}
    if day.why_not == "holiday" and day.holiday:
        return str(HOLIDAYS[day.holiday])
    notes = {
        "start": pgettext("in a calendar", "event"),
        "pause": pgettext("in a calendar", "paused"),
        "after": pgettext("in a calendar", "ends"),
    }
    return notes.get(day.why_not, pgettext("in a calendar", "off"))


def _look(day: StripDay, today: datetime.date, reminder: datetime.date | None) -> str:
    looks = (
        ("end", day.is_due),
        ("today", day.date == today),
        ("start", day.is_start),
        ("off", day.number is None),
        ("past", day.date < today),
        ("rem", day.date == reminder),
    )
    return next((look for look, holds in looks if holds), "")


def _words(day: StripDay) -> str:
    if day.number is not None:
        counted = ngettext("counted as day %(n)d", "counted as day %(n)d", day.number) % {"n": day.number}
        return f"{counted}, {_('a working day in exchange for a holiday')}" if day.is_make_up else counted
    reasons = {
        "start": _("the day of the event, not counted"),
        "pause": _("a pause, not counted"),
        "holiday": _("%(holiday)s, not counted") % {"holiday": HOLIDAYS[day.holiday]} if day.holiday else "",
        "set_off": _("set as a day off by the city, not counted"),
        "after": _("the next working day"),
    }
    return reasons.get(day.why_not) or _("a day off, not counted")


def _key(days: list[StripDay], working: bool) -> list[str]:
    """What the boxes mean, as far as they are there."""
    key = [
        _("The numbers count working days") if working else _("The numbers count days"),
    ]
    reasons = {day.why_not for day in days}
    if reasons & {"weekend", "holiday", "set_off"}:
        key.append(_("off: not counted"))
    if "pause" in reasons:
        key.append(_("P: paused, not counted"))
    make_up = [day.date for day in days if day.is_make_up and day.number is not None]
    if make_up and working:
        key.append(_("make-up: %(days)s are working days, and counted") % {"days": _listed(make_up)})
    if any(day.is_overridden for day in days):
        key.append(_("set: the city has set this day otherwise than announced"))
    return key


def _months(days: list[StripDay]) -> list[str]:
    """10月1日至31日，31天: the counted days of each month."""
    parts = []
    for _month, run in groupby((day.date for day in days if day.number is not None), key=lambda date: (date.year, date.month)):
        dates = list(run)
        words = ngettext("%(first)s to %(last)s: %(n)d day", "%(first)s to %(last)s: %(n)d days", len(dates))
        parts.append(words % {"first": dates[0].isoformat(), "last": dates[-1].isoformat(), "n": len(dates)})
    return parts


def _listed(days: list[datetime.date]) -> str:
    return pgettext("between dates", ", ").join(f"{day.month}-{day:%d}" for day in days)
