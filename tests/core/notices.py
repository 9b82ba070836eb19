"""The State Council's notices on holidays, typed in by hand, and the simplest way to count: what the product is compared with.

Nothing here comes from the product or from its calendar package.
"""

import datetime

Day = datetime.date

# 国务院办公厅关于 2024、2025、2026 年部分节假日安排的通知: first and last day off.
DAYS_OFF = [
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
MAKE_UP_DAYS = (
    *("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"),
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)
NOTICED = range(2024, 2027)


def works(day: Day) -> bool:
    """Whether offices work; outside of the years above, Monday to Friday."""
    said = day.isoformat()
    if said in MAKE_UP_DAYS:
        return True
    return day.weekday() < 5 and not any(first <= said <= last for first, last in DAYS_OFF)


def count_working(start: Day, days: int) -> Day:
    """Day by day, the day of the event not counted."""
    day = start
    while days:
        day += datetime.timedelta(days=1)
        if works(day):
            days -= 1
    return day


def count_calendar(start: Day, days: int, *, roll_forward: bool = True) -> Day:
    day = start
    for _each in range(days):
        day += datetime.timedelta(days=1)
    while roll_forward and not works(day):
        day += datetime.timedelta(days=1)
    return day
