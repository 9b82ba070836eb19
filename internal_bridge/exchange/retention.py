"""Retention (03): what is sealed to another party is deleted here once that party has had it for its time.

Ids, hashes and receipts stay, so that a replay still does nothing and a stream can still be checked. What is sealed
to a citizen is not touched: it is the citizen's own copy.
"""

import datetime
import logging

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from core.files import delete_file
from internal_bridge.exchange.envelopes import TYPE_PREFIX
from internal_bridge.exchange.models import OutgoingMessage, StoredFile
from internal_bridge.exchange.validation import types_sealed_to_parties

logger = logging.getLogger(__name__)

# Rows in one transaction: writers never wait long for a sweep.
BATCH = 500


def purge_sealed_content() -> int:
    """Delete what is due; returns how many payloads and files went.

    A payload is due ``RETENTION_SEALED_DAYS`` days after its message was ``applied``, a file as long after the peer had all of
    it. Where the setting is ``None`` nothing is ever due. Safe to repeat, and to run twice at once.
    """
    if settings.RETENTION_SEALED_DAYS is None:
        return 0
    until = timezone.now() - datetime.timedelta(days=settings.RETENTION_SEALED_DAYS)
    if connection.vendor == "sqlite":
        _pragma("secure_delete = ON")
    messages, files = _purge_messages(until), _purge_files(until)
    if messages or files:
        logger.info("deleted %d sealed payloads and %d files applied before %s", messages, files, until.isoformat())
    if messages and connection.vendor == "sqlite" and not connection.in_atomic_block:
        # Else the deleted pages would stand in the write-ahead log until it is overwritten.
        _pragma("wal_checkpoint(TRUNCATE)")
    return messages + files


def _purge_messages(until: datetime.datetime) -> int:
    types = [f"{TYPE_PREFIX}{type}.v{version}" for type, version in types_sealed_to_parties()]
    rows = OutgoingMessage.objects.filter(type__in=types, applied_at__lte=until, purged_at=None)
    purged = 0
    while batch := _batch(rows):
        rows.filter(pk__in=batch).update(payload=b"", purged_at=timezone.now())
        purged += len(batch)
    return purged


def _purge_files(until: datetime.datetime) -> int:
    rows = StoredFile.objects.filter(fetched_at__lte=until, purged_at=None)
    purged = 0
    while batch := _batch(rows):
        digests = list(rows.filter(pk__in=batch).values_list("digest", flat=True))
        # The row first: what a crash leaves on the disk then belongs to nobody, and is swept.
        rows.filter(pk__in=batch).update(purged_at=timezone.now())
        for digest in digests:
            delete_file(digest)
        purged += len(digests)
    return purged


def _batch(rows: QuerySet[OutgoingMessage] | QuerySet[StoredFile]) -> list[int]:
    # Unordered: whichever the index gives first.
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _pragma(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
