"""Whoever guesses learns nothing: not that a number exists, not that a code belongs to another, not by waiting."""

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.vault import new_receipt_code
from tests.petitions.letters import API, FOLLOW, letter, post

pytestmark = [pytest.mark.django_db, pytest.mark.db]

UNKNOWN = "20260102-123456-3"
# Enough that a handful of interruptions of the machine do not move the median.
TIMES = 60
NOISE = 1.5
TRIES = 4

Attempt = Callable[[], Any]


@pytest.fixture
def numbers(peer: Any, valkey: Any) -> list[dict[str, str]]:
    """Two petitions, of two citizens."""
    return [post(Client(), letter()).json() for _ in range(2)]


@pytest.fixture(params=["api", "page"])
def attempts(request: pytest.FixtureRequest, numbers: list[dict[str, str]]) -> dict[str, Attempt]:
    """The three ways to be wrong, each from a network of its own every time, as throttling would otherwise end them."""
    address = iter(f"10.{one}.{two}.1" for one in range(256) for two in range(256))
    mine, other = numbers

    def ask(number: str, code: str) -> Any:
        client = Client(REMOTE_ADDR=next(address))
        if request.param == "api":
            return client.get(f"{API}{number}/", headers={"x-receipt-code": code})
        return client.post(FOLLOW, {"number": number, "code": code})

    return {
        "a wrong code": lambda: ask(mine["number"], new_receipt_code()),
        "an unknown number": lambda: ask(UNKNOWN, new_receipt_code()),
        "another's code": lambda: ask(mine["number"], other["receipt_code"]),
    }


def said(response: Any) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and body, without what the caller sent and what is random in every form."""
    body = response.content.decode()
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
    body = re.sub(r'(name="(?:number|code)" value=)"[^"]*"', r"\1", body)
    headers = [(name, value) for name, value in response.items() if name != "Date"]
    cookies = [(name, re.sub(r"=\w+;", "=;", morsel.OutputString(), count=1)) for name, morsel in response.cookies.items()]
    return response.status_code, sorted(headers + cookies), body


def test_status_headers_and_body_are_the_same(attempts):
    with time_machine.travel(timezone.now(), tick=False):
        answers = {name: said(attempt()) for name, attempt in attempts.items() for _ in range(3)}

    first, *others = answers.values()
    assert first[0] == 404
    assert others == [first, first]


def test_refusals_for_too_many_are_the_same_too(numbers):
    with time_machine.travel(timezone.now(), tick=False):
        for number, address in ((numbers[0]["number"], "10.0.0.1"), (UNKNOWN, "10.0.1.1")):
            for _ in range(10):
                Client(REMOTE_ADDR=address).get(f"{API}{number}/", headers={"x-receipt-code": new_receipt_code()})
        refused = [
            said(Client(REMOTE_ADDR=address).get(f"{API}{number}/", headers={"x-receipt-code": code}))
            for number, address in ((numbers[0]["number"], "10.0.0.1"), (UNKNOWN, "10.0.1.1"))
            for code in (new_receipt_code(), numbers[0]["receipt_code"], numbers[1]["receipt_code"])
        ]

    waits = {value for _status, headers, _body in refused for name, value in headers if name == "Retry-After"}
    assert all(3590 < int(wait) <= 3600 for wait in waits)
    alike = {(status, tuple(h for h in headers if h[0] != "Retry-After"), body) for status, headers, body in refused}
    assert len(alike) == 1
    assert refused[0][0] == 429


def test_the_time_is_the_same(attempts, reached):
    """Medians of interleaved attempts; a noisy machine is given another chance."""
    for attempt in attempts.values():
        attempt()

    for _ in range(TRIES):
        medians = measured(attempts)
        ratio = max(medians.values()) / min(medians.values())
        figures = ", ".join(f"{name} {median * 1000:.1f} ms" for name, median in medians.items())
        reached(f"medians of {TIMES}: {figures}; ratio {ratio:.3f}")
        if ratio < NOISE:
            return
    pytest.fail(f"told apart by time: {figures}")


def measured(attempts: dict[str, Attempt]) -> dict[str, float]:
    """Seconds that each kind takes in the median."""
    taken: dict[str, list[float]] = {name: [] for name in attempts}
    for _ in range(TIMES):
        for name, attempt in attempts.items():
            started = time.perf_counter()
            attempt()
            taken[name].append(time.perf_counter() - started)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
