"""kill -9 anything in the middle and start it again: nothing is lost, nothing is doubled, no order breaks (03, row 1)."""

from pathlib import Path

from tests.faults.line import Office, arm, check_whole, replies, rows, submit, until

# Every program of both sites, the broker among them.
VICTIMS = ["portal-web", "portal-exchange", "office-relay", "office-web", "valkey", "portal-worker", "office-worker"]

EXCHANGE = "internal_bridge.exchange"
# Where a program dies, by its own hand, in the middle of what it does; a round arms one point in each program.
POINTS = {
    "portal-web": [
        ("core.idempotency:once", "before"),
        (f"{EXCHANGE}.outbox:send_message", "after"),
        ("core.idempotency:once", "after"),
    ],
    "portal-exchange": [
        (f"{EXCHANGE}.outbox:claim_messages", "before"),
        (f"{EXCHANGE}.outbox:claim_messages", "after"),
        (f"{EXCHANGE}.services:take_receipts", "before"),
        (f"{EXCHANGE}.services:take_receipts", "after"),
        (f"{EXCHANGE}.inbox:_store", "after"),
        (f"{EXCHANGE}.inbox:_apply", "after"),
        (f"{EXCHANGE}.inbox:receive_message", "after"),
    ],
    "office-relay": [
        (f"{EXCHANGE}.client:ExchangeClient.pull", "after"),
        (f"{EXCHANGE}.inbox:_store", "after"),
        (f"{EXCHANGE}.inbox:_apply", "after"),
        (f"{EXCHANGE}.client:ExchangeClient.post_receipts", "before"),
        (f"{EXCHANGE}.client:ExchangeClient.post_receipts", "after"),
        (f"{EXCHANGE}.client:ExchangeClient.push", "before"),
        (f"{EXCHANGE}.client:ExchangeClient.push", "after"),
    ],
    "office-web": [
        (f"{EXCHANGE}.outbox:send_message", "after"),
        ("core.idempotency:once", "after"),
    ],
}


def test_whatever_is_killed_every_petition_becomes_one_case_and_every_answer_arrives_once(stack):
    # Given a dispatcher at work
    office = Office(stack)
    until(office.log_in)
    before = len(rows(stack, "office", "SELECT number FROM casework_case"))

    # When every program dies once, in the middle of petitions and answers
    receipts = []
    for n, victim in enumerate(VICTIMS):
        receipts.append(submit(stack, 2 * n))
        stack.kill(victim)
        receipts.append(submit(stack, 2 * n + 1))
        office.answer(receipts[-2]["number"])
    for receipt in receipts[1::2]:
        office.answer(receipt["number"])

    # Then nothing is lost, nothing is doubled
    check_whole(stack, before, receipts)

    # And when everything stops and starts again, it is all still there
    stack.stop()
    stack.start()
    assert len(rows(stack, "office", "SELECT number FROM casework_case")) == before + len(receipts)
    assert replies(stack, receipts[0])


def test_a_program_that_dies_at_the_worst_moment_loses_and_doubles_nothing(stack, tmp_path, reached):
    office = Office(stack)
    until(office.log_in)
    before = len(rows(stack, "office", "SELECT number FROM casework_case"))
    receipts, flags = [], []

    for n in range(max(len(points) for points in POINTS.values())):
        for name, points in POINTS.items():
            if n < len(points):
                flags.append(plant(stack, name, *points[n], tmp_path))
        receipts.append(submit(stack, n))
        office.answer(receipts[-1]["number"])
        until(lambda one=receipts[-1]: replies(stack, one))
        until(lambda: not any(flag.exists() for flag in flags))

    check_whole(stack, before, receipts)
    reached(f"{len(flags)} points of death, {len(receipts)} petitions and answers: 0 lost, 0 doubled, 0 out of order")


def plant(stack, name: str, target: str, when: str, folder: Path) -> Path:
    """Arm one point of death in a program; the flag goes when it has struck."""
    flag = folder / f"{name} {when} {target}"
    flag.touch()
    arm(stack, name, points=[[target, when, str(flag)]])
    return flag
