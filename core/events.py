"""Domain events: what happened, to which subject, when and by whom."""

import dataclasses
import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.leaves import canonical_json, leaf_hash
from core.models import DomainEvent, User


def record_event(
    *, subject: str, name: str, at: datetime.datetime, actor: User | None = None, params: dict[str, Any] | None = None
) -> DomainEvent:
    """Append an event to ``subject`` ('case:<uid>'), inside the caller's transaction.

    ``params`` holds codes and numbers, never text that a person wrote and never identity. The row stores its leaf hash, SHA-256
    over its canonical JSON, from which a sealer later builds a Merkle tree.
    """
    event = DomainEvent(subject=subject, name=name, at=at, actor=actor, params=params or {})
    event.leaf_hash = leaf_hash(leaf_bytes(event))
    event.save(force_insert=True)
    return event


@dataclasses.dataclass(frozen=True)
class NewEvent:
    """One of many events that are recorded together."""

    subject: str
    name: str
    actor: User | None = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    at: datetime.datetime | None = None  # None: this moment


def record_events(events: Iterable[NewEvent]) -> None:
    """Append many events, as ``record_event`` would each, in a few statements."""
    now = timezone.now()
    rows = [
        DomainEvent(subject=new.subject, name=new.name, at=new.at or now, actor=new.actor, params=new.params) for new in events
    ]
    for row in rows:
        row.leaf_hash = leaf_hash(leaf_bytes(row))
    DomainEvent.objects.bulk_create(rows, batch_size=500)


def leaf_bytes(event: DomainEvent) -> bytes:
    """The bytes that an event's leaf hash is taken over."""
    fields = {
        "uid": str(event.uid),
        "subject": event.subject,
        "name": event.name,
        "at": event.at.astimezone(datetime.UTC).isoformat(),
        "actor": str(event.actor.uid) if event.actor else None,
        "params": event.params,
    }
    return canonical_json(fields)


def events_of(subject: str) -> QuerySet[DomainEvent]:
    """The timeline of a subject, oldest first, with its actors."""
    return DomainEvent.objects.filter(subject=subject).select_related("actor").order_by("id")
