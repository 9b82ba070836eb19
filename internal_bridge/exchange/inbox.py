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
from internal_bridge.exchange.messages import Message
from internal_bridge.exchange.models import IncomingMessage, IncomingStream, OutgoingStream, Party, Receipt
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
        check_allowed(envelope, from_party)
        earlier = _earlier_receipt(envelope)
    except Refused as error:
        raise_alarm(kind=AlarmKind.ALTERED if error.status == 409 else AlarmKind.FORGERY, subject=f"{from_party}: {error}")
        raise
    if earlier is not None:
        return earlier
    try:
        message, receipt = _store(envelope)
    except IntegrityError:
        # Somebody stored the same message between our look and our insert.
        if (earlier := _earlier_receipt(envelope)) is not None:
            return earlier
        raise
    apply_stream(message.stream_id)
    return receipt


def check_allowed(envelope: Envelope, from_party: str) -> None:
    """Whether this message may come at all: a valid signature is not yet a permission. Raises ``Refused``."""
    if envelope.sender != from_party or envelope.recipient != settings.EXCHANGE_PARTY:
        raise Refused("not brought by its sender or not for us", status=403)
    type, _version = short_type(envelope.type)
    if type not in Party.objects.get(code=envelope.sender).may_send:
        raise Refused(f"{envelope.sender} may not send {type}", status=403)
    if envelope.stream.startswith("case:") and not _is_bound(envelope.stream, envelope.sender):
        raise Refused("the case belongs to other parties", status=403)


def _is_bound(stream: str, party: str) -> bool:
    """A case's stream belongs to the parties of its first message."""
    incoming = IncomingStream.objects.filter(name=stream).values_list("sender", flat=True)
    outgoing = OutgoingStream.objects.filter(name=stream).values_list("recipient", flat=True)
    parties = {*incoming, *outgoing}
    return not parties or party in parties


def apply_stream(stream_id: int) -> int:
    """Apply a stream's waiting messages in order, each in a transaction of its own; returns how many were applied."""
    applied = 0
    while _apply_next(stream_id):
        applied += 1
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


@transaction.atomic
def _store(envelope: Envelope) -> tuple[IncomingMessage, bytes]:
    now = timezone.now()
    stream, _created = IncomingStream.objects.get_or_create(sender=envelope.sender, name=envelope.stream)
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


def _apply_next(stream_id: int) -> bool:
    message: IncomingMessage | None = None
    try:
        with transaction.atomic():
            stream = IncomingStream.objects.select_for_update().get(pk=stream_id)
            message = stream.messages.filter(seq=stream.applied_seq + 1, state=IncomingState.WAITING).first()
            if message is None:
                return False
            # Verified again on its way from the row to its effect.
            envelope = read_envelope(message.signed.as_bytes())
            if (envelope.prevhash or "") != stream.head_hash:
                raise PermanentError("prevhash does not name the message before")
            _apply(envelope)
            now = timezone.now()
            message.state, message.error, message.missing_files = IncomingState.APPLIED, "", []
            message.save(update_fields=["state", "error", "missing_files"])
            stream.applied_seq, stream.head_hash = message.seq, message.payload_hash
            stream.save(update_fields=["applied_seq", "head_hash"])
            make_receipt(message=message, kind=ReceiptKind.APPLIED, at=now)
        return True
    except MissingFiles as waiting:
        _park_for_files(message, waiting.digests)
        return False
    except Exception as error:  # whatever a handler raises, the message must not be lost
        if message is None:
            raise
        _note_failure(message, error)
        return False


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
