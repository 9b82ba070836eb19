"""Dates as the law counts them: in Beijing time."""

import datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def local_date(moment: datetime.datetime) -> datetime.date:
    """The calendar date of an aware moment in Asia/Shanghai; the only way in which a date is derived from a time.

    Raises ``ValueError`` for a naive moment: one day's error breaks a statutory limit.
    """
    if moment.tzinfo is None:
        raise ValueError("a date can be derived only from an aware datetime")
    return moment.astimezone(BEIJING).date()
