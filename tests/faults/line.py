"""The line as its two ends see it: petitions sent and answers given, again and again until there is an answer."""

import json
import re
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from deploy.local.places import PYTHON, ROOT
from deploy.local.sites import site_environment
from tests.networks import from_network

PASSWORD = "zhengqiao-demo"
PATIENCE = 90.0
INJECT = Path(__file__).parent / "inject"

# Petitions as the portal takes them, many in one transaction and all under one receipt code.
MANY = """
from django.db import transaction
from django.utils import timezone
from core.identifiers import PORTAL_FIRST_DIGITS, draw_number
from core.vault import citizen_key, new_receipt_code
from core.workdays import local_date
from petitions import services
from petitions.rules import canonical_content
data = {"kind": "suggestion", "title": "第N封", "body": "请把公园的灯修好。" * 20, "allow_publication": False}
key = citizen_key(new_receipt_code(), number="20260101-000000-0")
count, taken = %d, set(services.Petition.objects.values_list("number", flat=True))
while count:
    with transaction.atomic():
        for _ in range(min(count, 100)):
            while (number := draw_number(local_date(timezone.now()), first_digits=PORTAL_FIRST_DIGITS)) in taken:
                pass
            taken.add(number)
            draft = services._Draft(number=number, code="", key=key, received_at=timezone.now())
            services._store_petition("suggestion", canonical_content(data), draft)
    count -= min(count, 100)
"""


def store_many(stack: Any, count: int) -> None:
    """Put ``count`` petitions into the portal's outbox, in its own environment and past its web process."""
    environment = site_environment("portal", stack.data_dir / "portal", stack.ports, stack.environ)
    command = [str(PYTHON), "manage.py", "portal", "shell", "-v", "0", "-c", MANY % count]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=600)


def until(what: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """Try until it gives something true; connection errors and refusals are what a crash looks like from outside."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            if result := what():
                return result
        except httpx.HTTPError:
            pass
        assert time.monotonic() < give_up, f"{what} did not happen within {seconds} s"
        time.sleep(0.1)


def arm(stack: Any, name: str, **plan: Any) -> None:
    """Start a program anew with faults inside; without any it starts whole."""
    stack.kill(name, hold=True)
    stack.restart(name, PYTHONPATH=str(INJECT), INJECT=json.dumps(plan))


def rows(stack: Any, site: str, query: str) -> list[tuple]:
    """Read a site's database as it stands on disk."""
    with sqlite3.connect(f"file:{stack.data_dir / site / 'db.sqlite3'}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


def submit(stack: Any, n: int) -> dict[str, str]:
    """Send a petition, again and again with the same key until there is an answer; returns the receipt."""
    key = uuid.uuid4().hex
    body = {"kind": "suggestion", "title": f"第{n}封", "body": "请把公园的灯修好。"}
    body |= {"withhold_identity": False, "allow_publication": False}

    def attempt() -> dict[str, str] | None:
        address = f"{stack.url('portal')}/api/v1/petitions/"
        with httpx.Client(transport=from_network(n), timeout=20) as client:
            answer = client.post(address, json=body, headers={"Idempotency-Key": key})
        return answer.json() if answer.status_code == 201 else None

    return until(attempt)


class Office:
    """Walks cases from the register to the answer by the office's API, as several people, sending again what got no answer."""

    UNIT = "gaj"
    # Who does what, with what, from the register on.
    STEPS = (
        ("dispatcher", "accept", {}),
        ("dispatcher", "dispatch", {"lead_unit": UNIT}),
        (f"handler.{UNIT}", "sign", {}),
        (f"handler.{UNIT}", "draft_reply", {"text": "答复 {number}：已派人修复。"}),
        (f"head.{UNIT}", "approve", {"opinion": "同意。"}),
        ("dispatcher", "answer_privately", {}),
    )

    def __init__(self, stack: Any) -> None:
        self.http = httpx.Client(base_url=f"{stack.url('office')}/api/v1/", timeout=20)
        self.tokens: dict[str, str] = {}

    def log_in(self) -> bool:
        for person in sorted({person for person, _action, _fields in self.STEPS} - set(self.tokens)):
            answer = self.http.post("auth/token/", json={"username": person, "password": PASSWORD})
            if answer.status_code != 200:
                return False
            self.tokens[person] = answer.json()["token"]
        return True

    def has(self, number: str) -> bool:
        return self._version("dispatcher", number) is not None

    def answer(self, number: str) -> None:
        for person, action, words in self.STEPS:
            version = until(lambda: self._version(person, number))  # noqa: B023  asked at once
            fields = {name: text.format(number=number) for name, text in words.items()} | {"version": version}
            headers = self._headers(person) | {"Idempotency-Key": uuid.uuid4().hex}
            address = f"cases/{number}/actions/{action}/"
            until(lambda: self.http.post(address, json=fields, headers=headers).status_code == 200)  # noqa: B023

    def _version(self, person: str, number: str) -> int | None:
        answer = self.http.get(f"cases/{number}/", headers=self._headers(person))
        return answer.json()["version"] if answer.status_code == 200 else None

    def _headers(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[person]}"}


def hidden(page: str, name: str) -> str:
    """The value of a form's hidden field."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field, f"no field {name}"
    value = re.search(r'value="([^"]*)"', field[0])
    assert value, field[0]
    return value[1]


def replies(stack: Any, receipt: dict[str, str]) -> list[str] | None:
    """The texts that the receipt code opens, once the petition is answered."""
    address = f"{stack.url('portal')}/api/v1/petitions/{receipt['number']}/"
    answer = httpx.get(address, headers={"X-Receipt-Code": receipt["receipt_code"]}, timeout=20)
    if answer.status_code != 200 or answer.json()["status"] != "answered":
        return None
    return [message["text"] for message in answer.json()["messages"]]


def quiet(stack: Any, site: str) -> bool:
    """Whether everything that the site sent is stored and applied at the other end, by receipt."""
    query = "SELECT count(*) FROM exchange_outgoingmessage WHERE stored_at IS NULL OR applied_at IS NULL"
    return rows(stack, site, query) == [(0,)]


def check_whole(stack: Any, before: int, receipts: list[dict[str, str]]) -> None:
    """Nothing lost, nothing doubled, no order broken: for petitions that were all answered.

    ``before`` is how many cases there were. Each petition is one case in a register without a gap; each answer is there once
    and its code opens it; nothing waits, nothing is dead.
    """
    numbers = sorted(receipt["number"] for receipt in receipts)
    assert len(set(numbers)) == len(numbers)
    until(lambda: len(rows(stack, "office", "SELECT number FROM casework_case")) >= before + len(numbers))
    cases = rows(stack, "office", "SELECT number, register_number FROM casework_case ORDER BY register_number")
    assert [register for _number, register in cases] == list(range(1, before + len(numbers) + 1))
    assert sorted(number for number, _register in cases[before:]) == numbers
    for receipt in receipts:
        assert until(lambda one=receipt: replies(stack, one)) == [f"答复 {receipt['number']}：已派人修复。"]
    until(lambda: all(quiet(stack, site) for site in ("portal", "office")))
    for site in ("portal", "office"):
        assert rows(stack, site, "SELECT count(*) FROM exchange_incomingmessage WHERE state != 'applied'") == [(0,)]
