"""Sending: a message is written in the transaction of the business that it reports, and delivered from its row."""

import dataclasses
import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.identifiers import uuid7
from core.vault import citizen_kid, seal
from internal_bridge.exchange.envelopes import MESSAGE_TYP, TYPE_PREFIX, build_payload, sign
from internal_bridge.exchange.keys import sealing_key
from internal_bridge.exchange.messages import CITIZEN, seal_binding
from internal_bridge.exchange.models import OutgoingMessage, OutgoingStream
from internal_bridge.exchange.validation import validate_data, validate_opener, validate_route, validate_sealed

# What one request or answer carries at most, in bytes of payload; a single message is never cut.
BATCH_BYTES = 1024 * 1024
LEASE = datetime.timedelta(seconds=10)
# A lease that ends later than this was given before the clock went back. Longer than any claimer waits for a lock: one that
# looked at the clock before it waited must not take another's fresh lease for such.
STRAY = LEASE + datetime.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True)
class ForRecipient:
    """Content that only the message's recipient may open."""

    content: Any


@dataclasses.dataclass(frozen=True)
class ForCitizen:
    """Content that only the holder of a receipt code may open; ``public_key`` is the key that the code derives."""

    content: Any
    public_key: bytes


@dataclasses.dataclass(frozen=True)
class Sent:
    """What a sender may refer to later: a message's id, and its number in its stream."""

    id: uuid.UUID
    seq: int


def send_message(
    *,
    type: str,
    version: int,
    recipient: str,
    stream: str,
    data: dict[str, Any],
    sealed: ForRecipient | ForCitizen | None = None,
) -> Sent:
    """Put a message into the outbox, inside the caller's transaction, and return its id and number.

    ``sealed`` is sealed here, since its binding holds the sequence number, and becomes ``data["sealed"]``. Takes the stream's
    next number under the row's lock, so that order has no gaps. Raises ``PermanentError`` when the data does not fit the type's
    schema, ``RuntimeError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is sent only in the transaction of what it reports")
    head = _locked_stream(recipient, stream)
    seq, full_type = head.seq + 1, f"{TYPE_PREFIX}{type}.v{version}"
    if sealed is not None:
        validate_sealed(type, version, sealed.content)
        validate_opener(type, version, CITIZEN if isinstance(sealed, ForCitizen) else "recipient")
        data = data | {"sealed": _seal(sealed, recipient, stream, seq, full_type)}
    validate_data(type, version, data)
    validate_route(type, version, stream=stream, data=data)
    message_id, now = uuid7(), timezone.now()
    payload = build_payload(
        id=message_id,
        sender=settings.EXCHANGE_PARTY,
        recipient=recipient,
        type=f"{type}.v{version}",
        time=now,
        stream=stream,
        seq=seq,
        prevhash=head.head_hash,
        data=data,
    )
    signed = sign(payload, typ=MESSAGE_TYP)
    OutgoingMessage.objects.create(
        stream=head,
        seq=seq,
        message_id=message_id,
        type=full_type,
        payload=payload,
        payload_hash=signed.hash,
        signatures=signed.signatures,
        created_at=now,
    )
    head.seq, head.head_hash = seq, signed.hash
    head.save(update_fields=["seq", "head_hash"])
    return Sent(id=message_id, seq=seq)


def claim_messages(*, recipient: str, holder: str, limit: int = 50) -> list[OutgoingMessage]:
    """Lease up to ``limit`` messages (and 1 MiB) for ``recipient`` to ``holder`` and return them, each stream's in order.

    A stream has one lease holder at a time. One statement claims (02): on PostgreSQL rows that another claimer has locked are
    skipped; SQLite has one writer anyway. The lease ends by the peer's receipts or after 10 s; one that would last longer was
    given before the clock went back, and does not count.
    """
    now = timezone.now()
    if not _claimable(recipient, now).exists():
        return []
    skip_locked = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    table = OutgoingStream._meta.db_table
    # Only the table's name and a constant are put into the statement.
    claim = f"""
        UPDATE {table} SET lease_holder = %s, lease_until = %s, leased_seq = seq WHERE id IN (
            SELECT id FROM {table}
            WHERE recipient = %s AND acked_seq < seq
                AND (lease_until IS NULL OR lease_until < %s OR lease_until > %s)
            ORDER BY id LIMIT %s {skip_locked}
        ) RETURNING id, seq
    """  # nosec B608
    moments = (now + LEASE, now, now + STRAY)
    until, fresh, stray = (connection.ops.adapt_datetimefield_value(moment) for moment in moments)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(claim, [holder, until, recipient, fresh, stray, limit])
        leased = dict(cursor.fetchall())
        waiting = OutgoingMessage.objects.filter(stream_id__in=leased, stored_at=None).order_by("stream_id", "seq")
        batch = _within(waiting[:limit])
        _shorten_leases(leased, batch)
    return batch


def _within(messages: Iterable[OutgoingMessage]) -> list[OutgoingMessage]:
    """The first messages that fit into one request, at least one."""
    batch: list[OutgoingMessage] = []
    size = 0
    for message in messages:
        size += len(message.payload)
        if batch and size > BATCH_BYTES:
            break
        batch.append(message)
    return batch


def _shorten_leases(leased: dict[int, int], batch: list[OutgoingMessage]) -> None:
    """Where the limit cut a stream off, its lease covers only what is handed out, so that it ends with that."""
    reached = {message.stream_id: message.seq for message in batch}
    for stream_id, seq in leased.items():
        if stream_id not in reached:
            OutgoingStream.objects.filter(pk=stream_id).update(lease_holder="", lease_until=None)
        elif reached[stream_id] < seq:
            OutgoingStream.objects.filter(pk=stream_id).update(leased_seq=reached[stream_id])


def has_claimable(recipient: str) -> bool:
    """Whether anything waits for ``recipient``; a read only, so that a held poll never takes SQLite's write lock."""
    return _claimable(recipient, timezone.now()).exists()


def _claimable(recipient: str, now: datetime.datetime) -> Any:
    free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_until__gt=now + STRAY)
    return OutgoingStream.objects.filter(free, recipient=recipient, acked_seq__lt=F("seq"))


def _locked_stream(recipient: str, name: str) -> OutgoingStream:
    streams = OutgoingStream.objects.select_for_update()
    try:
        return streams.get(recipient=recipient, name=name)
    except OutgoingStream.DoesNotExist:
        try:
            with transaction.atomic():
                return OutgoingStream.objects.create(recipient=recipient, name=name)
        except IntegrityError:
            return streams.get(recipient=recipient, name=name)


def _seal(sealed: ForRecipient | ForCitizen, recipient: str, stream: str, seq: int, type: str) -> dict[str, str]:
    if isinstance(sealed, ForCitizen):
        opener, kid, public_key = CITIZEN, citizen_kid(sealed.public_key), sealed.public_key
    else:
        opener = recipient
        kid, public_key = sealing_key(recipient)
    info = seal_binding(settings.EXCHANGE_PARTY, opener, stream, seq, type)
    return seal(sealed.content, public_key=public_key, kid=kid, info=info).as_json()
