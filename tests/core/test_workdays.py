"""A date is derived from a moment in one way only: in Beijing time."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import local_date

UTC = datetime.UTC


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime.datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), (2026, 3, 31), id="a second before midnight"),
        pytest.param(datetime.datetime(2026, 3, 31, 16, 0, tzinfo=UTC), (2026, 4, 1), id="midnight in Beijing"),
        pytest.param(datetime.datetime(2026, 3, 31, 23, 59, tzinfo=UTC), (2026, 4, 1), id="still March in London"),
        pytest.param(datetime.datetime(2026, 12, 31, 16, 0, tzinfo=UTC), (2027, 1, 1), id="New Year in Beijing"),
        pytest.param(datetime.datetime(2028, 2, 28, 16, 0, tzinfo=UTC), (2028, 2, 29), id="leap day"),
        pytest.param(datetime.datetime(2026, 4, 1, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")), (2026, 4, 1), id="said in Beijing"),
        pytest.param(
            datetime.datetime(2026, 3, 31, 20, 0, tzinfo=ZoneInfo("America/New_York")), (2026, 4, 1), id="said in New York"
        ),
        pytest.param(
            datetime.datetime(2026, 1, 1, 5, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=14))),
            (2025, 12, 31),
            id="east of Beijing",
        ),
        # Summer time was kept until 1991: UTC+9.
        pytest.param(datetime.datetime(1990, 7, 1, 15, 0, tzinfo=UTC), (1990, 7, 2), id="summer time of 1990"),
    ],
)
def test_a_moment_has_the_date_that_it_has_in_beijing(moment, day):
    assert local_date(moment) == datetime.date(*day)


def test_a_moment_without_a_zone_has_no_date():
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime.datetime(2026, 4, 1, 12, 0))


@given(moment=st.datetimes(min_value=datetime.datetime(1992, 1, 1), max_value=datetime.datetime(2100, 1, 1)))
def test_the_date_turns_at_16_utc(moment):
    utc = moment.replace(tzinfo=UTC)

    assert local_date(utc) == (utc + datetime.timedelta(hours=8)).date()
