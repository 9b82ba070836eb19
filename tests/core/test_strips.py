"""A limit drawn day by day, in words: the number of each counted day, and why another is not counted."""

import datetime
from collections.abc import Iterator

import pytest
from django.utils import translation

from core.strips import Strip
from core.workdays import Counted, Pause, add_calendar_days, add_working_days

D = datetime.date


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def drawn(counted: Counted, today: D, reminder: D | None = None) -> Strip:
    strip = Strip.of(counted.explanation, due=counted.due, today=today, reminder=reminder)
    assert strip is not None
    return strip


def boxes(strip: Strip) -> str:
    return " ".join(cell.box for cell in strip.cells)


def marks(strip: Strip) -> dict[str, str]:
    return {cell.mark: cell.date.isoformat() for cell in strip.cells if cell.mark}


def test_national_day_of_2026_with_its_make_up_saturday() -> None:
    """Notice for 2026: days off 1–7 October, Saturday 10 October is worked; 13 working days (Civil Code Art. 201)."""
    strip = drawn(add_working_days(D(2026, 9, 28), 13), D(2026, 10, 14), D(2026, 10, 20))

    assert boxes(strip) == "起 1 2 休 休 休 休 休 休 休 3 4 5 休 6 7 8 9 10 休 休 11 12 13"
    assert marks(strip) == {
        "起算": "2026-09-28", "调休班": "2026-10-10", "今天": "2026-10-14", "提醒": "2026-10-20", "到期": "2026-10-21",
    }  # fmt: skip
    assert [cell.look for cell in strip.cells][:5] == ["start", "past", "past", "off", "off"]
    assert [cell.day for cell in strip.cells][:5] == ["9-28", "29", "30", "10-1", "2"]
    assert [cell.note for cell in strip.cells][2:4] == ["第2天", "国庆节"]
    assert "调休班：10-10 上班，计入" in strip.key
    assert strip.weeks[0][0] is strip.cells[0]
    assert [len(week) for week in strip.weeks] == [7, 7, 7, 7]
    assert not strip.is_long


def test_a_limit_in_calendar_days_counts_days_off_and_rolls_forward() -> None:
    """15 days from 20 September end in the holidays: the limit ends on the next working day (Civil Code Art. 203)."""
    strip = drawn(add_calendar_days(D(2026, 9, 20), 15), D(2026, 9, 25))

    assert boxes(strip) == "起 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 休 休 –"
    assert strip.cells[-1].note == "顺延至此"
    assert "调休班" not in marks(strip)


def test_days_of_a_pause_are_told_apart_from_days_off() -> None:
    strip = drawn(add_working_days(D(2026, 9, 28), 5, pauses=[Pause(D(2026, 10, 9), D(2026, 10, 12))]), D(2026, 10, 9))

    assert boxes(strip) == "起 1 2 休 休 休 休 休 休 休 3 停 停 停 停 4 5"
    assert "停：暂停，不计入" in strip.key


def test_sixty_days_are_laid_out_by_weeks_and_told_by_months() -> None:
    """2022 §34: 60 days."""
    strip = drawn(add_calendar_days(D(2026, 9, 30), 60), D(2026, 10, 1))

    assert strip.is_long
    assert strip.months == ["2026-10-01 至 2026-10-31，31 天", "2026-11-01 至 2026-11-29，29 天"]


def test_in_english_it_says_the_same() -> None:
    with translation.override("en"):
        strip = drawn(add_working_days(D(2026, 9, 28), 3), D(2026, 9, 29))
        assert strip.words == "Day by day from 2026-09-28 to 2026-10-08: 3 working days"
        assert strip.cells[3].words == "2026-10-01 National Day, not counted"


def test_steps_that_do_not_say_when_a_limit_starts_draw_nothing() -> None:
    assert Strip.of([], due=D(2026, 10, 8), today=D(2026, 10, 1)) is None
