"""Limits as the law counts them: dated cases with their article, and a second way of counting that must agree."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import (
    add_calendar_days,
    add_working_days,
    is_announced,
    is_working_day,
    next_working_day,
    previous_working_day,
    same_day,
    working_days_between,
)
from tests.core.notices import MAKE_UP_DAYS, NOTICED, count_calendar, count_working, works

day = datetime.date.fromisoformat
any_days = st.dates(min_value=datetime.date(2023, 6, 1), max_value=datetime.date(2029, 12, 31))

# Civil Code Art. 201: the day of the event is not counted. "WD" counts working days only (04, Counting).
WORKING = [
    # ordinary weeks
    ("2026-11-24", 1, "2026-11-25", "service line: sign for it"),
    ("2026-11-24", 3, "2026-11-27", "service line: consultation"),
    ("2026-11-24", 5, "2026-12-01", "service line: help, over a weekend"),
    ("2026-11-27", 1, "2026-11-30", "Friday to Monday"),
    ("2026-11-28", 1, "2026-11-30", "arrived on a Saturday, a day off"),
    ("2026-11-29", 5, "2026-12-04", "arrived on a Sunday"),
    ("2024-02-28", 2, "2024-03-01", "leap day"),
    # Spring Festival with its make-up days
    ("2024-02-02", 1, "2024-02-04", "a make-up Sunday before the festival counts"),
    ("2024-02-08", 5, "2024-02-21", "2024 notice: off 10–17 February, at work on Sunday the 18th"),
    ("2024-02-12", 1, "2024-02-18", "arrived in the festival; its first working day is a Sunday"),
    ("2025-01-24", 3, "2025-02-05", "2025 notice: at work on Sunday 26 January, off until 4 February"),
    ("2025-01-27", 5, "2025-02-10", "at work on Saturday 8 February"),
    ("2026-02-13", 1, "2026-02-14", "2026 notice: at work on Saturday 14 February"),
    ("2026-02-13", 5, "2026-02-27", "off 15–23 February: nine days"),
    ("2026-02-14", 5, "2026-02-28", "the fifth day is the make-up Saturday"),
    ("2026-02-20", 13, "2026-03-11", "service line: investigation, from inside the festival"),
    # National Day, Mid-Autumn
    ("2024-09-30", 3, "2024-10-10", "2024 notice: off 1–7 October"),
    ("2024-09-27", 5, "2024-10-10", "at work on Sunday 29 September"),
    ("2024-10-11", 1, "2024-10-12", "at work on Saturday 12 October"),
    ("2024-09-13", 2, "2024-09-18", "Mid-Autumn 2024: at work on Saturday the 14th, off until the 17th"),
    ("2025-09-26", 5, "2025-10-10", "2025 notice: off 1–8 October with Mid-Autumn, at work on Sunday 28 September"),
    ("2025-10-09", 3, "2025-10-13", "at work on Saturday 11 October"),
    ("2026-09-24", 3, "2026-09-30", "2026: off 25–27 September"),
    ("2026-09-28", 13, "2026-10-21", "the case of the design's page 05"),
    ("2026-09-30", 5, "2026-10-13", "petition law 2022 §23(3): return; at work on Saturday 10 October"),
    ("2026-09-18", 1, "2026-09-20", "at work on Sunday 20 September"),
    # the other holidays
    ("2024-04-03", 1, "2024-04-07", "Tomb-sweeping 2024: at work on Sunday 7 April"),
    ("2024-04-26", 5, "2024-05-07", "Labour Day 2024: at work on Sunday 28 April"),
    ("2025-04-30", 5, "2025-05-12", "Labour Day 2025: off until 5 May"),
    ("2026-04-30", 4, "2026-05-09", "Labour Day 2026: at work on Saturday 9 May"),
    ("2026-06-18", 1, "2026-06-22", "Dragon Boat 2026: off 19–21 June"),
    # year ends
    ("2024-12-30", 2, "2025-01-02", "New Year 2025: off on 1 January alone"),
    ("2025-12-31", 1, "2026-01-04", "New Year 2026: off 1–3 January, at work on Sunday the 4th"),
    ("2025-12-29", 5, "2026-01-06", "five days across the year"),
]
# Art. 203: a limit in calendar days that ends on a day off ends on the next working day.
CALENDAR = [
    ("2026-11-24", 15, True, "2026-12-09", "petition law 2022 §22: forwarding"),
    ("2026-11-14", 15, True, "2026-11-30", "ends on Sunday 29 November: Monday"),
    ("2026-11-13", 15, True, "2026-11-30", "ends on Saturday: Monday"),
    ("2026-11-14", 15, False, "2026-11-29", "roll_forward = false: the Sunday itself"),
    ("2026-08-04", 60, True, "2026-10-08", "petition law 2022 §34: 60 days end on 3 October"),
    ("2026-08-04", 60, False, "2026-10-03", "and would end there without Art. 203"),
    ("2026-08-11", 60, True, "2026-10-10", "ends on a make-up Saturday: offices work, no roll"),
    ("2024-01-27", 15, True, "2024-02-18", "ends on 11 February 2024: the make-up Sunday after Spring Festival"),
    ("2025-01-14", 15, True, "2025-02-05", "ends in Spring Festival 2025"),
    ("2026-01-30", 30, True, "2026-03-02", "ends on Sunday 1 March 2026"),
    ("2026-01-29", 30, True, "2026-02-28", "ends on the make-up Saturday of 2026"),
    ("2024-09-01", 30, True, "2024-10-08", "petition law 2022 §35: ends on 1 October"),
    ("2025-09-02", 30, True, "2025-10-09", "ends in National Day with Mid-Autumn"),
    ("2025-12-02", 30, True, "2026-01-04", "ends on 1 January 2026: the make-up Sunday"),
    ("2024-12-02", 30, True, "2025-01-02", "ends on 1 January 2025"),
    ("2023-12-31", 60, True, "2024-02-29", "leap day"),
    ("2024-11-02", 60, True, "2025-01-02", "60 days across the year end on New Year"),
    ("2026-06-04", 15, True, "2026-06-22", "service line: closing; 19 June is Dragon Boat"),
]
# Not announced yet: weekends alone are days off, and the date is provisional when it rests on one of those days.
PROVISIONAL = [
    ("2026-12-30", 1, "working", "2026-12-31", False),
    ("2026-12-31", 1, "working", "2027-01-01", True),  # surely a holiday, but nobody has announced it
    ("2026-12-18", 13, "working", "2027-01-06", True),
    ("2027-02-05", 5, "working", "2027-02-12", True),
    ("2026-12-10", 15, "calendar", "2026-12-25", False),
    ("2026-12-15", 30, "calendar", "2027-01-14", True),
    ("2026-12-18", 15, "calendar", "2027-01-04", True),  # ends on Saturday, 2 January
    ("2026-12-18", 15, "as it is", "2027-01-02", False),  # rests on no calendar
]


@pytest.mark.parametrize("line", WORKING, ids=lambda line: f"{line[0]} + {line[1]} WD: {line[3]}")
def test_a_limit_in_working_days(line):
    start, days, due, _why = line

    counted = add_working_days(day(start), days)

    assert (counted.due, counted.provisional) == (day(due), False)
    assert count_working(day(start), days) == day(due)


@pytest.mark.parametrize("line", CALENDAR, ids=lambda line: f"{line[0]} + {line[1]} d: {line[4]}")
def test_a_limit_in_calendar_days(line):
    start, days, roll_forward, due, _why = line

    counted = add_calendar_days(day(start), days, roll_forward=roll_forward)

    assert (counted.due, counted.provisional) == (day(due), False)
    assert count_calendar(day(start), days, roll_forward=roll_forward) == day(due)


@pytest.mark.parametrize("line", PROVISIONAL, ids=str)
def test_what_rests_on_a_year_that_is_not_announced_is_provisional(line):
    start, days, kind, due, provisional = line

    if kind == "working":
        counted = add_working_days(day(start), days)
    else:
        counted = add_calendar_days(day(start), days, roll_forward=kind == "calendar")

    assert (counted.due, counted.provisional) == (day(due), provisional)
    assert ("calendar_provisional" in [step.code for step in counted.steps]) == provisional


def test_there_are_years_that_are_announced_and_others():
    assert [year for year in range(2020, 2031) if is_announced(year)] == list(range(2020, 2027))


def test_every_day_of_the_notices_is_as_they_say():
    first, end = datetime.date(NOTICED.start, 1, 1), datetime.date(NOTICED.stop, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range((end - first).days)]

    assert [day for day in days if is_working_day(day) != works(day)] == []
    assert all(is_working_day(day(made_up)) for made_up in MAKE_UP_DAYS)


@pytest.mark.parametrize(
    ("start", "roll_forward", "due", "codes"),
    [
        ("2026-11-24", True, "2026-11-24", ["same_day"]),
        ("2026-11-28", True, "2026-11-30", ["same_day", "rolled_forward"]),
        ("2026-11-28", False, "2026-11-28", ["same_day"]),
        ("2026-10-10", True, "2026-10-10", ["same_day"]),
    ],
)
def test_what_is_due_at_once(start, roll_forward, due, codes):
    counted = same_day(day(start), roll_forward=roll_forward)

    assert counted.due == day(due)
    assert [step.code for step in counted.steps] == codes


@pytest.mark.parametrize("count", [add_working_days, add_calendar_days])
@pytest.mark.parametrize("days", [0, -1])
def test_a_limit_without_a_day_is_refused(count, days):
    with pytest.raises(ValueError, match="at least one day"):
        count(day("2026-11-24"), days)


def test_an_explanation_says_what_was_left_out_and_why():
    """期限 on page 05 of the design: received, starts next day, days skipped and why, make-up days counted, the n-th day."""
    assert add_working_days(day("2026-09-28"), 13).explanation == [
        {"code": "starts_after", "params": {"from": "2026-09-28"}},
        {
            "code": "days_off_skipped",
            "params": {"days": 7, "from": "2026-10-01", "to": "2026-10-07", "holiday": "national_day"},
        },
        {"code": "days_off_skipped", "params": {"days": 3, "from": "2026-10-11", "to": "2026-10-18"}},
        {"code": "make_up_day_counted", "params": {"days": 1, "from": "2026-10-10", "holiday": "national_day"}},
        {"code": "working_days", "params": {"days": 13, "to": "2026-10-21"}},
    ]


def test_a_roll_forward_is_explained_by_the_holiday_that_it_passes():
    assert add_calendar_days(day("2026-08-04"), 60).explanation == [
        {"code": "starts_after", "params": {"from": "2026-08-04"}},
        {"code": "calendar_days", "params": {"days": 60, "to": "2026-10-03"}},
        {"code": "rolled_forward", "params": {"days": 5, "from": "2026-10-03", "to": "2026-10-08", "holiday": "national_day"}},
    ]


def test_two_festivals_in_one_run_of_days_off_are_told_as_one():
    """2025: 国庆节、中秋节 10 月 1 日至 8 日放假, 8 days."""
    [holiday] = [step.params for step in add_working_days(day("2025-09-30"), 1).steps if step.code == "days_off_skipped"]

    assert holiday == {"days": 8, "from": "2025-10-01", "to": "2025-10-08", "holiday": "national_day"}


@given(start=any_days, days=st.integers(1, 60))
def test_between_start_and_end_lie_as_many_working_days_as_were_added(start, days):
    due = add_working_days(start, days).due

    assert working_days_between(start, due) == days
    assert working_days_between(due, start) == -days
    assert next_working_day(previous_working_day(due)) == due
