"""Wrong clocks, a cut line, a slow receiver (03, rows 7, 8 and 11); each prints what it reached."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.line import Office, arm, check_whole, quiet, replies, rows, store_many, submit, until

BACKLOG = 20_000 if os.environ.get("LONG") else 2_000
SLOW = 1_000 if os.environ.get("LONG") else 60
CASES = "SELECT number FROM casework_case"
DAY = 86_400


def resident(process: Any) -> int:
    """KiB that a process and its children hold."""
    pids = [process.pid, *map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())]
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4 for pid in pids)


@pytest.mark.parametrize("hours", [-24, 24])
def test_row_7_a_clock_that_is_a_day_wrong_loses_nothing_and_is_told(stack, hours, reached):
    for name in ("office-relay", "office-web", "office-worker"):
        arm(stack, name, clock=hours * 3600)
    stack.wait_ready(sites=("office",))
    office = Office(stack)
    until(office.log_in)
    before = len(rows(stack, "office", CASES))
    started = time.monotonic()

    receipts = [submit(stack, n) for n in range(3)]
    for receipt in receipts:
        office.answer(receipt["number"])

    check_whole(stack, before, receipts)
    told = "SELECT count(*) FROM exchange_alarm WHERE kind = 'clock_skew' AND cleared_at IS NULL"
    until(lambda: rows(stack, "portal", told) != [(0,)])
    took = time.monotonic() - started
    assert took < 60
    reached(f"office {hours:+} h: 3 petitions and answers, 0 lost; the portal raised the alarm within {took:.0f} s")


def test_row_8_after_a_partition_the_backlog_drains_and_answers_go_out_meanwhile(stack, reached):
    # Given a line that is cut, and petitions that come in all the same
    office = Office(stack)
    until(office.log_in)
    receipt = submit(stack, 0)
    until(lambda: office.has(receipt["number"]))
    before = len(rows(stack, "office", CASES))
    stack.kill("office-relay", hold=True)
    store_many(stack, BACKLOG)

    # When it is mended
    stack.restart("office-relay")
    started = time.monotonic()
    until(lambda: len(rows(stack, "office", CASES)) > before)
    office.answer(receipt["number"])
    until(lambda: replies(stack, receipt))
    answered = time.monotonic() - started
    left = before + BACKLOG - len(rows(stack, "office", CASES))
    until(lambda: len(rows(stack, "office", CASES)) == before + BACKLOG, seconds=BACKLOG / 5)
    drained = time.monotonic() - started

    # Then nothing is lost, and an answer went out while the backlog came in
    until(lambda: quiet(stack, "portal"), seconds=120)
    assert left > 0
    assert rows(stack, "office", "SELECT count(DISTINCT number) FROM casework_case") == [(before + BACKLOG,)]
    reached(
        f"{BACKLOG} waited; drained in {drained:.0f} s ({BACKLOG / drained:.0f}/s), 0 lost; "
        f"an answer reached the citizen after {answered:.1f} s, with {left} still to come"
    )


def test_row_11_a_slow_receiver_fills_no_memory_and_is_not_stormed(stack, reached):
    before = len(rows(stack, "office", CASES))
    arm(stack, "office-relay", points=[["internal_bridge.exchange.inbox:_apply", "before", 0.3]])
    log = stack.data_dir / "portal" / "logs" / "exchange.log"
    asked = log.read_text().count("/exchange/v1/")
    at_first = {name: resident(stack.process(name)) for name in ("office-relay", "portal-exchange")}

    store_many(stack, SLOW)
    started = time.monotonic()
    peak = dict(at_first)
    while len(rows(stack, "office", CASES)) < before + SLOW:
        assert time.monotonic() - started < 60 + 3 * SLOW
        for name in peak:
            peak[name] = max(peak[name], resident(stack.process(name)))
        time.sleep(0.5)
    took = time.monotonic() - started
    until(lambda: quiet(stack, "portal"))

    requests = log.read_text().count("/exchange/v1/") - asked
    assert len(rows(stack, "office", CASES)) == before + SLOW
    assert max(peak.values()) < 400 * 1024
    assert requests < 5 * took + 60
    grown = {name: f"{(peak[name] - at_first[name]) / 1024:.0f} MiB" for name in peak}
    reached(f"{SLOW} petitions at 0.3 s each: {took:.0f} s, {requests} requests, memory grew by {grown}")
