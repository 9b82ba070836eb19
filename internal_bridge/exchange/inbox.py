"""Receiving, strictly in this order (03 "Inbox"): verify, store once, answer with the stored receipt, apply in order."""

import datetime
import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from internal_bridge.exchange.alarms import raise_alarm
from internal_bridge.exchange.enums import AlarmKind, IncomingState, ReceiptKind
from internal_bridge.exchange.envelopes import Envelope, read_envelope, short_type
from internal_bridge.exchange.errors import MissingFiles, PermanentError, Refused
from internal_bridge.exchange.handlers import handler_for
from internal_bridge.exchange.keys import known_party
from internal_bridge.exchange.messages import Message
from internal_bridge.exchange.models import IncomingMessage, IncomingStream, OutgoingStream, Receipt
from internal_bridge.exchange.receipts import make_receipt
from internal_bridge.exchange.validation import validate_data, validate_route

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
MAX_WAIT = datetime.timedelta(minutes=5)
FILES_PAUSE = datetime.timedelta(seconds=30)


def receive_message(document: bytes, *, from_party: str) -> bytes:
    """Store a message and apply what can be applied of its stream; returns the signed ``stored`` receipt.

    A repeat returns the first receipt, byte for byte. ``from_party`` is who brought it. Raises ``Refused`` (nothing is stored):
    wrong signature, key, sender or recipient, a type that the party may not send, or the same id with other content (409).
    """
    try:
        envelope = read_envelope(document)
        stream = check_allowed(envelope, from_party)
        message, receipt = _store_once(envelope, stream)
    except Refused as error:
        raise_alarm(kind=AlarmKind.ALTERED if error.status == 409 else AlarmKind.FORGERY, subject=f"{from_party}: {error}")
        raise
    if message is not None:
        apply_stream(message.stream_id, just_verified=envelope)
    return receipt


def check_allowed(envelope: Envelope, from_party: str) -> IncomingStream | None:
    """Whether this message may come at all: a valid signature is not yet a permission. Raises ``Refused``.

    Returns the message's stream, if it has begun.
    """
    if envelope.sender != from_party or envelope.recipient != settings.EXCHANGE_PARTY:
        raise Refused("not brought by its sender or not for us", status=403)
    type, _version = short_type(envelope.type)
    if type not in known_party(envelope.sender).may_send:
        raise Refused(f"{envelope.sender} may not send {type}", status=403)
    stream = IncomingStream.objects.filter(sender=envelope.sender, name=envelope.stream).first()
    if stream is None and envelope.stream.startswith("case:") and _is_of_others(envelope.stream, envelope.sender):
        raise Refused("the case belongs to other parties", status=403)
    return stream


def _is_of_others(stream: str, party: str) -> bool:
    """A case's stream belongs to the parties of its first message."""
    incoming = IncomingStream.objects.filter(name=stream).values_list("sender")
    outgoing = OutgoingStream.objects.filter(name=stream).values_list("recipient")
    parties = {code for (code,) in incoming.union(outgoing)}
    return bool(parties) and party not in parties


def apply_stream(stream_id: int, *, just_verified: Envelope | None = None) -> int:
    """Apply a stream's waiting messages in order, each in a transaction of its own; returns how many were applied.

    ``just_verified`` is a message of it that this process has stored this moment; others are verified again on their way from
    the row to their effect.
    """
    applied, more = 0, True
    while more:
        done, more = _apply_next(stream_id, just_verified)
        applied += done
    return applied


def apply_waiting() -> int:
    """Try every stream that has a message whose time has come; returns how many messages were applied."""
    due = IncomingMessage.objects.filter(state=IncomingState.WAITING, next_attempt_at__lte=timezone.now())
    return sum(apply_stream(stream_id) for stream_id in due.values_list("stream_id", flat=True).distinct())


def _earlier_receipt(envelope: Envelope) -> bytes | None:
    """The stored receipt of a message that is here already. Raises ``Refused`` (409) where other content is."""
    known = IncomingMessage.objects.filter(sender=envelope.sender)
    message = known.filter(message_id=envelope.id).first() or (
        known.filter(stream__name=envelope.stream, seq=envelope.seq).first()
    )
    if message is None:
        return None
    if message.message_id != envelope.id or message.payload_hash != envelope.signed.hash:
        raise Refused("this id or place in the stream holds another message", status=409)
    receipt = Receipt.objects.get(message_sender=envelope.sender, message_id=envelope.id, kind=ReceiptKind.STORED)
    return bytes(receipt.body)


def _store_once(envelope: Envelope, stream: IncomingStream | None) -> tuple[IncomingMessage | None, bytes]:
    """The new row, None for a repeat, and the receipt. The database's constraints tell what is here already."""
    try:
        return _store(envelope, stream)
    except IntegrityError:
        if (earlier := _earlier_receipt(envelope)) is not None:
            return None, earlier
    # Somebody began the stream between our look and our insert.
    return _store(envelope, IncomingStream.objects.get(sender=envelope.sender, name=envelope.stream))


@transaction.atomic
def _store(envelope: Envelope, stream: IncomingStream | None) -> tuple[IncomingMessage, bytes]:
    now = timezone.now()
    stream = stream or IncomingStream.objects.create(sender=envelope.sender, name=envelope.stream)
    message = IncomingMessage.objects.create(
        stream=stream,
        seq=envelope.seq,
        sender=envelope.sender,
        message_id=envelope.id,
        type=envelope.type,
        payload=envelope.signed.payload,
        payload_hash=envelope.signed.hash,
        signatures=envelope.signed.signatures,
        received_at=now,
        next_attempt_at=now,
    )
    receipt = make_receipt(message=message, kind=ReceiptKind.STORED, at=now)
    return message, bytes(receipt.body)


def _apply_next(stream_id: int, just_verified: Envelope | None) -> tuple[bool, bool]:
    """Whether a message was applied, and whether another may follow at once."""
    message: IncomingMessage | None = None
    try:
        with transaction.atomic():
            stream = IncomingStream.objects.select_for_update().get(pk=stream_id)
            message, follows = _next_two(stream)
            if message is None:
                return False, False
            if just_verified is None or just_verified.id != message.message_id:
                envelope = read_envelope(message.signed.as_bytes())
            else:
                envelope = just_verified
            if (envelope.prevhash or "") != stream.head_hash:
                raise PermanentError("prevhash does not name the message before")
            _apply(envelope)
            now = timezone.now()
            message.state, message.error, message.missing_files = IncomingState.APPLIED, "", []
            message.save(update_fields=["state", "error", "missing_files"])
            stream.applied_seq, stream.head_hash = message.seq, message.payload_hash
            stream.save(update_fields=["applied_seq", "head_hash"])
            make_receipt(message=message, kind=ReceiptKind.APPLIED, at=now)
        return True, follows
    except MissingFiles as waiting:
        _park_for_files(message, waiting.digests)
        return False, False
    except Exception as error:  # whatever a handler raises, the message must not be lost
        if message is None:
            raise
        _note_failure(message, error)
        return False, False


def _next_two(stream: IncomingStream) -> tuple[IncomingMessage | None, bool]:
    """The message that is next in the stream, if it waits, and whether the one after it waits too."""
    turn = stream.applied_seq + 1
    found = {one.seq: one for one in stream.messages.filter(seq__in=(turn, turn + 1), state=IncomingState.WAITING)}
    return found.get(turn), turn + 1 in found


def _apply(envelope: Envelope) -> None:
    type, version = short_type(envelope.type)
    validate_data(type, version, envelope.data)
    validate_route(type, version, stream=envelope.stream, data=envelope.data)
    handler = handler_for(type, version)
    if handler is None:
        raise PermanentError(f"nobody handles {type} v{version}")
    handler(Message.of(envelope))


def _park_for_files(message: IncomingMessage | None, digests: list[str]) -> None:
    """A message whose files are still on their way waits for them; that is no failure."""
    if message is not None:
        next_look = timezone.now() + FILES_PAUSE
        IncomingMessage.objects.filter(pk=message.pk).update(missing_files=digests, next_attempt_at=next_look)


def _note_failure(message: IncomingMessage, error: Exception) -> None:
    """Plan the next attempt, or give the message up: at once when it can never work, else after 10 tries or 5 minutes."""
    now = timezone.now()
    # The object may carry what the rolled-back transaction had set.
    message.refresh_from_db()
    message.attempts += 1
    message.error = type(error).__name__
    message.first_failed_at = message.first_failed_at or now
    permanent = isinstance(error, PermanentError | Refused)
    if permanent or message.attempts >= MAX_ATTEMPTS or now - message.first_failed_at >= MAX_WAIT:
        message.state = IncomingState.DEAD
    message.next_attempt_at = now + datetime.timedelta(seconds=min(2**message.attempts, 30))
    message.save(update_fields=["attempts", "error", "state", "first_failed_at", "next_attempt_at"])
    if message.state == IncomingState.DEAD:
        raise_alarm(kind=AlarmKind.DEAD_LETTER, subject=str(message.message_id))
    # The class only: an error's text may quote what the message holds.
    logger.error("message %s (%s) failed: %s", message.message_id, message.type, message.error)
