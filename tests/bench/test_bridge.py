"""How fast a petition crosses, beside what this machine can do at best in the same run. Prints figures, judges none."""

import datetime
import sqlite3
import statistics
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from deploy.local.sites import Ports
from deploy.local.stack import Stack
from tests.networks import from_network

PETITIONS = 200
BODY = {
    "kind": "suggestion",
    "title": "建议在江滨路设直饮水点",
    "body": "跑步的人很多，建议设几个直饮水点。" * 20,
    "withhold_identity": False,
    "allow_publication": False,
}


def per_second(work: Any, *, seconds: float = 2.0) -> float:
    """How often ``work`` can be done in a second, one after the other."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - started)


@pytest.fixture(scope="module")
def commits_per_second(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Durable commits of one small row into SQLite, as the sites set it up."""
    connection = sqlite3.connect(tmp_path_factory.mktemp("raw") / "raw.sqlite3", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE one (x)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one VALUES (1)")
        connection.execute("COMMIT")

    rate = per_second(commit)
    connection.close()
    return rate


@pytest.fixture(scope="module")
def signatures_per_second() -> float:
    """Ed25519 JWS over 4 KiB."""
    key, payload = OKPKey.generate_key("Ed25519"), b"x" * 4096
    member = {"protected": {"alg": "Ed25519", "kid": "bench"}}
    return per_second(lambda: jws.serialize_json([member], payload, key, algorithms=["Ed25519"]))


def delays(data_dir: Path) -> list[float]:
    """Seconds from the portal's receipt of each petition to its registration in the office (one machine, one clock)."""
    with sqlite3.connect(f"file:{data_dir / 'office' / 'db.sqlite3'}?mode=ro", uri=True) as connection:
        query = "SELECT received_at, registered_at FROM casework_case ORDER BY id DESC LIMIT ?"
        pairs = connection.execute(query, [PETITIONS]).fetchall()
    read = datetime.datetime.fromisoformat
    return sorted((read(registered) - read(received)).total_seconds() for received, registered in pairs)


def percentiles(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), sorted(values)[max(0, round(len(values) * 0.99) - 1)]


def test_petitions_cross(tmp_path: Path, commits_per_second: float, signatures_per_second: float) -> None:
    with Stack(tmp_path / "data", Ports.free()) as stack:
        stack.start()
        # No more from one network than throttling lets through.
        networks = range(PETITIONS // 50 + 1)
        clients = [httpx.Client(base_url=stack.url("portal"), transport=from_network(n), timeout=30) for n in networks]
        answers, started = [], time.perf_counter()
        for number in range(PETITIONS):
            sent, client = time.perf_counter(), clients[number // 50]
            answer = client.post("/api/v1/petitions/", json=BODY, headers={"Idempotency-Key": uuid.uuid4().hex})
            assert answer.status_code == 201
            answers.append(time.perf_counter() - sent)
        rate = PETITIONS / (time.perf_counter() - started)
        time.sleep(5)
        crossed = delays(stack.data_dir)
    assert len(crossed) == PETITIONS

    (answer_p50, answer_p99), (cross_p50, cross_p99) = percentiles(answers), percentiles(crossed)
    print(f"\nraw SQLite commits           {commits_per_second:10.0f} /s")
    print(f"raw Ed25519 JWS of 4 KiB     {signatures_per_second:10.0f} /s")
    print(f"petitions, one after another {rate:10.1f} /s    1 : {commits_per_second / rate:.0f} raw commits")
    print(f"receipt shown                {answer_p50 * 1000:10.0f} ms p50 {answer_p99 * 1000:8.0f} ms p99")
    print(f"in the office's register     {cross_p50 * 1000:10.0f} ms p50 {cross_p99 * 1000:8.0f} ms p99")
