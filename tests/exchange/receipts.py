"""Receipts of the other party for what we have sent."""

import json

from django.db import transaction
from django.utils import timezone

from internal_bridge.exchange.enums import ReceiptKind
from internal_bridge.exchange.models import IncomingMessage, IncomingStream, OutgoingMessage
from internal_bridge.exchange.receipts import make_receipt, take_receipt
from tests.exchange.peers import Peer


def receipt(peer: Peer, message: OutgoingMessage, kind: ReceiptKind = ReceiptKind.APPLIED) -> bytes:
    """The peer signs that it has stored or applied a message of ours, and we take its word; returns the signed bytes."""
    stored = IncomingMessage(
        stream=IncomingStream(sender="x", name=message.stream.name),
        sender=json.loads(bytes(message.payload))["source"],
        message_id=message.message_id,
        payload_hash=message.payload_hash,
    )
    with peer.acting(), transaction.atomic():
        made = make_receipt(message=stored, kind=kind, at=timezone.now())
        # The row is the peer's own, and here is but one database.
        made.delete()
    with transaction.atomic():
        take_receipt(bytes(made.body))
    return bytes(made.body)
