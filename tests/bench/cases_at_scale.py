"""Fills a fresh database with cases and opens the queue and the page of a case in every state; run as a process of its own.

First argument: how many cases, in steps: ``1000,100000``. Prints, for each page and size, queries and the median of the times.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import django

ROUNDS = 7
STATES = (
    *("registered", "accepted", "dispatched", "returning", "in_progress", "drafted", "checking"),
    *("answered", "closed", "refused", "redirected"),
)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_office"
    os.environ.setdefault("DEMO_PASSWORD", "for-the-bench")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from core import keyring
    from internal_bridge.casework.models import Case
    from internal_bridge.casework.scale.writing import read_letters, write_cases
    from tests.exchange.peers import introduce_peer

    sizes = [int(size) for size in sys.argv[1].split(",")]
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        introduce_peer(settings, Path(folder))
        settings.KEYRING_DIR = Path(folder)
        settings.ALLOWED_HOSTS = ["testserver"]
        keyring.make_keys()
        call_command("seed", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115 - as long as the process
        chosen: dict[str, str] = {}
        for size in sizes:
            begun = time.perf_counter()
            write_cases(size - Case.objects.count(), letters=read_letters())
            print(f"{Case.objects.count()} cases, the last of them written in {time.perf_counter() - begun:.0f} s")
            open_pages(chosen)


def open_pages(chosen: dict[str, str]) -> None:
    """The queue of dispatchers and of a handler, and a case of each state to a dispatcher: the same ones at every size."""
    from internal_bridge.casework.models import Case

    for username, path in (("dispatcher", "/cases/"), ("handler.cgj", "/cases/"), ("dispatcher", "/inbox/")):
        measure(f"{path} {username}", username, path)
    for state in STATES:
        case = Case.objects.filter(state=state).order_by("pk").last()
        if case is not None:
            number = chosen.setdefault(state, case.number)
            measure(f"case, {state}", "dispatcher", f"/cases/{number}/")


def measure(name: str, username: str, path: str) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from core.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    client.get(path)
    taken = []
    for _round in range(ROUNDS):
        with CaptureQueriesContext(connection) as asked:
            begun = time.perf_counter()
            answer = client.get(path)
            taken.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
    print(f"  {name:28} {len(asked):4} queries {statistics.median(taken) * 1000:7.0f} ms")


if __name__ == "__main__":
    main()
