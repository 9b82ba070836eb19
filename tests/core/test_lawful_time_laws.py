"""What holds for every limit, whatever is paused, set otherwise or not announced yet; a second way of counting must agree."""

import datetime
import json
import random
from pathlib import Path

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

import core.workdays
from core.workdays import (
    ANNOUNCED,
    ONE_DAY,
    Counted,
    Pause,
    WorkCalendar,
    add_calendar_days,
    add_working_days,
    days_from,
    days_of,
    replay,
    same_day,
)
from tests.core.second_count import Second

SCHEMA = Path(core.workdays.__file__).parents[2] / "internal_bridge" / "exchange" / "schemas" / "case.status" / "1.json"
KINDS = ("working", "calendar", "as it is", "at once")

Day = datetime.date
any_days = st.dates(min_value=Day(2023, 6, 1), max_value=Day(2028, 12, 31))


@st.composite
def pauses_after(draw: st.DrawFn, start: Day) -> list[Pause]:
    """Pauses that begin around ``start`` and later; they may overlap, be empty, or last."""
    begun = draw(st.lists(st.tuples(st.integers(-5, 60), st.one_of(st.none(), st.integers(0, 25))), max_size=4))
    days = [(start + datetime.timedelta(days=offset), lasting) for offset, lasting in begun]
    return [Pause.between(day, None if lasting is None else day + datetime.timedelta(days=lasting)) for day, lasting in days]


@st.composite
def limits(draw: st.DrawFn) -> dict:
    """A limit with all that may befall it."""
    start = draw(any_days)
    offsets = draw(st.dictionaries(st.integers(-3, 60), st.booleans(), max_size=8))
    overrides = {start + datetime.timedelta(days=offset): works for offset, works in offsets.items()}
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "start": start,
        "days": draw(st.integers(1, 90)),
        "pauses": draw(pauses_after(start)),
        "calendar": WorkCalendar.with_additions(overrides),
    }


def count(limit: dict) -> Counted:
    kind, start, days, rest = limit["kind"], limit["start"], limit["days"], (limit["pauses"], limit["calendar"])
    said = dict(zip(("pauses", "calendar"), rest, strict=True))
    if kind == "working":
        return add_working_days(start, days, **said)
    if kind == "at once":
        return same_day(start, **said)
    return add_calendar_days(start, days, roll_forward=kind == "calendar", **said)


@settings(max_examples=150)
@given(limit=limits(), later=st.integers(0, 20), more=st.integers(0, 20))
def test_a_later_start_or_a_longer_limit_never_ends_earlier(limit, later, more):
    if limit["kind"] == "at once":
        # What happens on the day on which a pause ends is due that day, though what happened before it is due after it.
        limit["pauses"] = []
    due = count(limit).due

    assert count(limit | {"days": limit["days"] + more}).due >= due
    assert count(limit | {"start": limit["start"] + later * ONE_DAY}).due >= due


@settings(max_examples=150)
@given(limit=limits(), data=st.data())
def test_pausing_never_shortens_and_more_pauses_never_shorten(limit, data):
    due = count(limit).due

    assert due >= count(limit | {"pauses": []}).due
    assert count(limit | {"pauses": limit["pauses"] + data.draw(pauses_after(limit["start"]))}).due >= due


@settings(max_examples=150)
@given(limit=limits())
def test_a_limit_ends_on_a_working_day_unless_it_may_end_on_any(limit):
    due = count(limit).due

    assert limit["kind"] == "as it is" or limit["calendar"].is_working_day(due)
    # The last day may be one of a pause only as its last: where the pause began on what was the last day before.
    left_out = {day for pause in limit["pauses"] if pause.last for day in days_from(pause.first, pause.last)}
    assert due not in left_out or due + ONE_DAY not in left_out


@settings(max_examples=200)
@given(limit=limits())
def test_an_explanation_fits_the_message_and_replays_to_the_date(limit):
    schema = json.loads(SCHEMA.read_text())["properties"]["deadlines"]["items"]["properties"]["explanation"]
    counted = count(limit)

    jsonschema.validate(counted.explanation, schema, format_checker=jsonschema.FormatChecker())

    assert replay(counted.explanation) == counted.due


@settings(max_examples=200)
@given(limit=limits())
def test_the_numbers_of_a_strip_are_those_of_the_limit_and_end_at_it(limit):
    counted = count(limit)

    strip = days_of(counted.explanation, calendar=limit["calendar"])

    numbers = [day.number for day in strip if day.number is not None]
    assert numbers == list(range(1, (0 if limit["kind"] == "at once" else limit["days"]) + 1))
    assert (strip[0].date, strip[-1].date) == (limit["start"], counted.due)
    assert [day.is_due for day in strip] == [False] * (len(strip) - 1) + [True]
    assert all((day.number is None) == bool(day.why_not) for day in strip)
    # What is told of a day is what it is.
    if limit["kind"] == "working":
        untold = [day for day in strip[1:] if not day.paused and day.status != limit["calendar"].status(day.date)]
        assert untold == []


def test_a_second_way_of_counting_agrees_on_ten_thousand_limits():
    """Day by day, over a table of days of its own: no code in common with the product."""
    chance = random.Random(20261124)
    first = Day(2023, 7, 1)
    for _each in range(10_000):
        start = first + chance.randrange(1500) * ONE_DAY
        overrides = {
            start + chance.randrange(70) * ONE_DAY: chance.random() < 0.5 for _set in range(chance.choice((0, 0, 0, 3)))
        }
        spans = []
        for _paused in range(chance.choice((0, 0, 1, 2))):
            begun = start + chance.randrange(-3, 50) * ONE_DAY
            spans.append((begun, begun + chance.randrange(20) * ONE_DAY))
        limit = {
            "kind": chance.choice(KINDS),
            "start": start,
            "days": chance.randint(1, 60),
            "pauses": [Pause.between(*span) for span in spans],
            "calendar": WorkCalendar.with_additions(overrides) if overrides else ANNOUNCED,
        }

        assert count(limit).due == Second(overrides, spans).due(limit["kind"], start, limit["days"]), limit
