"""Asks an address as somebody, and says what is not as its row wants it. Whatever an answer has changed is undone."""

import contextlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest import mock

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.isolation.actors import ANYBODY, STRANGERS_TO_A, Actors
from tests.isolation.addresses import URLCONF, addresses
from tests.isolation.rows import Row
from tests.isolation.world import BROWSER, World, changed

# Drawn anew for each answer: nonces, keys, and what names or seals a record that the answer itself has made.
DRAWN = re.compile(
    rb'nonce="[^"]*"|name="(?:csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|"X-CSRFToken": ?"[^"]*"'
    rb"|[\da-f]{8}-[\da-f]{4}-7[\da-f-]{21}|\b[\da-f]{64}\b"
)
# A session notes that it is in use, a refusal may be written down.
WRITES = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|usersessions_|core_auditrecord|core_apitoken)(\w+)"'
)
# What a filter shows is asked as these: who sees the cases of A, the same role at B, somebody without any, an administrator.
WHO_FILTERS: Actors = frozenset({"dispatcher@a", "dispatcher@b", "nobody", "sysadmin@b", "secadmin@b", "auditor@b"})
# What is not asked twice: they stand there as ``handler@b`` and ``nobody`` do.
LIKE_OTHERS: Actors = frozenset({"head@b", "inspector@b", "secretary@b", "bare", "superuser"})
HANDLER = "django.conf.urls.handler403"
_routes: dict[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """What came back, with everything of it read, and the tables that were written to."""

    status: int
    location: str
    body: bytes
    written: tuple[str, ...]

    def comparable(self, path: str = "") -> tuple[int, bytes]:
        """What two answers have in common that say the same; but for ``path``, for a page says its own address."""
        body = self.body.replace(path.encode(), b"") if path else self.body
        return self.status, DRAWN.sub(b"", body)


def address_of(name: str, parts: dict[str, Any]) -> str:
    """The address of a row."""
    if not _routes:
        _routes.update(addresses())
    if name != _routes[name]:
        return reverse(name, urlconf=URLCONF, kwargs=parts)
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(parts[found[1]]), name)
    assert get_resolver(URLCONF).resolve(f"/{route}")
    return f"/{route}"


@cache
def _browser() -> Client:
    """One for all, for it loads the middleware when it is first used."""
    return Client(headers=BROWSER)


def ask(
    world: World,
    actor: str,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    bearer: bool = False,
    api: bool = False,
) -> Answer:
    """What ``actor`` gets; nothing of it lasts."""
    client = _browser()
    client.cookies.clear()
    options: dict[str, Any] = {}
    # The page that refuses is the same for everybody: it is made for a few.
    refusals: Any = contextlib.nullcontext() if method == "get" and actor in WHO_FILTERS else mock.patch(HANDLER, _refused)
    if bearer:
        options["headers"] = {"authorization": f"Bearer {world.bearers[actor]}"}
    elif actor != "anonymous":
        client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[actor]
    if method == "post":
        options |= {"data": body or {}} | ({"content_type": "application/json"} if api else {})
    written: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        written.extend(WRITES.findall(sql))
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(note), refusals:
        response = getattr(client, method)(path, **options)
        content = _content(response)
        transaction.set_rollback(True)
    if method == "post":
        world.remove_new_files()
    return Answer(response.status_code, response.headers.get("Location", ""), content, tuple(written))


def _refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=403)


def _content(response: Any) -> bytes:
    if not response.streaming:
        return bytes(response.content)
    if not response.is_async:
        return b"".join(response.streaming_content)

    @async_to_sync
    async def read() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    return read()


def leaks(
    world: World, actor: str, answer: Answer, asked: str = "", *, revealed: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The secrets that ``answer`` tells although ``actor`` may not read them; ``asked`` is what the question said itself.

    ``revealed`` names those that the address is there for.
    """
    for secret in world.secrets:
        if secret.name in revealed:
            continue
        if actor not in secret.readers and secret.text not in asked and secret.text.encode() in answer.body:
            yield f"{secret.name} is shown to {actor}"


def differences(world: World, name: str, row: Row, actors: Actors = ANYBODY) -> list[str]:
    """What strangers to A get otherwise when there is more at A, one sentence each: a count, an order, a line."""
    path, found = address_of(name, row.at(world)), []
    for actor in sorted(STRANGERS_TO_A & row.may & actors - LIKE_OTHERS):
        asked = ["", *(f"?{query}" for query in row.queries if actor in ("dispatcher@b", "nobody"))]
        with mock.patch("django.utils.timezone.now", return_value=timezone.now()):
            before = [ask(world, actor, "get", path + query).comparable() for query in asked]
            with changed(world, actor):
                after = [ask(world, actor, "get", path + query).comparable() for query in asked]
        found += [
            f"{path}{query} tells {actor}: {_first_difference(old[1], new[1])}"
            for query, old, new in zip(asked, before, after, strict=True)
            if old != new
        ]
    return found


def _first_difference(old: bytes, new: bytes) -> str:
    lines = itertools.zip_longest(old.decode().splitlines(), new.decode().splitlines(), fillvalue="")
    return next((f"{one.strip()} / {other.strip()}" for one, other in lines if one != other), "")


def guesses(world: World, name: str, row: Row, actors: Actors = ANYBODY) -> list[str]:
    """Where an object of A is answered otherwise than one that is not there, to strangers to A who may not see it."""
    real, absent, found = address_of(name, row.at(world)), address_of(name, row.absent(world)), []
    # A place that is refused is refused before anything is looked up: one sees whether it is.
    curious = STRANGERS_TO_A if row.others == 404 else frozenset({"dispatcher@b"})
    for actor in sorted((curious - row.may) & actors):
        for method in ("get", "post"):
            said = [ask(world, actor, method, path, row.body(world), api=row.api).comparable(path) for path in (real, absent)]
            if said[0] != said[1]:
                found.append(f"{method} {real} is told from {absent} by {actor}: {said[0][0]}, {said[1][0]}")
    actor = min(row.may - STRANGERS_TO_A)
    if (status := ask(world, actor, "get", absent).status) not in (404, *({row.get} - {200})):
        found.append(f"{absent} is {status} for {actor}")
    return found


def problems(world: World, name: str, row: Row, actors: Actors = ANYBODY) -> list[str]:
    """Everything that is not as the row says, for each of ``actors`` and both methods, one sentence each."""
    path, found = address_of(name, row.at(world)), []
    for actor in sorted(actors):
        for bearer in (False, True) if row.api and actor != "anonymous" else (False,):
            for method in ("get", "post"):
                # A page refuses a method before it asks who it is.
                if actor in WHO_FILTERS or actor == "anonymous" or row.expected(actor, method) != 405:
                    answer = ask(world, actor, method, path, row.body(world), bearer=bearer, api=row.api)
                    found += [f"{method} {path}: {wrong}" for wrong in _wrong(world, row, actor, method, answer, path)]
    for actor in sorted(actors.intersection(WHO_FILTERS)):
        for query in row.queries if row.expected(actor, "get") == 200 else ():
            answer = ask(world, actor, "get", f"{path}?{query}")
            found += [f"{path}?{query}: {wrong}" for wrong in leaks(world, actor, answer, query)]
            found += [f"{path}?{query}: {answer.status} for {actor}"] if answer.status != 200 else []
    return found


def _wrong(world: World, row: Row, actor: str, method: str, answer: Answer, path: str) -> Iterator[str]:
    expected = row.expected(actor, method)
    if answer.status != expected:
        yield f"{actor} gets {answer.status} instead of {expected}"
    if actor == "anonymous" and expected == 302 and actor not in row.may and not answer.location.startswith("/login/"):
        yield f"{actor} is sent to {answer.location}"
    if actor not in row.may and answer.written:
        yield f"refused to {actor}, and has written to {', '.join(answer.written)}"
    revealed = row.reveals if actor in row.may else frozenset()
    yield from leaks(world, actor, answer, path, revealed=revealed)
