"""Receipts: signed bytes, kept as they are, that say a message was stored or applied. Never receipted themselves."""

import datetime
import json
import uuid

from django.conf import settings
from django.utils import timezone

from internal_bridge.exchange.enums import ReceiptKind, ReceiptResult
from internal_bridge.exchange.envelopes import RECEIPT_TYP, sign, verify
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.jws import Signed
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage, OutgoingStream, Receipt


def make_receipt(
    *, message: IncomingMessage, kind: ReceiptKind, at: datetime.datetime, result: ReceiptResult = ReceiptResult.OK
) -> Receipt:
    """Sign and keep a receipt for a message that is stored, applied or skipped here, in the caller's transaction."""
    statement = {
        "kind": kind.value,
        "id": str(message.message_id),
        "sender": message.sender,
        "hash": message.payload_hash,
        "by": settings.EXCHANGE_PARTY,
        "at": at.isoformat(),
        "result": result.value,
    }
    signed = sign(json.dumps(statement, separators=(",", ":")).encode(), typ=RECEIPT_TYP)
    return Receipt.objects.create(
        message_sender=message.sender,
        message_id=message.message_id,
        kind=kind,
        by=settings.EXCHANGE_PARTY,
        body=signed.as_bytes(),
        created_at=at,
    )


def take_receipt(body: bytes) -> None:
    """Keep a peer's receipt for a message of ours and note what it says.

    Raises ``Refused`` when it is not signed by the recipient of a message of ours with that hash, ``IntegrityError`` for one
    that is kept already. Needs a transaction of its own.
    """
    party, signed = verify(body, typ=RECEIPT_TYP)
    kind, message = _receipted_message(party, signed)
    now = timezone.now()
    Receipt.objects.create(
        message_sender=settings.EXCHANGE_PARTY,
        message_id=message.message_id,
        kind=kind,
        by=party,
        body=body,
        created_at=now,
        delivered_at=now,
    )
    if kind == ReceiptKind.APPLIED:
        message.applied_at = now
    # What is applied has been stored, even if that receipt was lost on the way.
    message.stored_at = message.stored_at or now
    message.save(update_fields=["stored_at", "applied_at"])
    _release_stream(message.stream)


def _receipted_message(party: str, signed: Signed) -> tuple[ReceiptKind, OutgoingMessage]:
    try:
        statement = json.loads(signed.payload)
        kind = ReceiptKind(statement["kind"])
        message_id, digest = uuid.UUID(statement["id"]), statement["hash"]
        sender, by = statement["sender"], statement["by"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("not a receipt of ours") from error
    # Locks are taken in one order everywhere, stream before message, so that two receipts cannot wait for each other.
    stream = OutgoingStream.objects.select_for_update().filter(messages__message_id=message_id, recipient=party).first()
    if stream is None or sender != settings.EXCHANGE_PARTY or by != party:
        raise Refused("a receipt for a message that was not sent to its signer")
    message = OutgoingMessage.objects.get(message_id=message_id)
    message.stream = stream
    if message.payload_hash != digest:
        raise Refused("a receipt for other content", status=409)
    return kind, message


def _release_stream(stream: OutgoingStream) -> None:
    """Move the mark up to which everything is stored, and end the lease once everything leased is."""
    first_missing = stream.messages.filter(stored_at=None).order_by("seq").values_list("seq", flat=True).first()
    stream.acked_seq = first_missing - 1 if first_missing else stream.seq
    if stream.acked_seq >= stream.leased_seq:
        stream.lease_holder, stream.lease_until = "", None
    stream.save(update_fields=["acked_seq", "lease_holder", "lease_until"])
