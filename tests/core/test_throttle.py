"""What one network may try is counted exactly, told apart rightly, and never at the cost of others."""

import datetime
import logging
import socket
import threading
import time
from typing import Any

import pytest
import redis
import time_machine
from django.test import RequestFactory
from rest_framework.request import Request

from core import throttle
from core.throttle import Busy, Limit, Queue, Throttled, network_of, take
from deploy.local.sites import Ports

NETWORK = "192.0.2.0/24"
TEN = Limit("guess", 10, 3600)
MIDNIGHT = datetime.datetime(2026, 11, 23, 16, 0, tzinfo=datetime.UTC)


def refused(network: str, *limits: Limit) -> int | None:
    """How long to wait, or None when it was counted."""
    try:
        take(network, *limits)
    except Throttled as error:
        return error.wait
    return None


# --- Counting ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 10, 60, 600])
def test_exactly_so_many_and_then_none(valkey, most):
    limit = Limit("guess", most, 3600)

    outcomes = [refused(NETWORK, limit) for _ in range(most + 5)]

    assert outcomes[:most] == [None] * most
    assert all(3590 < wait <= 3600 for wait in outcomes[most:])


def test_the_window_slides_and_the_wait_is_true(valkey):
    limit = Limit("guess", 2, 2)
    take(NETWORK, limit)
    time.sleep(1.2)
    take(NETWORK, limit)

    assert refused(NETWORK, limit) == 1
    time.sleep(1)
    # The first has left the window, the second has not.
    assert refused(NETWORK, limit) is None
    assert refused(NETWORK, limit) is not None


def test_who_is_refused_does_not_wait_the_longer_for_it(valkey):
    limit = Limit("guess", 1, 2)
    take(NETWORK, limit)
    until = time.monotonic() + 2

    while time.monotonic() < until - 0.2:
        assert refused(NETWORK, limit)
        time.sleep(0.1)
    time.sleep(0.3)
    assert refused(NETWORK, limit) is None


def test_what_is_given_back_does_not_count(valkey):
    for _ in range(30):
        take(NETWORK, TEN).give_back()

    assert [refused(NETWORK, TEN) for _ in range(11)][:10] == [None] * 10


def test_one_gives_back_its_own_place_only(valkey):
    first = take(NETWORK, TEN)
    for _ in range(9):
        take(NETWORK, TEN)
    first.give_back()
    first.give_back()

    assert refused(NETWORK, TEN) is None
    assert refused(NETWORK, TEN)


def test_under_several_limits_the_fullest_decides_and_none_is_used_up(valkey):
    narrow, wide = Limit("guess", 2, 60, subject="a"), Limit("guess", 5, 3600)

    assert [refused(NETWORK, narrow, wide) for _ in range(4)] == [None, None, 60, 60]
    other = Limit("guess", 9, 60, subject="b")
    assert [refused(NETWORK, other, wide) is None for _ in range(5)] == [True, True, True, False, False]


def test_networks_subjects_and_purposes_do_not_meet(valkey):
    for _ in range(10):
        take(NETWORK, TEN)

    assert refused("198.51.100.0/24", TEN) is None
    assert refused(NETWORK, Limit("guess", 10, 3600, subject="a")) is None
    assert refused(NETWORK, Limit("submission", 10, 3600)) is None
    assert refused(NETWORK, TEN)


def test_many_at_once_do_not_slip_through(valkey):
    together, outcomes = threading.Barrier(16, timeout=30), []

    def guess() -> None:
        together.wait()
        for _ in range(3):
            outcomes.append(refused(NETWORK, TEN))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(None) == 10
    assert len(outcomes) == 48


def test_midnight_makes_nobody_start_afresh(valkey):
    with time_machine.travel(MIDNIGHT - datetime.timedelta(minutes=5)):
        for _ in range(7):
            take(NETWORK, TEN)
    with time_machine.travel(MIDNIGHT + datetime.timedelta(minutes=5)):
        assert [refused(NETWORK, TEN) is None for _ in range(4)] == [True, True, True, False]
        # Those before midnight weigh under the old key, those after it under both.
        assert {valkey.zcard(key) for key in valkey.keys("*")} == {10, 3}
    with time_machine.travel(MIDNIGHT + datetime.timedelta(minutes=61)):
        assert [refused(NETWORK, TEN) is None for _ in range(8)] == [True] * 7 + [False]


def test_valkey_learns_neither_network_nor_subject_and_forgets(valkey):
    take(NETWORK, Limit("guess", 10, 60, subject="20260102-123456-3"))

    (key,) = valkey.keys("*")
    assert key.startswith(b"zq:throttle:")
    assert len(key) == len("zq:throttle:") + 64
    assert 0 < valkey.pttl(key) <= 60_000
    assert all(b"192.0" not in member and b"2026" not in member for member in valkey.zrange(key, 0, -1))


def test_the_pseudonym_changes_daily(valkey):
    for days in range(3):
        with time_machine.travel(MIDNIGHT + datetime.timedelta(days=days, hours=12)):
            take(NETWORK, TEN)

    assert len(valkey.keys("*")) == 3


# --- Whose network -------------------------------------------------------------------------------------------------------

PLACES = [
    ("192.0.2.77", "192.0.2.0/24"),
    ("192.0.3.77", "192.0.3.0/24"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
    ("::ffff:192.0.2.77", "192.0.2.0/24"),
    ("fe80::1%eth0", "fe80::/64"),
    ("", ""),
    ("unix:", ""),
]


@pytest.mark.parametrize(("address", "network"), PLACES)
def test_a_network_is_a_24_or_a_64(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.fixture
def proxies(settings: Any) -> Any:
    """Sets how many proxies stand in front."""

    def stand(number: int) -> None:
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": number}

    return stand


def test_what_a_stranger_writes_into_the_header_is_ignored():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.77", headers={"x-forwarded-for": "203.0.113.9"})

    assert network_of(request) == network_of(Request(request)) == "192.0.2.0/24"


@pytest.mark.parametrize(
    ("number", "header", "network"),
    [
        (1, "203.0.113.9", "203.0.113.0/24"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.0/24"),
        (2, "10.9.9.9, 203.0.113.9, 192.0.2.1", "203.0.113.0/24"),
        (2, "10.9.9.9, 2001:db8::1, 192.0.2.1", "2001:db8::/64"),
    ],
)
def test_behind_proxies_the_outermost_of_ours_says_who_called(proxies, number, header, network):
    proxies(number)

    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": header})
    assert network_of(request) == network


# --- Without Valkey ------------------------------------------------------------------------------------------------------


def test_without_valkey_nobody_is_refused_and_the_log_says_so_once_a_minute(settings, caplog, monkeypatch):
    settings.THROTTLE_URL = f"redis://127.0.0.1:{Ports.free().valkey}/0"
    monkeypatch.setattr(throttle, "_log", throttle._Log())
    started = time.monotonic()

    with caplog.at_level(logging.WARNING, "core.throttle"):
        for _ in range(50):
            take(NETWORK, Limit("guess", 1, 60)).give_back()

    assert time.monotonic() - started < 5
    (record,) = caplog.records
    assert "nobody is throttled" in record.message
    monkeypatch.setattr(throttle, "LOG_EVERY_SECONDS", -1.0)
    throttle._log.failure(redis.ConnectionError())
    monkeypatch.setattr(throttle._log, "_next", 0.0)
    take(NETWORK, TEN)
    assert len(caplog.records) == 2


def test_a_valkey_that_hangs_delays_nobody_for_long(settings):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.THROTTLE_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        started = time.monotonic()
        assert refused(NETWORK, Limit("guess", 1, 60)) is None

    assert time.monotonic() - started < 2


@pytest.mark.parametrize("url", ["", "memory://", "amqp://somewhere/"])
def test_a_broker_of_another_kind_counts_nothing(settings, url):
    settings.THROTTLE_URL = url

    assert [refused(NETWORK, Limit("guess", 1, 60)) for _ in range(3)] == [None] * 3


def test_a_valkey_that_restarts_is_found_again(valkey):
    take(NETWORK, TEN)
    valkey.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    assert [refused(NETWORK, TEN) is None for _ in range(10)].count(True) == 9


# --- A queue -------------------------------------------------------------------------------------------------------------


def test_no_more_than_so_many_at_once_and_all_get_their_turn():
    queue, lock, inside, most, done = Queue(at_once=2, patience=30), threading.Lock(), 0, 0, []

    def work(name: int) -> None:
        nonlocal inside, most
        with queue.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1
                done.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (most, sorted(done)) == (2, list(range(20)))


def test_who_gets_no_turn_is_told_so_and_a_failure_ends_its_turn():
    queue = Queue(at_once=1, patience=0.05)

    with queue.turn(), pytest.raises(Busy) as busy, queue.turn():
        pass
    assert busy.value.wait == 1
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError
    with queue.turn():
        pass
