"""The verbs of both ends that the API and the relay share."""

import datetime
import logging
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from internal_bridge.exchange.enums import ReceiptKind
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.keys import keys_read_once
from internal_bridge.exchange.models import Party, Receipt
from internal_bridge.exchange.receipts import take_receipt

logger = logging.getLogger(__name__)

COMMIT_TOGETHER = 50
CONTACT_INTERVAL = datetime.timedelta(seconds=5)


def note_contact(party: str, *, peer_time: float | None = None) -> None:
    """Remember that a peer was in touch, and by how much its clock is ahead of ours (``peer_time`` in Unix seconds).

    Written at most every 5 s, so that a held poll costs no writes; clocks that drift apart are alarmed by ``watch``.
    """
    now = timezone.now()
    stale = Q(last_contact_at=None) | Q(last_contact_at__lt=now - CONTACT_INTERVAL)
    if Party.objects.filter(stale, code=party).exists():
        changes: dict[str, Any] = {"last_contact_at": now}
        if peer_time is not None:
            changes["clock_skew"] = round(peer_time - now.timestamp(), 1)
        Party.objects.filter(code=party).update(**changes)


def take_receipts(bodies: list[bytes]) -> int:
    """Keep a peer's receipts; one that is refused takes none of the others with it. Returns how many were refused.

    ``COMMIT_TOGETHER`` of them share a commit: a durable commit costs more than a receipt.
    """
    refused = 0
    for start in range(0, len(bodies), COMMIT_TOGETHER):
        with keys_read_once(), transaction.atomic():
            refused += sum(not _take(body) for body in bodies[start : start + COMMIT_TOGETHER])
    return refused


def _take(body: bytes) -> bool:
    try:
        with transaction.atomic():
            take_receipt(body)
    except IntegrityError:
        logger.info("a receipt came again")
    except Refused as error:
        logger.error("receipt refused: %s", error)
        return False
    return True


def undelivered_receipts(*, sender: str, kinds: list[ReceiptKind], limit: int = 200) -> list[Receipt]:
    """Receipts made here that the messages' ``sender`` has not confirmed to have, oldest first."""
    own = Receipt.objects.filter(by=settings.EXCHANGE_PARTY, message_sender=sender, kind__in=kinds, delivered_at=None)
    return list(own.order_by("id")[:limit])


def mark_delivered(receipt_ids: list[int], *, sender: str) -> None:
    """Note that ``sender`` has these receipts of ours."""
    if receipt_ids:
        own = Receipt.objects.filter(pk__in=receipt_ids, message_sender=sender, by=settings.EXCHANGE_PARTY)
        own.filter(delivered_at=None).update(delivered_at=timezone.now())
