"""Days of a pause: they are left out of a limit, so they always lengthen it (04, Counting)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from core.workdays.moments import ONE_DAY


@dataclass(frozen=True)
class Pause:
    """The days that a pause leaves out: from the day after it begins up to and including the day on which it ends.

    ``last`` is None while it lasts; ``last`` before ``first``: it ended on the day on which it began and leaves out nothing.
    """

    first: datetime.date
    last: datetime.date | None = None

    @classmethod
    def between(cls, begun: datetime.date, ended: datetime.date | None) -> "Pause":
        """The pause that began on ``begun`` and ended on ``ended``, the dates of its two events."""
        return cls(begun + ONE_DAY, ended)


class LeftOut:
    """The days after ``start`` that ``pauses`` leave out, as runs that neither overlap nor touch.

    A pause that lasts leaves out nothing yet: nobody knows for how long, and the date stands as it was until it ends.
    """

    def __init__(self, start: datetime.date, pauses: Iterable[Pause]) -> None:
        self.runs: list[tuple[datetime.date, datetime.date]] = []
        ended = [(max(pause.first, start + ONE_DAY), pause.last) for pause in pauses if pause.last is not None]
        for first, last in sorted(ended):
            if last < first:
                continue
            if self.runs and first <= self.runs[-1][1] + ONE_DAY:
                self.runs[-1] = (self.runs[-1][0], max(last, self.runs[-1][1]))
            else:
                self.runs.append((first, last))

    def __contains__(self, day: datetime.date) -> bool:
        return any(first <= day <= last for first, last in self.runs)

    def begun_on(self, day: datetime.date) -> datetime.date | None:
        """The last day of the pause that began on ``day``, if one did."""
        return next((last for first, last in self.runs if first == day + ONE_DAY), None)

    def within(self, first: datetime.date, last: datetime.date) -> int:
        """How many of the days from ``first`` to ``last`` are left out."""
        overlaps = ((min(end, last) - max(begin, first)).days + 1 for begin, end in self.runs)
        return sum(days for days in overlaps if days > 0)
