"""From moments to dates, and from one date to the next."""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
ONE_DAY = datetime.timedelta(days=1)


def local_date(moment: datetime.datetime) -> datetime.date:
    """The calendar date of an aware moment in Asia/Shanghai; the only way in which a date is derived from a time.

    Raises ``ValueError`` for a naive moment: one day's error breaks a statutory limit.
    """
    if moment.tzinfo is None:
        raise ValueError("a date can be derived only from an aware datetime")
    return moment.astimezone(BEIJING).date()


def days_from(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The days from ``first`` up to and including ``last``; none when ``last`` is before ``first``."""
    return (first + datetime.timedelta(days=number) for number in range((last - first).days + 1))
