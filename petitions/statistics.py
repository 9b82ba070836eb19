"""The public statistics: the office's figures of days added up (11, ``GET /statistics/``).

Nothing is counted here. What each figure means is said once, in ``DEFINITIONS``, on the page and in the API's description.
"""

import collections
import dataclasses
import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models import DayFigures

COUNTS = ("received", "answered", "on_time", "rehandled", "rated", "satisfied")
# A unit with fewer answers has no place in the league: one late answer would decide it.
RANKED_FROM = 10

DEFINITIONS = [
    (
        pgettext_lazy("figure", "Received"),
        _("Petitions that reached the city in these days. For a unit: petitions given to it, without those it gave back."),
    ),
    (
        pgettext_lazy("figure", "Answered"),
        _("Answers sent in these days. A petition that is handled again and answered once more counts once more."),
    ),
    (_("On time"), _("Answers sent by the last day of the lawful limit, granted extensions included, of all answers.")),
    (_("Median"), _("Half of the answers took no more working days than this, from the day after receipt.")),
    (_("Satisfaction"), _("Ratings of 4 or 5 of all ratings that citizens gave, of 1 to 5.")),
    (
        pgettext_lazy("figure", "Handled again"),
        _("Petitions that were handled again because the answer was not good enough, of all answers."),
    ),
]


@dataclasses.dataclass
class Figures:
    """Counts added up, and the shares that follow from them; what has no basis is None."""

    counts: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    days: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)

    def add(self, told: dict[str, Any]) -> None:
        """One unit's figures of one day more."""
        self.counts.update({count: told[count] for count in COUNTS})
        self.days.update({row["days"]: row["n"] for row in told["days"]})

    @property
    def on_time_share(self) -> float | None:
        return _share(self.counts["on_time"], self.counts["answered"])

    @property
    def satisfaction(self) -> float | None:
        return _share(self.counts["satisfied"], self.counts["rated"])

    @property
    def rehandled_share(self) -> float | None:
        return _share(self.counts["rehandled"], self.counts["answered"])

    @property
    def median_days(self) -> float | None:
        """The middle of all answers' working days; of an even number the mean of the two in the middle."""
        total = sum(self.days.values())
        if not total:
            return None
        low, high = self._day_at((total - 1) // 2), self._day_at(total // 2)
        return (low + high) / 2

    def _day_at(self, place: int) -> int:
        for used in sorted(self.days):
            place -= self.days[used]
            if place < 0:
                return used
        raise AssertionError("unreachable")

    def as_told(self) -> dict[str, Any]:
        """As the API answers it."""
        return {
            "received": self.counts["received"],
            "answered": self.counts["answered"],
            "on_time_share": self.on_time_share,
            "median_days": self.median_days,
            "satisfaction": self.satisfaction,
            "rehandled_share": self.rehandled_share,
        }


@dataclasses.dataclass(frozen=True)
class Report:
    """The figures of a span of days."""

    as_of: datetime.datetime | None
    city: Figures
    # By code, with the unit's latest name.
    units: dict[str, tuple[str, Figures]]
    kinds: collections.Counter[str]


@transaction.atomic
def note_day(
    *, date: datetime.date, as_of: datetime.datetime, kinds: list[dict[str, Any]], units: list[dict[str, Any]]
) -> None:
    """The office's figures of a day; older ones than those that are here change nothing."""
    row = DayFigures.objects.select_for_update().filter(date=date).first()
    if row is None or row.as_of < as_of:
        DayFigures.objects.update_or_create(date=date, defaults={"as_of": as_of, "kinds": kinds, "units": units})


def report(begin: datetime.date, end: datetime.date, *, unit_code: str = "") -> Report:
    """The figures from ``begin`` to ``end``, both counted in; of one unit where it is named. One query."""
    rows = list(DayFigures.objects.filter(date__gte=begin, date__lte=end).order_by("date"))
    city, kinds = Figures(), collections.Counter[str]()
    units: dict[str, tuple[str, Figures]] = {}
    for row in rows:
        kinds.update({told["kind"]: told["received"] for told in row.kinds})
        for told in row.units:
            code = told["unit"]["code"]
            if unit_code in ("", code):
                name, figures = told["unit"]["name"], units[code][1] if code in units else Figures()
                units[code] = (name, figures)
                figures.add(told)
                city.add(told)
    if not unit_code:
        # Also what no unit has been given yet.
        city.counts["received"] = kinds.total()
    return Report(as_of=max((row.as_of for row in rows), default=None), city=city, units=units, kinds=kinds)


def league(units: dict[str, tuple[str, Figures]]) -> tuple[list[tuple[str, str, Figures]], list[tuple[str, str, Figures]]]:
    """The units in their order, and those that answered too little to have a place.

    On-time share first, then the shorter median, then satisfaction; what is equal stands by code.
    """
    rows = [(code, name, figures) for code, (name, figures) in sorted(units.items())]
    ranked = [row for row in rows if row[2].counts["answered"] >= RANKED_FROM]
    ranked.sort(key=lambda row: (-(row[2].on_time_share or 0), row[2].median_days or 0, -(row[2].satisfaction or 0)))
    return ranked, [row for row in rows if row[2].counts["answered"] < RANKED_FROM]


def months(end: datetime.date, number: int = 12) -> list[tuple[datetime.date, Figures]]:
    """The last months up to that of ``end``, each by its first day, the earliest first. One query."""
    first = end.replace(day=1)
    firsts = [first]
    while len(firsts) < number:
        firsts.append((firsts[-1] - datetime.timedelta(days=1)).replace(day=1))
    found = {month: Figures() for month in reversed(firsts)}
    for row in DayFigures.objects.filter(date__gte=firsts[-1], date__lte=end):
        figures = found[row.date.replace(day=1)]
        for told in row.units:
            figures.add(told | {"received": 0})
        figures.counts["received"] += sum(told["received"] for told in row.kinds)
    return list(found.items())


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def csv_rows(units: Iterable[tuple[str, str, Figures]]) -> list[list[Any]]:
    """The league as a table for programs: codes, names, counts and shares."""
    head = ["unit_code", "unit", *COUNTS, "on_time_share", "median_days", "satisfaction", "rehandled_share"]
    rows: list[list[Any]] = [head]
    for code, name, figures in units:
        shares = [figures.on_time_share, figures.median_days, figures.satisfaction, figures.rehandled_share]
        rows.append([code, name, *(figures.counts[count] for count in COUNTS), *shares])
    return rows
