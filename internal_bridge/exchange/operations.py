"""What operators do about what the bridge cannot do alone: release dead letters and deal with alarms, each with a reason.

One operator may have a dead letter tried again. To skip it takes two: one proposes, another confirms; what a skipped message
would have done is then never done here, and its sender is told so by a signed receipt.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from core.audit import record_audit
from core.events import record_event
from core.idempotency import once
from core.models import User
from internal_bridge.exchange import alarms
from internal_bridge.exchange.enums import AlarmKind, IncomingState, ReceiptKind, ReceiptResult, ReleaseAction
from internal_bridge.exchange.inbox import apply_stream
from internal_bridge.exchange.models import Alarm, IncomingMessage, IncomingStream, Release
from internal_bridge.exchange.permissions import can_operate_bridge
from internal_bridge.exchange.receipts import make_receipt

__all__ = ["clear_alarm", "confirm_skip", "decline_skip", "open_proposals", "propose_skip", "retry_dead_letter"]

REASON_LENGTH = (2, 200)


class Moved(Exception):
    """It is no longer as the operator saw it: somebody else has decided meanwhile."""


class SameOperator(Exception):
    """Whoever has proposed a skip cannot confirm it."""


class NotItsTurn(Exception):
    """An earlier message of the stream has not been dealt with: skipping this one would break the order."""


def retry_dead_letter(*, person: User, message_id: int, seen: int, reason: str, key: str | None) -> None:
    """Have a dead letter tried again, at once, with all its attempts before it.

    ``message_id`` is the row's, ``seen`` the number of decisions about it that ``person`` saw, ``key`` the request's
    idempotency key. Raises ``PermissionDenied``, ``IncomingMessage.DoesNotExist``, ``InvalidKey``, ``KeyReused``, ``Moved`` and
    ``ValueError`` for a reason out of 2–200 characters.
    """
    reason = _checked_reason(person, reason)
    stream_id = IncomingMessage.objects.values_list("stream_id", flat=True).get(pk=message_id)
    _once(
        person,
        f"retry:{message_id}",
        key,
        {"seen": seen, "reason": reason},
        lambda: _retry(person, message_id, seen, reason),
    )
    apply_stream(stream_id)


def propose_skip(*, person: User, message_id: int, seen: int, reason: str, key: str | None) -> None:
    """Propose that a dead letter be skipped; nothing happens until another operator confirms. Raises as a retry does."""
    reason = _checked_reason(person, reason)
    IncomingMessage.objects.only("pk").get(pk=message_id)
    _once(
        person,
        f"skip:{message_id}",
        key,
        {"seen": seen, "reason": reason},
        lambda: _propose(person, message_id, seen, reason),
    )


def confirm_skip(*, person: User, release_id: int, key: str | None) -> None:
    """Skip the dead letter that somebody else has proposed to skip, then apply what waited behind it.

    Raises ``PermissionDenied``, ``Release.DoesNotExist``, ``InvalidKey``, ``KeyReused``, ``Moved``, ``SameOperator`` and
    ``NotItsTurn``.
    """
    _check_operator(person)
    stream_id = _proposals().values_list("message__stream_id", flat=True).get(pk=release_id)
    _once(person, f"confirm:{release_id}", key, {}, lambda: _confirm(person, release_id))
    apply_stream(stream_id)


def decline_skip(*, person: User, release_id: int, key: str | None) -> None:
    """Refuse a proposed skip, or take one's own back: the message stays a dead letter. Raises as ``confirm_skip``."""
    _check_operator(person)
    _proposals().only("pk").get(pk=release_id)
    _once(person, f"decline:{release_id}", key, {}, lambda: _decline(person, release_id))


def clear_alarm(*, person: User, alarm_id: int, reason: str, key: str | None) -> None:
    """Close an alarm that has been dealt with. Raises as a retry does, ``Alarm.DoesNotExist`` for an unknown one."""
    reason = _checked_reason(person, reason)
    Alarm.objects.only("pk").get(pk=alarm_id)
    _once(person, f"alarm:{alarm_id}", key, {"reason": reason}, lambda: _clear(person, alarm_id, reason))


def _retry(person: User, message_id: int, seen: int, reason: str) -> None:
    message = _locked_dead_letter(message_id, seen)
    now = timezone.now()
    message.state, message.attempts, message.first_failed_at, message.next_attempt_at = IncomingState.WAITING, 0, None, now
    message.save(update_fields=["state", "attempts", "first_failed_at", "next_attempt_at"])
    Release.objects.create(message=message, action=ReleaseAction.RETRY, reason=reason, proposed_by=person, proposed_at=now)
    _settle(message, "dead_letter_retried", person, reason)


def _propose(person: User, message_id: int, seen: int, reason: str) -> None:
    message = _locked_dead_letter(message_id, seen)
    Release.objects.create(
        message=message, action=ReleaseAction.SKIP, reason=reason, proposed_by=person, proposed_at=timezone.now()
    )
    _record(message, "skip_proposed", person, reason)


def _confirm(person: User, release_id: int) -> None:
    release, stream = _locked_proposal(release_id)
    if release.proposed_by_id == person.pk:
        raise SameOperator
    message = IncomingMessage.objects.get(pk=release.message_id)
    if message.state != IncomingState.DEAD:
        raise Moved
    if message.seq != stream.applied_seq + 1:
        raise NotItsTurn
    now = timezone.now()
    release.confirmed_by, release.confirmed_at = person, now
    release.save(update_fields=["confirmed_by", "confirmed_at"])
    message.state = IncomingState.SKIPPED
    message.save(update_fields=["state"])
    stream.applied_seq, stream.head_hash = message.seq, message.payload_hash
    stream.save(update_fields=["applied_seq", "head_hash"])
    make_receipt(message=message, kind=ReceiptKind.APPLIED, at=now, result=ReceiptResult.SKIPPED)
    _settle(message, "skip_confirmed", person)


def _decline(person: User, release_id: int) -> None:
    release, _stream = _locked_proposal(release_id)
    release.declined_by, release.declined_at = person, timezone.now()
    release.save(update_fields=["declined_by", "declined_at"])
    _record(IncomingMessage.objects.get(pk=release.message_id), "skip_declined", person)


def _clear(person: User, alarm_id: int, reason: str) -> None:
    try:
        alarms.clear_alarm(alarm_id=alarm_id, person=person, reason=reason)
    except Alarm.DoesNotExist as error:
        raise Moved from error
    _write_down(f"alarm:{alarm_id}", "alarm_cleared", person, {"reason": reason})


def _once(person: User, what: str, key: str | None, fields: Any, effect: Callable[[], None]) -> None:
    def answer(_prepared: None) -> dict[str, Any]:
        effect()
        return {}

    once(scope=f"user:{person.uid} exchange.{what}", key=key, fields=fields, prepare=lambda: None, effect=answer)


def _check_operator(person: User) -> None:
    if not can_operate_bridge(person):
        raise PermissionDenied


def _checked_reason(person: User, reason: str) -> str:
    _check_operator(person)
    shortest, longest = REASON_LENGTH
    if not shortest <= len(reason.strip()) <= longest:
        raise ValueError(f"a reason has {shortest} to {longest} characters")
    return reason.strip()


def open_proposals() -> QuerySet[Release]:
    """Skips that wait for a second operator."""
    return _proposals().filter(confirmed_at=None, declined_at=None)


def _proposals() -> QuerySet[Release]:
    return Release.objects.filter(action=ReleaseAction.SKIP)


def _locked_dead_letter(message_id: int, seen: int) -> IncomingMessage:
    """The dead letter with its stream locked, stream first as everywhere. Raises ``Moved`` when it is decided already."""
    message = IncomingMessage.objects.get(pk=message_id)
    IncomingStream.objects.select_for_update().get(pk=message.stream_id)
    message.refresh_from_db()
    is_proposed = open_proposals().filter(message=message).exists()
    if message.state != IncomingState.DEAD or is_proposed or message.releases.count() != seen:
        raise Moved
    return message


def _locked_proposal(release_id: int) -> tuple[Release, IncomingStream]:
    """An open proposal and its message's locked stream. Raises ``Moved`` when it is settled already."""
    stream_id = _proposals().values_list("message__stream_id", flat=True).get(pk=release_id)
    stream = IncomingStream.objects.select_for_update().get(pk=stream_id)
    release = Release.objects.get(pk=release_id)
    if release.confirmed_at or release.declined_at:
        raise Moved
    return release, stream


def _settle(message: IncomingMessage, event: str, person: User, reason: str = "") -> None:
    alarms.end_alarm(kind=AlarmKind.DEAD_LETTER, subject=str(message.message_id))
    _record(message, event, person, reason)


def _record(message: IncomingMessage, event: str, person: User, reason: str = "") -> None:
    _write_down(f"message:{message.message_id}", event, person, {"reason": reason} if reason else {})


def _write_down(subject: str, event: str, person: User, params: dict[str, Any]) -> None:
    """To both logs: what happened to the message or alarm, and that an administrator did it, with the reason given."""
    record_event(subject=subject, name=event, at=timezone.now(), actor=person)
    record_audit(action=f"bridge.{event}", subject=subject, actor=person, params=params)
