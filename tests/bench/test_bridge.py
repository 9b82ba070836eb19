"""How fast petitions cross (03, row 13), beside what this machine can do at best in the same run. Prints, judges nothing."""

import contextlib
import datetime
import os
import sqlite3
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from deploy.local.services import postgresql
from deploy.local.sites import Ports
from deploy.local.stack import Stack
from tests.faults.line import store_many, until
from tests.networks import from_network

PETITIONS, BACKLOG = 200, 1_000
# Submitted with a pause after each, as on a quiet day.
QUIET, PAUSE = 40, 0.5
# With its seals, a message of about 4 KiB.
BODY = {
    "kind": "suggestion",
    "title": "建议在江滨路设直饮水点",
    "body": "跑步的人很多，建议设几个直饮水点。" * 45,
    "withhold_identity": False,
    "allow_publication": False,
}
Query = Callable[[str], list[tuple]]


def per_second(work: Any, *, seconds: float = 2.0) -> float:
    """How often ``work`` can be done in a second, one after the other."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - started)


def raw_signatures() -> float:
    """Ed25519 JWS over 4 KiB, a second."""
    key, payload = OKPKey.generate_key("Ed25519"), b"x" * 4096
    member = {"protected": {"alg": "Ed25519", "kid": "bench"}}
    return per_second(lambda: jws.serialize_json([member], payload, key, algorithms=["Ed25519"]))


def raw_commits(execute: Callable[[str], Any], begin: str) -> float:
    """Durable commits of one small row, a second."""
    execute("CREATE TABLE bench (x integer)")

    def commit() -> None:
        execute(begin)
        execute("INSERT INTO bench VALUES (1)")
        execute("COMMIT")

    return per_second(commit)


@contextlib.contextmanager
def on_sqlite(folder: Path) -> Iterator[tuple[dict[str, str], Query, float]]:
    """As the sites set SQLite up: write-ahead log, every commit on the disk."""
    raw = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
    raw.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    commits = raw_commits(raw.execute, "BEGIN IMMEDIATE")
    raw.close()

    def query(statement: str) -> list[tuple]:
        with sqlite3.connect(f"file:{folder / 'data' / 'office' / 'db.sqlite3'}?mode=ro", uri=True) as connection:
            rows = connection.execute(statement).fetchall()
        return [tuple(moment(value) for value in row) for row in rows]

    yield {}, query, commits


@contextlib.contextmanager
def on_postgresql(folder: Path) -> Iterator[tuple[dict[str, str], Query, float]]:
    """A durable PostgreSQL with a database for each site."""
    with postgresql(durable=True) as url, psycopg.connect(url, autocommit=True) as connection:
        urls = {}
        for site in ("portal", "office"):
            connection.execute(f"CREATE DATABASE {site}")
            urls[f"{site.upper()}_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{site}"))
        commits = raw_commits(connection.execute, "BEGIN")

        def query(statement: str) -> list[tuple]:
            with psycopg.connect(urls["OFFICE_DATABASE_URL"]) as office:
                return office.execute(statement).fetchall()

        yield urls, query, commits


def moment(value: Any) -> Any:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


def percentiles(values: list[float]) -> str:
    """p50 and p99 of seconds, in milliseconds."""
    ordered = sorted(values)
    highest = ordered[max(0, round(len(ordered) * 0.99) - 1)]
    return f"{statistics.median(ordered) * 1000:8.0f} ms p50 {highest * 1000:8.0f} ms p99"


def submit_one_by_one(stack: Stack, count: int, *, pause: float, first_network: int) -> list[float]:
    """Seconds until each receipt was shown. No more from one network than throttling lets through."""
    networks = range(first_network, first_network + count // 50 + 1)
    clients = [httpx.Client(base_url=stack.url("portal"), transport=from_network(n), timeout=30) for n in networks]
    taken = []
    for number in range(count):
        sent = time.perf_counter()
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        assert clients[number // 50].post("/api/v1/petitions/", json=BODY, headers=headers).status_code == 201
        taken.append(time.perf_counter() - sent)
        time.sleep(pause)
    return taken


def crossing_times(query: Query, last: int) -> list[float]:
    """Seconds from the portal's receipt to the office's register, of the last petitions."""
    pairs = query(f"SELECT received_at, registered_at FROM casework_case ORDER BY id DESC LIMIT {last}")
    return [(registered - received).total_seconds() for received, registered in pairs]


@pytest.mark.parametrize("database", [on_sqlite, on_postgresql], ids=["SQLite", "PostgreSQL"])
def test_petitions_cross(database: Any, tmp_path: Path) -> None:
    with database(tmp_path) as (urls, query, commits):
        count = "SELECT count(*) FROM casework_case"
        with Stack(tmp_path / "data", Ports.free(), environ={**os.environ, **urls}) as stack:
            stack.start()
            before = query(count)[0][0]
            quiet_answers = submit_one_by_one(stack, QUIET, pause=PAUSE, first_network=0)
            until(lambda: query(count)[0][0] == before + QUIET)
            quiet_crossed = crossing_times(query, QUIET)
            before += QUIET
            answers = submit_one_by_one(stack, PETITIONS, pause=0, first_network=10)
            until(lambda: query(count)[0][0] == before + PETITIONS)
            crossed = crossing_times(query, PETITIONS)

            stack.kill("office-relay", hold=True)
            store_many(stack, BACKLOG)
            stack.restart("office-relay")
            until(lambda: query(count)[0][0] > before + PETITIONS)
            started, first = time.perf_counter(), query(count)[0][0]
            until(lambda: query(count)[0][0] == before + PETITIONS + BACKLOG, seconds=600)
            rate = (before + PETITIONS + BACKLOG - first) / (time.perf_counter() - started)
        signatures = raw_signatures()

    name = database.__name__.removeprefix("on_")
    # The relay stores a message and applies it, each durably, one after the other.
    share = rate / (commits / 2)
    print(f"\n{name}: raw durable commits          {commits:8.0f} /s")
    print(f"{name}: raw Ed25519 JWS of 4 KiB     {signatures:8.0f} /s")
    print(f"{name}: one each {PAUSE} s: receipt shown          {percentiles(quiet_answers)}")
    print(f"{name}: one each {PAUSE} s: in the office          {percentiles(quiet_crossed)}")
    print(f"{name}: without a pause ({PETITIONS / sum(answers):.0f}/s): receipt shown {percentiles(answers)}")
    print(f"{name}: without a pause: in the office         {percentiles(crossed)}")
    print(f"{name}: backlog, end to end          {rate:8.1f} messages/s, 1 : {commits / rate:.1f} raw commits")
    limit = "the disk: two commits a message" if share > 0.5 else "the processor: one relay, one message after another"
    print(f"{name}: limited by {limit} (two commits a message alone would allow {commits / 2:.0f}/s)")
