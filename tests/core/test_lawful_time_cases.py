"""Dated limits, worked out by reading the State Council's notices (tests/core/notices.py) with a finger on the wall calendar.

A line: where the rule stands, when it began (Beijing time), the limit, on which days pauses began and ended, when it ends, why.
Limits: ``5 WD`` working days, ``60 d`` calendar days, ``60 d!`` not rolled forward, ``0`` at once, ``60+30 d`` extended.
"""

import datetime
import time

import pytest

from core.workdays import (
    BEIJING,
    Counted,
    Pause,
    WorkCalendar,
    YearNotice,
    add_calendar_days,
    add_working_days,
    days_from,
    days_of,
    local_date,
    replay,
    same_day,
)

CASES = """
# Civil Code 201: the day of the event is not counted; it is the day in Beijing, to the last minute
hotline dispatch | 2024-02-09 23:59 | 1 WD | | 2024-02-18 | last minute before Spring Festival
hotline dispatch | 2024-02-10 00:00 | 1 WD | | 2024-02-18 | its first minute
hotline dispatch | 2024-02-17 23:59 | 1 WD | | 2024-02-18 | its last minute
hotline dispatch | 2024-02-18 00:00 | 1 WD | | 2024-02-19 | the make-up Sunday has begun, and is not counted
hotline dispatch | 2024-09-30 23:59 | 1 WD | | 2024-10-08 | before National Day
hotline dispatch | 2024-10-01 00:00 | 1 WD | | 2024-10-08 | on it
hotline dispatch | 2024-10-07 23:59 | 1 WD | | 2024-10-08 | the last day off
hotline dispatch | 2024-10-08 00:00 | 1 WD | | 2024-10-09 | offices are open again
hotline dispatch | 2024-12-31 23:59 | 1 WD | | 2025-01-02 | year end
hotline dispatch | 2025-01-01 00:00 | 1 WD | | 2025-01-02 | New Year
hotline dispatch | 2025-12-31 23:59 | 1 WD | | 2026-01-04 | off 1–3 January 2026, at work on the Sunday
hotline dispatch | 2026-01-01 00:00 | 1 WD | | 2026-01-04 | New Year
hotline dispatch | 2026-01-03 23:59 | 1 WD | | 2026-01-04 | the last day off
hotline dispatch | 2026-01-04 00:00 | 1 WD | | 2026-01-05 | the make-up Sunday itself
hotline answer | 2026-11-20 23:59 | 3 WD | | 2026-11-25 | Friday
hotline answer | 2026-11-21 00:00 | 3 WD | | 2026-11-25 | Saturday, a minute later
hotline answer | 2026-11-22 23:59 | 3 WD | | 2026-11-25 | Sunday
hotline answer | 2026-11-23 00:00 | 3 WD | | 2026-11-26 | Monday
hotline urgent | 2026-11-20 23:59 | 0 | | 2026-11-20 | one minute is left
hotline urgent | 2026-11-21 00:00 | 0 | | 2026-11-23 | on a Saturday (Art. 203)
hotline urgent | 2026-02-14 23:59 | 0 | | 2026-02-14 | on a make-up Saturday
hotline urgent | 2026-02-15 00:00 | 0 | | 2026-02-24 | in Spring Festival
hotline urgent | 2024-02-18 08:00 | 0 | | 2024-02-18 | on a make-up Sunday
hotline urgent | 2025-10-01 00:00 | 0 | | 2025-10-09 | on National Day, with Mid-Autumn
hotline urgent | 2025-10-11 23:59 | 0 | | 2025-10-11 | on a make-up Saturday
hotline urgent | 2025-10-12 00:00 | 0 | | 2025-10-13 | on the Sunday after it
2022 §22 | 2024-06-14 23:59 | 15 d | | 2024-07-01 | ends on Saturday 29 June
2022 §22 | 2024-06-15 23:59 | 15 d | | 2024-07-01 | ends on Sunday
2022 §22 | 2024-06-16 00:00 | 15 d | | 2024-07-01 | ends on Monday itself
2022 §35 | 2025-03-01 23:59 | 30 d | | 2025-03-31 | arrived on a Saturday
2022 §35 | 2025-03-02 00:00 | 30 d | | 2025-04-01 | arrived on a Sunday

# Spring Festival: 2024 off 10–17 February, at work on Sundays 4 and 18
hotline consultation | 2024-02-02 10:00 | 3 WD | | 2024-02-06 | 4, 5, 6
hotline help | 2024-02-02 10:00 | 5 WD | | 2024-02-08 | 4, 5, 6, 7, 8
2022 §23(3) | 2024-02-05 10:00 | 5 WD | | 2024-02-18 | 6, 7, 8, 9, 18
hotline complaint | 2024-02-06 10:00 | 5 WD | | 2024-02-19 | 7, 8, 9, 18, 19
hotline investigation | 2024-02-07 10:00 | 13 WD | | 2024-03-01 | a leap year: 29 February counts
hotline consultation | 2024-02-15 10:00 | 3 WD | | 2024-02-20 | arrived in the festival: 18, 19, 20
hotline help | 2024-02-17 10:00 | 5 WD | | 2024-02-22 | on its last day: 18 to 22
# 2025 off 28 January–4 February, at work on Sunday 26 January and Saturday 8 February
hotline consultation | 2025-01-23 10:00 | 3 WD | | 2025-01-27 | 24, 26, 27
hotline help | 2025-01-24 10:00 | 5 WD | | 2025-02-07 | 26, 27, 5, 6, 7
2022 §23(3) | 2025-01-26 10:00 | 5 WD | | 2025-02-08 | 27, 5, 6, 7, 8
hotline complaint | 2025-01-28 10:00 | 5 WD | | 2025-02-10 | 5, 6, 7, 8, 10
hotline consultation | 2025-02-04 10:00 | 3 WD | | 2025-02-07 | 5, 6, 7
hotline investigation | 2025-01-22 10:00 | 13 WD | | 2025-02-14 | both make-up days are among them
hotline sign | 2025-02-07 10:00 | 1 WD | | 2025-02-08 | Saturday, at work
# 2026 off 15–23 February, at work on Saturdays 14 and 28
hotline consultation | 2026-02-11 10:00 | 3 WD | | 2026-02-14 | 12, 13, 14
hotline consultation | 2026-02-12 10:00 | 3 WD | | 2026-02-24 | 13, 14, 24
hotline sign | 2026-02-14 10:00 | 1 WD | | 2026-02-24 | nine days off
hotline consultation | 2026-02-15 10:00 | 3 WD | | 2026-02-26 | 24, 25, 26
2022 §23(3) | 2026-02-23 10:00 | 5 WD | | 2026-02-28 | 24 to 28
hotline complaint | 2026-02-24 10:00 | 5 WD | | 2026-03-02 | 25, 26, 27, 28, 2
hotline investigation | 2026-02-10 10:00 | 13 WD | | 2026-03-05 | 11–14, 24–28, 2–5

# National Day: 2024 off 1–7 October, at work on Sunday 29 September and Saturday 12 October
hotline complaint | 2024-09-26 10:00 | 5 WD | | 2024-10-09 | 27, 29, 30, 8, 9
hotline sign | 2024-09-28 10:00 | 1 WD | | 2024-09-29 | Sunday, at work
2022 §23(3) | 2024-10-08 10:00 | 5 WD | | 2024-10-14 | 9, 10, 11, 12, 14
hotline investigation | 2024-09-24 10:00 | 13 WD | | 2024-10-16 | both make-up days
# 2025 off 1–8 October, at work on Sunday 28 September and Saturday 11 October
hotline consultation | 2025-09-26 10:00 | 3 WD | | 2025-09-30 | 28, 29, 30
hotline consultation | 2025-09-29 10:00 | 3 WD | | 2025-10-10 | 30, 9, 10
hotline help | 2025-09-30 10:00 | 5 WD | | 2025-10-14 | 9, 10, 11, 13, 14
hotline help | 2025-10-08 10:00 | 5 WD | | 2025-10-14 | the same, from the last day off
hotline investigation | 2025-09-23 10:00 | 13 WD | | 2025-10-16 | 24–26, 28–30, 9–11, 13–16
# 2026 off 25–27 September and 1–7 October, at work on Sunday 20 September and Saturday 10 October
2022 §23(3) | 2026-09-24 10:00 | 5 WD | | 2026-10-09 | 28, 29, 30, 8, 9
hotline help | 2026-09-18 10:00 | 5 WD | | 2026-09-24 | 20 to 24
hotline investigation | 2026-09-22 10:00 | 13 WD | | 2026-10-16 | over two holidays
hotline consultation | 2026-10-07 10:00 | 3 WD | | 2026-10-10 | 8, 9 and the make-up Saturday

# the other holidays, year ends
hotline consultation | 2024-04-03 10:00 | 3 WD | | 2024-04-09 | Tomb-sweeping; at work on Sunday 7
hotline sign | 2024-04-06 10:00 | 1 WD | | 2024-04-07 | Sunday, at work
hotline consultation | 2024-04-26 10:00 | 3 WD | | 2024-04-30 | at work on Sunday 28
hotline sign | 2024-05-10 10:00 | 1 WD | | 2024-05-11 | Saturday, at work
hotline consultation | 2024-06-07 10:00 | 3 WD | | 2024-06-13 | Dragon Boat on Monday 10
hotline consultation | 2025-04-03 10:00 | 3 WD | | 2025-04-09 | off 4–6
hotline consultation | 2025-04-25 10:00 | 3 WD | | 2025-04-29 | at work on Sunday 27
hotline consultation | 2025-05-30 10:00 | 3 WD | | 2025-06-05 | off 31 May–2 June
hotline consultation | 2026-04-03 10:00 | 3 WD | | 2026-04-09 | off 4–6, a Monday among them
hotline help | 2026-04-29 10:00 | 5 WD | | 2026-05-09 | 30, 6, 7, 8 and the make-up Saturday
hotline consultation | 2026-06-17 10:00 | 3 WD | | 2026-06-23 | off 19–21
hotline consultation | 2023-12-29 10:00 | 3 WD | | 2024-01-04 | into 2024
hotline help | 2024-12-27 10:00 | 5 WD | | 2025-01-06 | into 2025: 30, 31, 2, 3, 6
portal mail error report | 2025-12-30 10:00 | 3 WD | | 2026-01-05 | into 2026: 31, 4, 5

# Civil Code 203: a limit in calendar days that ends on a day off ends on the next working day
2022 §22 | 2024-01-26 10:00 | 15 d | | 2024-02-18 | ends on 10 February
2022 §22 | 2024-02-03 10:00 | 15 d | | 2024-02-18 | ends on a make-up Sunday
2022 §23(3) notice | 2024-09-14 10:00 | 15 d | | 2024-09-29 | ends on a make-up Sunday
2022 §22 | 2024-09-27 10:00 | 15 d | | 2024-10-12 | ends on a make-up Saturday
2022 §22 | 2024-09-28 10:00 | 15 d | | 2024-10-14 | ends on the Sunday after it
2022 §22 | 2025-01-11 10:00 | 15 d | | 2025-01-26 | ends on a make-up Sunday
2022 §22 | 2025-01-24 10:00 | 15 d | | 2025-02-08 | ends on a make-up Saturday
2022 §22 | 2025-01-25 10:00 | 15 d | | 2025-02-10 | ends on the Sunday after it
2022 §23(3) notice | 2025-09-16 10:00 | 15 d | | 2025-10-09 | ends on 1 October
2022 §22 | 2026-01-31 10:00 | 15 d | | 2026-02-24 | ends on 15 February
2022 §22 | 2026-01-31 10:00 | 15 d! | | 2026-02-15 | roll_forward = false
2022 §23(3) notice | 2026-05-16 10:00 | 15 d | | 2026-06-01 | ends on Sunday 31 May
2022 §34 | 2024-08-02 10:00 | 60 d | | 2024-10-08 | ends on 1 October
2022 §34 | 2024-08-02 10:00 | 60 d! | | 2024-10-01 | roll_forward = false
2022 §34 | 2025-08-03 10:00 | 60 d | | 2025-10-09 | ends on 2 October
2022 §34 | 2025-12-17 10:00 | 60 d | | 2026-02-24 | ends on 15 February
2022 §34 | 2026-01-05 10:00 | 60 d | | 2026-03-06 | days off within it are counted
2022 §34 | 2024-01-02 10:00 | 60 d | | 2024-03-04 | leap year: ends on Saturday 2 March
2022 §34 | 2024-03-06 10:00 | 60 d | | 2024-05-06 | ends on 5 May
2022 §35 | 2025-01-03 10:00 | 30 d | | 2025-02-05 | ends on 2 February
2022 §35 | 2026-09-05 10:00 | 30 d | | 2026-10-08 | ends on 5 October
2022 §35 | 2024-05-11 10:00 | 30 d | | 2024-06-11 | ends on Dragon Boat
2022 §36 | 2025-05-02 10:00 | 30 d | | 2025-06-03 | ends on 1 June
2022 §36 | 2026-05-20 10:00 | 30 d | | 2026-06-22 | ends on 19 June
2022 §36 | 2026-08-26 10:00 | 30 d | | 2026-09-28 | ends on 25 September
hotline closing | 2026-06-05 10:00 | 15 d | | 2026-06-22 | ends on 20 June

# Extensions: L + n from the same start, rolled forward once
2022 §34 | 2026-07-05 10:00 | 60+30 d | | 2026-10-08 | ends on 3 October
2022 §34 | 2025-07-10 10:00 | 60+30 d | | 2025-10-09 | ends on 8 October
2022 §34 | 2024-11-20 10:00 | 60+30 d | | 2025-02-18 | across the year end and Spring Festival
2022 §34 | 2025-11-20 10:00 | 60+30 d | | 2026-02-24 | ends in Spring Festival
2022 §34 | 2025-08-03 10:00 | 60+7 d | | 2025-10-09 | 67 days from the start, not 7 from the day rolled to
2022 §34 | 2024-08-02 10:00 | 60+10 d | | 2024-10-11 | not 18 October
hotline help | 2026-09-24 10:00 | 5+10 WD | | 2026-10-22 | across National Day
hotline help | 2025-09-24 10:00 | 5+10 WD | | 2025-10-21 | across National Day
hotline consultation | 2024-02-05 10:00 | 3+5 WD | | 2024-02-21 | across Spring Festival
hotline complaint | 2026-02-11 10:00 | 5+3 WD | | 2026-02-28 | to the make-up Saturday
hotline investigation | 2024-09-24 10:00 | 13+10 WD | | 2024-10-30 | 13 are over on 16 October
portal mail | 2025-04-25 10:00 | 7+8 WD | | 2025-05-20 | across Labour Day

# Pauses (04, Counting): left out from the day after one begins up to and including the day on which it ends
hotline help | 2026-11-02 10:00 | 5 WD | 11-04>11-10 | 2026-11-13 | 3, 4, 11, 12, 13
hotline help | 2026-11-02 10:00 | 5 WD | 11-04>11-04 | 2026-11-09 | begun and ended on one day: nothing
hotline help | 2026-11-02 10:00 | 5 WD | 11-06>11-09 | 2026-11-10 | over a weekend
hotline help | 2026-11-02 10:00 | 5 WD | 11-06>11-08 | 2026-11-09 | over nothing but a weekend
2022 §23(3) | 2026-09-24 10:00 | 5 WD | 09-29>10-08 | 2026-10-12 | over National Day
hotline help | 2026-11-02 10:00 | 5 WD | 11-09>11-12 | 2026-11-12 | begun on the last day: not over before it ends
hotline help | 2026-11-02 10:00 | 5 WD | 11-09>11-14 | 2026-11-16 | which is a Saturday
hotline help | 2026-11-02 10:00 | 5 WD | 11-10>11-20 | 2026-11-09 | begun when the limit was over
hotline help | 2026-11-02 10:00 | 5 WD | 11-04> | 2026-11-09 | still lasting: nobody knows for how long
hotline help | 2026-11-02 10:00 | 5 WD | 11-03>11-04, 11-05>11-09 | 2026-11-12 | two
hotline help | 2026-11-02 10:00 | 5 WD | 11-03>11-06, 11-04>11-10 | 2026-11-16 | two that overlap
hotline help | 2026-11-02 10:00 | 5+3 WD | 11-04>11-10 | 2026-11-18 | with an extension
hotline help | 2024-12-26 10:00 | 5 WD | 2024-12-30>2025-01-03 | 2025-01-08 | over the year end
hotline urgent | 2026-11-24 10:00 | 0 | 11-24>11-26 | 2026-11-26 | due at once, and paused at once
2022 §22 | 2026-11-02 10:00 | 15 d | 11-05>11-10 | 2026-11-23 | 5 days more: Sunday, rolled forward
2022 §22 | 2026-11-02 10:00 | 15 d | 11-05>11-11 | 2026-11-23 | 6 days more: Monday itself
2022 §22 | 2026-11-02 10:00 | 15 d! | 11-05>11-10 | 2026-11-22 | not rolled forward
2022 §34 | 2026-08-04 10:00 | 60 d | 09-01>09-08 | 2026-10-10 | the lengthened limit ends on a make-up Saturday
2022 §34 | 2026-08-04 10:00 | 60+30 d | 09-01>09-08 | 2026-11-09 | 97 days: 9 November
2022 §22 | 2026-11-06 10:00 | 15 d | 11-22>11-25 | 2026-11-26 | rolled forward over the pause
2022 §22 | 2026-11-06 10:00 | 15 d | 11-23>11-27 | 2026-11-27 | begun on the day rolled to
2022 §22 | 2026-11-06 10:00 | 15 d | 11-21>11-23 | 2026-11-24 | begun on the day off on which it ended
"""

# What a notice for 2027 might say: off 1–3 January and 5–11 February, at work on Sunday 31 January and Saturday 13 February.
day = datetime.date.fromisoformat
NOTICE_2027 = YearNotice(
    2027,
    (
        *((off, "new_year") for off in days_from(day("2027-01-01"), day("2027-01-03"))),
        *((off, "spring_festival") for off in days_from(day("2027-02-05"), day("2027-02-11"))),
    ),
    ((day("2027-01-31"), "spring_festival"), (day("2027-02-13"), "spring_festival")),
)
# Before the notice, provisional unless a star says that it rests on no day of 2027, and after it.
NOT_YET_ANNOUNCED = """
2026-12-30 | 1 WD | 2026-12-31* | 2026-12-31
2026-12-31 | 1 WD | 2027-01-01 | 2027-01-04
2026-12-18 | 13 WD | 2027-01-06 | 2027-01-07
2027-02-03 | 5 WD | 2027-02-10 | 2027-02-16
2027-01-29 | 3 WD | 2027-02-03 | 2027-02-02
2026-12-10 | 15 d | 2026-12-25* | 2026-12-25
2026-12-18 | 15 d | 2027-01-04 | 2027-01-04
2026-12-18 | 15 d! | 2027-01-02* | 2027-01-02
2027-01-27 | 15 d | 2027-02-11 | 2027-02-12
2026-12-08 | 60 d | 2027-02-08 | 2027-02-12
2027-01-01 | 0 | 2027-01-01 | 2027-01-04
"""
# The city sets single days otherwise; the last word is what the explanation says of it.
SET_OTHERWISE = """
2026-11-27 | 1 WD | 2026-11-30 off | 2026-12-01 | off
2026-11-27 | 1 WD | 2026-11-28 working | 2026-11-28 | working
2026-10-09 | 1 WD | 2026-10-10 off | 2026-10-12 | off
2026-02-14 | 1 WD | 2026-02-20 working | 2026-02-20 | working
2026-11-15 | 15 d | 2026-11-30 off | 2026-12-01 | off
2026-11-13 | 15 d | 2026-11-28 working | 2026-11-28 | working
2026-11-13 | 15 d | 2026-11-20 off | 2026-11-30 |
2026-11-30 | 0 | 2026-11-30 off | 2026-12-01 | off
2026-11-23 | 1 WD | 2026-11-30 off | 2026-11-24 |
2026-11-27 | 1 WD | 2026-11-28 off | 2026-11-30 |
"""


def lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.splitlines() if "|" in line and line[0] != "#"]


def count(start: datetime.date, limit: str, pauses: tuple[Pause, ...] = (), calendar: WorkCalendar | None = None) -> Counted:
    if limit == "0":
        return same_day(start, pauses=pauses, calendar=calendar)
    number, unit = limit.split()
    days = sum(map(int, number.split("+")))
    if unit == "WD":
        return add_working_days(start, days, pauses=pauses, calendar=calendar)
    return add_calendar_days(start, days, roll_forward=unit == "d", pauses=pauses, calendar=calendar)


def date_of(said: str, year: str) -> datetime.date | None:
    return day(said if len(said) == 10 else f"{year}-{said}") if said else None


def pauses_of(said: str, year: str) -> tuple[Pause, ...]:
    spans = [span.strip().partition(">") for span in said.split(",") if span.strip()]
    return tuple(Pause.between(date_of(begun, year), date_of(ended, year)) for begun, _to, ended in spans)


def received(said: str) -> datetime.date:
    return local_date(datetime.datetime.fromisoformat(said).replace(tzinfo=BEIJING).astimezone(datetime.UTC))


@pytest.mark.parametrize("line", lines(CASES), ids=lambda line: " ".join(line))
def test_a_limit_ends_on_the_day_that_the_law_says(line):
    _rule, start, limit, pauses, due, _why = line

    counted = count(received(start), limit, pauses_of(pauses, start[:4]))

    assert counted.due == day(due)
    assert not counted.provisional
    assert replay(counted.explanation) == counted.due


@pytest.mark.parametrize("line", lines(NOT_YET_ANNOUNCED), ids=" ".join)
def test_what_rests_on_a_year_not_announced_is_provisional_until_its_notice_is_entered(line):
    start, limit, before, after = line

    first = count(day(start), limit)
    then = count(day(start), limit, calendar=WorkCalendar.with_additions({}, [NOTICE_2027]))

    assert (first.due, first.provisional) == (day(before.rstrip("*")), not before.endswith("*"))
    assert ("calendar_provisional" in [step.code for step in first.steps]) == first.provisional
    assert (then.due, then.provisional) == (day(after), False)
    # What was told before is still what was told.
    assert replay(first.explanation) == first.due


@pytest.mark.parametrize("line", lines(SET_OTHERWISE), ids=" ".join)
def test_a_day_that_the_city_sets_otherwise_counts_as_set_and_is_told_where_it_mattered(line):
    start, limit, change, due, told = line
    set_day, works = change.split()
    calendar = WorkCalendar.with_additions({day(set_day): works == "working"})

    counted = count(day(start), limit, calendar=calendar)

    assert counted.due == day(due)
    said = [step.params for step in counted.steps if step.code == "day_overridden"]
    assert said == ([{"days": 1, "from": set_day, "to": set_day, "set_to": told}] if told else [])


def test_an_explanation_says_what_a_pause_and_the_city_changed():
    calendar = WorkCalendar.with_additions({day("2026-10-12"): False, day("2026-10-13"): False, day("2026-10-17"): True})

    counted = add_working_days(
        day("2026-09-28"), 5, pauses=[Pause.between(day("2026-10-08"), day("2026-10-10"))], calendar=calendar
    )

    assert counted.explanation == [
        {"code": "starts_after", "params": {"from": "2026-09-28"}},
        {"code": "pause_left_out", "params": {"days": 2, "from": "2026-10-09", "to": "2026-10-10"}},
        {
            "code": "days_off_skipped",
            "params": {"days": 7, "from": "2026-10-01", "to": "2026-10-07", "holiday": "national_day"},
        },
        {"code": "days_off_skipped", "params": {"days": 3, "from": "2026-10-11", "to": "2026-10-13"}},
        {"code": "day_overridden", "params": {"days": 2, "from": "2026-10-12", "to": "2026-10-13", "set_to": "off"}},
        {"code": "working_days", "params": {"days": 5, "to": "2026-10-15"}},
    ]
    assert [(told.number, told.why_not) for told in days_of(counted.explanation)][-8:] == [
        (3, ""),
        (None, "pause"),
        (None, "pause"),
        (None, "weekend"),
        (None, "set_off"),
        (None, "set_off"),
        (4, ""),
        (5, ""),
    ]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"])
def test_the_servers_own_zone_changes_no_date(monkeypatch, zone):
    """Daylight saving of half an hour on Lord Howe; tomorrow already on Kiritimati."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        wrong = [
            line
            for line in lines(CASES)
            if count(received(line[1]), line[2], pauses_of(line[3], line[1][:4])).due != day(line[4])
        ]
    finally:
        monkeypatch.undo()
        time.tzset()

    assert wrong == []
