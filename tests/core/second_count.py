"""A second way of counting a limit, the plainest there is: a pencil that goes from one day of the wall calendar to the next.

No code in common with the product; the days off are those that the calendar package prints.
"""

import datetime

from chinese_calendar.constants import holidays, workdays

NEXT = datetime.timedelta(days=1)


class Second:
    """One count over the printed calendar, on which ``set_days`` are corrected and the days of ``pauses`` struck out."""

    def __init__(self, set_days: dict, pauses: list) -> None:
        self.set_days = set_days
        self.struck = set()
        for begun, ended in pauses:
            day = begun
            while day < ended:
                day += NEXT
                self.struck.add(day)

    def works(self, day):
        if day in self.set_days:
            return self.set_days[day]
        if day in workdays:
            return True
        return day not in holidays and day.isoweekday() not in (6, 7)

    def due(self, kind, start, days):
        """The last day of a limit of ``days``: "working", "calendar", "as it is" (not rolled forward), "at once"."""
        day, left = start, 0 if kind == "at once" else days
        while left:
            day += NEXT
            if day not in self.struck and (kind != "working" or self.works(day)):
                left -= 1
        while True:
            if kind != "as it is" and not self.works(day):
                day += NEXT
                while day in self.struck or not self.works(day):
                    day += NEXT
            if day + NEXT not in self.struck:
                return day
            # Paused on the last day: not over before the day on which the pause ends.
            while day + NEXT in self.struck:
                day += NEXT
