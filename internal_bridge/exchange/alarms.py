"""Alarms: raised once, counted while they last, cleared by whoever has dealt with them."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core.models import User
from internal_bridge.exchange.enums import AlarmKind
from internal_bridge.exchange.models import Alarm

SUBJECT_LENGTH = 120


def raise_alarm(*, kind: AlarmKind, subject: str) -> None:
    """Raise an alarm, or count it once more while it is open. ``subject`` is an id, never content of a message."""
    now, subject = timezone.now(), subject[:SUBJECT_LENGTH]
    if _count(kind, subject, now):
        return
    try:
        with transaction.atomic():
            Alarm.objects.create(kind=kind, subject=subject, first_at=now, last_at=now)
    except IntegrityError:
        _count(kind, subject, now)


def end_alarm(*, kind: AlarmKind, subject: str) -> None:
    """Close an alarm whose cause has gone by itself; nothing happens when none is open."""
    open_alarms().filter(kind=kind, subject=subject[:SUBJECT_LENGTH]).update(cleared_at=timezone.now())


def clear_alarm(*, alarm_id: int, person: User, reason: str) -> None:
    """Close an alarm because ``person`` has dealt with it. Raises ``Alarm.DoesNotExist`` when it is not open (any more)."""
    cleared = open_alarms().filter(pk=alarm_id).update(cleared_at=timezone.now(), cleared_by=person, reason=reason)
    if not cleared:
        raise Alarm.DoesNotExist


def open_alarms() -> QuerySet[Alarm]:
    return Alarm.objects.filter(cleared_at=None).order_by("-last_at")


def _count(kind: AlarmKind, subject: str, now: datetime.datetime) -> int:
    return open_alarms().filter(kind=kind, subject=subject).update(count=F("count") + 1, last_at=now)
