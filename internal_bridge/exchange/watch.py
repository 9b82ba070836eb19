"""Back-pressure and honesty: what the bridge refuses while there is no room, and what it tells its operators unasked."""

import datetime
import shutil
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from internal_bridge.exchange.alarms import end_alarm, raise_alarm
from internal_bridge.exchange.enums import AlarmKind, IncomingState
from internal_bridge.exchange.errors import NoRoom
from internal_bridge.exchange.models import IncomingMessage, OutgoingStream, Party

# Seconds after which somebody who was refused may try again.
RETRY_AFTER = 30
LARGEST_SKEW = datetime.timedelta(minutes=5)
LONGEST_SILENCE = datetime.timedelta(minutes=5)


def check_room() -> None:
    """Raise ``NoRoom`` while the disk is nearly full or too many messages wait to be applied: no receipt without room."""
    if free_bytes() < settings.EXCHANGE_MIN_FREE_BYTES:
        raise NoRoom("the disk is nearly full", retry_after=RETRY_AFTER)
    if _at_least(IncomingMessage.objects.filter(state=IncomingState.WAITING), settings.EXCHANGE_WATERMARK):
        raise NoRoom("too many messages wait to be applied", retry_after=RETRY_AFTER)


def free_bytes() -> int:
    """Free space where the site keeps its data."""
    return shutil.disk_usage(settings.SITE_DIR).free


def watch_bridge() -> None:
    """Raise and end the alarms that no single message raises: backlog, disk, silence, clocks."""
    backlog = OutgoingStream.objects.filter(acked_seq__lt=F("seq"))
    _set(AlarmKind.BACKLOG, "outgoing", _at_least(backlog, settings.EXCHANGE_WATERMARK))
    _set(AlarmKind.DISK, "data", free_bytes() < settings.EXCHANGE_MIN_FREE_BYTES)
    oldest = timezone.now() - LONGEST_SILENCE
    for party in Party.objects.exclude(code=settings.EXCHANGE_PARTY).exclude(last_contact_at=None):
        _set(AlarmKind.PEER_SILENT, party.code, party.last_contact_at is not None and party.last_contact_at < oldest)
        _set(AlarmKind.CLOCK_SKEW, party.code, abs(party.clock_skew or 0) > LARGEST_SKEW.total_seconds())


def _set(kind: AlarmKind, subject: str, holds: bool) -> None:
    if holds:
        raise_alarm(kind=kind, subject=subject)
    else:
        end_alarm(kind=kind, subject=subject)


def _at_least(rows: QuerySet[Any], limit: int) -> bool:
    """Whether there are ``limit`` rows, without counting further."""
    return rows[limit - 1 : limit].exists()
