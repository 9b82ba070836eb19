"""How fast letters are taken, sealed and durable, on PostgreSQL, beside bare inserts in the same run. Judges nothing."""

import os
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg

from deploy.local.services import postgresql
from deploy.local.sites import Ports
from deploy.local.stack import Stack
from tests.bench.test_bridge import BODY, percentiles
from tests.networks import from_network

# As many citizens at once, for so long. The portal lets two keys be derived at a time; the others wait in its queue.
AT_ONCE, SECONDS = 4, 5.0
# No more from one network than throttling lets through.
A_NETWORK = 50


def side_by_side(work: Callable[[int, list[float]], None]) -> tuple[float, list[float]]:
    """``work`` in several threads for some seconds: how many a second were done in all, and how long each took."""
    taken: list[list[float]] = [[] for _thread in range(AT_ONCE)]
    threads = [threading.Thread(target=work, args=(number, taken[number])) for number in range(AT_ONCE)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [one for part in taken for one in part]
    return len(every) / (time.perf_counter() - started), every


def test_letters_are_sealed_and_durable(tmp_path: Path) -> None:
    with postgresql(durable=True) as url, psycopg.connect(url, autocommit=True) as connection:
        urls = {}
        for site in ("portal", "office"):
            connection.execute(f"CREATE DATABASE {site}")
            urls[f"{site.upper()}_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{site}"))
        connection.execute("CREATE TABLE bare (body bytea)")

        def insert(_number: int, taken: list[float]) -> None:
            end = time.perf_counter() + SECONDS
            with psycopg.connect(url, autocommit=True) as own:
                while time.perf_counter() < end:
                    begun = time.perf_counter()
                    own.execute("INSERT INTO bare VALUES (%s)", (b"x" * 4096,))
                    taken.append(time.perf_counter() - begun)

        bare, _each = side_by_side(insert)
        with Stack(tmp_path / "data", Ports.free(), environ={**os.environ, **urls}) as stack:
            stack.start()
            # What the office does with them is measured elsewhere, and would take the processor.
            stack.kill("office-relay", hold=True)

            def submit(number: int, taken: list[float]) -> None:
                end, sent = time.perf_counter() + SECONDS, 0
                while time.perf_counter() < end:
                    if sent % A_NETWORK == 0:
                        transport = from_network(number * 50 + sent // A_NETWORK)
                        client = httpx.Client(base_url=stack.url("portal"), transport=transport, timeout=30)
                    begun = time.perf_counter()
                    answer = client.post("/api/v1/petitions/", json=BODY, headers={"Idempotency-Key": uuid.uuid4().hex})
                    assert answer.status_code == 201, answer.text
                    taken.append(time.perf_counter() - begun)
                    sent += 1

            rate, each = side_by_side(submit)

    print(f"\nPostgreSQL, {AT_ONCE} at once: bare durable inserts of 4 KiB     {bare:8.0f} /s")
    print(
        f"PostgreSQL, {AT_ONCE} at once: letters sealed and durable        {rate:8.1f} /s, 1 : {bare / rate:.0f} bare inserts"
    )
    print(f"PostgreSQL, {AT_ONCE} at once: receipt shown            {percentiles(each)}")
