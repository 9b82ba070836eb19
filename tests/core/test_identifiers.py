"""Identifiers: ordered UUIDs, and numbers that can be neither guessed, counted nor mistyped."""

import datetime
import re
import uuid

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import (
    NUMBER_PATTERN,
    OFFICE_FIRST_DIGITS,
    PORTAL_FIRST_DIGITS,
    draw_number,
    is_number,
    luhn_digit,
    normalise_number,
    uuid7,
)

DAY = datetime.date(2026, 11, 3)


def test_a_uuid_is_version_7_of_the_rfc_variant_and_holds_its_moment():
    with time_machine.travel(datetime.datetime(2026, 11, 3, 8, 0, tzinfo=datetime.UTC), tick=False):
        made = uuid7()

    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(datetime.datetime(2026, 11, 3, 8, 0, tzinfo=datetime.UTC).timestamp() * 1000)


def test_uuids_are_ordered_by_their_milliseconds_and_never_the_same():
    made = []
    with time_machine.travel(datetime.datetime(2026, 11, 3, tzinfo=datetime.UTC), tick=False) as clock:
        for _ in range(50):
            made += [uuid7(), uuid7()]
            clock.shift(datetime.timedelta(milliseconds=1))

    assert len(set(made)) == len(made)
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
    assert sorted(made[::2], key=str) == made[::2]


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        # ISO/IEC 7812-1's method on numbers whose check digit is known.
        ("7992739871", "3"),
        ("411111111111111", "1"),
        ("0", "0"),
        ("00000000000000", "0"),
        ("20260102123456", "3"),
    ],
)
def test_the_check_digit_is_luhns(digits, check):
    assert luhn_digit(digits) == check


@given(digits=st.from_regex(r"\A[0-9]{14}\Z"), position=st.integers(0, 13), other=st.integers(1, 9))
def test_one_wrong_digit_never_passes(digits, position, other):
    wrong = digits[:position] + str((int(digits[position]) + other) % 10) + digits[position + 1 :]

    assert luhn_digit(wrong) != luhn_digit(digits)


@given(digits=st.from_regex(r"\A[0-9]{14}\Z"), position=st.integers(0, 12))
def test_two_neighbours_in_the_wrong_order_are_noticed_but_for_0_and_9(digits, position):
    first, second = digits[position], digits[position + 1]
    swapped = digits[:position] + second + first + digits[position + 2 :]

    blind = first == second or {first, second} == {"0", "9"}
    assert (luhn_digit(swapped) == luhn_digit(digits)) == blind


@pytest.mark.parametrize("first_digits", [PORTAL_FIRST_DIGITS, OFFICE_FIRST_DIGITS])
def test_a_drawn_number_says_its_day_and_its_site(first_digits):
    drawn = {draw_number(DAY, first_digits=first_digits) for _ in range(300)}

    assert len(drawn) > 290
    for number in drawn:
        assert re.fullmatch(NUMBER_PATTERN, number)
        assert number.startswith("20261103-")
        assert number[9] in first_digits
        assert is_number(number)
    assert {number[9] for number in drawn} == set(first_digits)


def test_the_two_sites_can_never_draw_the_same_number():
    assert sorted(PORTAL_FIRST_DIGITS + OFFICE_FIRST_DIGITS) == list("0123456789")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("20260102-123456-4", id="wrong check digit"),
        pytest.param("202601021234563", id="without hyphens"),
        pytest.param("20260102-123456-3\n", id="a line's end behind"),
        pytest.param(" 20260102-123456-3", id="a space before"),
        pytest.param("20260102-12345-63", id="hyphens elsewhere"),
        pytest.param("２０２６０１０２-123456-3", id="full-width digits"),
        pytest.param("٢٠٢٦٠١٠٢-123456-3", id="Arabic digits"),
    ],
)
def test_what_is_no_number_is_refused(text):
    assert not is_number(text)


@pytest.mark.parametrize(
    "typed",
    [
        "20260102-123456-3",
        "202601021234563",
        " 20260102 123456 3 ",
        "2026-0102-1234-563",
        "20260102－123456－3",
        "20260102–123456—3",
        "20260102‐123456‑3",
        "20260102\u3000123456\t3\n",
    ],
)
def test_a_number_is_found_however_it_is_typed(typed):
    assert normalise_number(typed) == "20260102-123456-3"


@pytest.mark.parametrize("typed", ["", "  ", "2026", "20260102-123456-34", "abc", "20260102.123456.3", "2026010212345６3"])
def test_what_cannot_be_a_number_stays_as_it_is(typed):
    assert normalise_number(typed) == typed.strip()


@given(number=st.from_regex(r"\A[0-9]{8}-[0-9]{6}-[0-9]\Z"))
def test_normalising_twice_changes_nothing(number):
    assert normalise_number(number) == number
