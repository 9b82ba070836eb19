"""The audit log: who read or administered what, by which door, from where, and under which post.

The origin of what is being done stands in a context variable: ``core.middleware.OriginMiddleware`` sets it for a request, the
base of our Celery tasks for a task; without either it is a command at the server's console. It follows async code and
``sync_to_async``; a thread that code starts by itself has it only if it is run in a copy of the context.
"""

import contextlib
import dataclasses
import datetime
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.utils import timezone

from core.enums import Channel
from core.leaves import canonical_json, leaf_hash
from core.models import AuditRecord, User

__all__ = ["Origin", "acting", "audit_leaf", "origin", "record_audit"]

# A post may be looked up only when something is recorded: most requests record nothing.
Post = str | Callable[[], str]


@dataclasses.dataclass(frozen=True)
class Origin:
    """By which door something came in, from which address (may be empty), and under which post it is done (a label)."""

    channel: Channel = Channel.COMMAND
    address: str = ""
    post: Post = ""


_origin: ContextVar[Origin] = ContextVar("core.audit.origin")
_CONSOLE = Origin()


def origin() -> Origin:
    """The origin of what is being done right now."""
    return _origin.get(_CONSOLE)


@contextlib.contextmanager
def acting(*, channel: Channel | None = None, address: str | None = None, post: Post | None = None) -> Iterator[Origin]:
    """Within this block what is recorded has this origin; what is left out stays as it is.

    ``post`` is the label of the post under which somebody acts, or a function that finds it when it is asked for.
    """
    outer = origin()
    inner = Origin(
        channel=outer.channel if channel is None else channel,
        address=outer.address if address is None else address,
        post=outer.post if post is None else post,
    )
    token = _origin.set(inner)
    try:
        yield inner
    finally:
        _origin.reset(token)


def record_audit(
    *, action: str, subject: str, actor: User | None, params: dict[str, Any] | None = None, login: str = ""
) -> AuditRecord:
    """Append to the audit log, inside the transaction of what it records, that ``actor`` did ``action`` to ``subject``.

    ``action`` is dotted lower case (``grant.given``); ``subject`` is ``case:<uid>``, ``unit:<code>`` and the like, or empty.
    ``params`` holds codes and numbers, never secrets and never text that a citizen wrote. ``login`` is what was typed by
    somebody who is not known (``actor`` None); of a known actor the log keeps the user name of the time.
    """
    here = origin()
    record = AuditRecord(
        at=timezone.now(),
        actor=actor,
        login=_printed(actor.get_username() if actor else login, 150),
        post=_printed(here.post() if callable(here.post) else here.post, 160),
        channel=here.channel,
        address=here.address,
        action=action,
        subject=subject,
        params=params or {},
    )
    record.leaf_hash = leaf_hash(audit_leaf(record))
    record.save(force_insert=True)
    return record


def audit_leaf(record: AuditRecord) -> bytes:
    """The bytes that a record's leaf hash is taken over."""
    fields = {
        "uid": str(record.uid),
        "at": record.at.astimezone(datetime.UTC).isoformat(),
        "actor": str(record.actor.uid) if record.actor else None,
        "login": record.login,
        "post": record.post,
        "channel": str(record.channel),
        "address": record.address,
        "action": record.action,
        "subject": record.subject,
        "params": record.params,
    }
    return canonical_json(fields)


def _printed(text: str, longest: int) -> str:
    """What a stranger typed, as one line of what prints, no longer than its column."""
    return "".join(char if char.isprintable() else " " for char in text)[:longest]
