"""What operators do about dead letters and alarms: one may retry, two together may skip, each with a reason, once."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from rules.permissions import permissions
from rules.predicates import predicate

from core.events import events_of
from core.idempotency import new_key
from core.models import User
from internal_bridge.exchange import operations
from internal_bridge.exchange.alarms import open_alarms, raise_alarm
from internal_bridge.exchange.enums import AlarmKind, IncomingState
from internal_bridge.exchange.inbox import MAX_ATTEMPTS
from internal_bridge.exchange.models import Alarm, IncomingMessage, Receipt, Release
from internal_bridge.exchange.permissions import OPERATE

pytestmark = pytest.mark.django_db

REASON = "原因已排除"


OPERATORS = {"sun", "fang"}


@pytest.fixture(autouse=True)
def rule(monkeypatch):
    """Who operates the bridge: a rule of these tests' own, since the portal has no directory."""
    monkeypatch.setitem(permissions, OPERATE, predicate(lambda person: person.username in OPERATORS))


def operator(username):
    return User.objects.create_user(username, display_name=f"{username} 甲")


@pytest.fixture
def sun():
    return operator("sun")


@pytest.fixture
def fang():
    return operator("fang")


@pytest.fixture
def dead(peer):
    """A dead letter, with one message parked behind it."""
    peer.bring(peer.message("never:1"))
    peer.bring(peer.message("two"))
    return IncomingMessage.objects.get(state=IncomingState.DEAD)


def retry(person, message, *, seen=0, reason=REASON, key=None):
    operations.retry_dead_letter(person=person, message_id=message.pk, seen=seen, reason=reason, key=key)


def propose(person, message, *, seen=0, reason=REASON, key=None):
    operations.propose_skip(person=person, message_id=message.pk, seen=seen, reason=reason, key=key)
    return Release.objects.get(message=message, confirmed_at=None, declined_at=None, action="skip")


def names(message):
    return [event.name for event in events_of(f"message:{message.message_id}")]


@pytest.mark.bridge
def test_a_retry_starts_over_and_applies_what_waited_behind(dead, sun, effects, monkeypatch):
    assert [alarm.kind for alarm in open_alarms()] == [AlarmKind.DEAD_LETTER]
    _mend(monkeypatch, effects)

    retry(sun, dead)

    assert effects == ["never:1", "two"]
    dead.refresh_from_db()
    assert dead.state == IncomingState.APPLIED
    assert names(dead) == ["dead_letter_retried"]
    assert not open_alarms().exists()
    release = Release.objects.get()
    assert (release.action, release.reason, release.proposed_by) == ("retry", REASON, sun)


def test_a_retry_in_vain_is_dead_and_alarmed_again(dead, sun):
    retry(sun, dead)

    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (IncomingState.DEAD, 1)
    assert open_alarms().count() == 1


def test_a_passing_error_gets_all_its_attempts_again(peer, sun):
    peer.bring(peer.message("fail:1"))
    message = IncomingMessage.objects.get()
    IncomingMessage.objects.update(state=IncomingState.DEAD, attempts=MAX_ATTEMPTS)

    retry(sun, message)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (IncomingState.WAITING, 1)


@pytest.mark.bridge
def test_two_operators_skip_and_the_stream_goes_on(dead, sun, fang, effects):
    release = propose(sun, dead)
    assert effects == []

    operations.confirm_skip(person=fang, release_id=release.pk, key=None)

    assert effects == ["two"]
    dead.refresh_from_db()
    assert dead.state == IncomingState.SKIPPED
    assert names(dead) == ["skip_proposed", "skip_confirmed"]
    receipt = Receipt.objects.get(message_id=dead.message_id, kind="applied")
    assert statement(receipt)["result"] == "skipped"
    assert statement(Receipt.objects.get(message_id=dead.message_id, kind="stored"))["result"] == "ok"
    assert not open_alarms().exists()


def test_a_skipped_message_that_comes_again_does_nothing(peer, sun, fang, effects):
    signed = peer.message("never:1")
    first = peer.bring(signed)
    release = propose(sun, IncomingMessage.objects.get())
    operations.confirm_skip(person=fang, release_id=release.pk, key=None)

    assert peer.bring(signed) == first
    assert effects == []


def test_nobody_confirms_a_skip_of_their_own(dead, sun):
    release = propose(sun, dead)

    with pytest.raises(operations.SameOperator):
        operations.confirm_skip(person=sun, release_id=release.pk, key=None)

    dead.refresh_from_db()
    assert dead.state == IncomingState.DEAD


def test_a_declined_skip_leaves_a_dead_letter_that_can_be_retried(dead, sun, fang, effects, monkeypatch):
    release = propose(sun, dead)
    operations.decline_skip(person=fang, release_id=release.pk, key=None)
    with pytest.raises(operations.Moved):
        operations.confirm_skip(person=fang, release_id=release.pk, key=None)
    _mend(monkeypatch, effects)

    retry(fang, dead, seen=1)

    assert effects == ["never:1", "two"]
    assert names(dead) == ["skip_proposed", "skip_declined", "dead_letter_retried"]


def test_a_proposer_takes_it_back(dead, sun):
    release = propose(sun, dead)
    operations.decline_skip(person=sun, release_id=release.pk, key=None)
    assert propose(sun, dead, seen=1).pk != release.pk


def test_a_message_is_skipped_only_in_its_turn(peer, sun, fang):
    peer.bring(peer.message("never:1"))
    peer.bring(peer.message("two"))
    IncomingMessage.objects.filter(seq=2).update(state=IncomingState.DEAD)
    later = IncomingMessage.objects.get(seq=2)
    release = propose(sun, later)

    with pytest.raises(operations.NotItsTurn):
        operations.confirm_skip(person=fang, release_id=release.pk, key=None)


def test_what_somebody_else_has_decided_is_not_decided_again(dead, sun, fang):
    propose(sun, dead)

    with pytest.raises(operations.Moved):
        retry(fang, dead)
    with pytest.raises(operations.Moved):
        propose(fang, dead)
    retried = Release.objects.filter(action="retry").count()
    assert retried == 0


def test_a_retry_of_what_was_retried_meanwhile_is_refused(dead, sun, fang):
    retry(sun, dead)
    with pytest.raises(operations.Moved):
        retry(fang, dead)


def test_what_is_not_dead_is_not_released(peer, sun, effects):
    peer.bring(peer.message("one"))
    message = IncomingMessage.objects.get()
    with pytest.raises(operations.Moved):
        retry(sun, message)
    with pytest.raises(operations.Moved):
        propose(sun, message)


def test_a_repeat_does_nothing_twice(dead, sun, fang):
    key, other = new_key(), new_key()
    for _ in range(2):
        operations.propose_skip(person=sun, message_id=dead.pk, seen=0, reason=REASON, key=key)
    release = Release.objects.get()
    for _ in range(2):
        operations.confirm_skip(person=fang, release_id=release.pk, key=other)
    assert names(dead) == ["skip_proposed", "skip_confirmed"]


@pytest.mark.parametrize("reason", ["", " ", "短", "长" * 201])
def test_every_decision_has_a_reason(dead, sun, reason):
    with pytest.raises(ValueError, match="reason"):
        retry(sun, dead, reason=reason)


@pytest.mark.parametrize("superuser", [False, True])
def test_only_operators_decide(dead, sun, superuser):
    stranger = User.objects.create_user("stranger", is_superuser=superuser)
    release = propose(sun, dead)
    raise_alarm(kind=AlarmKind.DISK, subject="data")
    alarm = Alarm.objects.get(kind=AlarmKind.DISK)
    attempts = [
        lambda: retry(stranger, dead),
        lambda: operations.propose_skip(person=stranger, message_id=dead.pk, seen=0, reason=REASON, key=None),
        lambda: operations.confirm_skip(person=stranger, release_id=release.pk, key=None),
        lambda: operations.decline_skip(person=stranger, release_id=release.pk, key=None),
        lambda: operations.clear_alarm(person=stranger, alarm_id=alarm.pk, reason=REASON, key=None),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()


def test_an_alarm_is_cleared_once_by_name(sun, fang):
    raise_alarm(kind=AlarmKind.FORGERY, subject="portal: signature")
    alarm = Alarm.objects.get()

    operations.clear_alarm(person=sun, alarm_id=alarm.pk, reason=REASON, key=None)

    alarm.refresh_from_db()
    assert (alarm.cleared_by, alarm.reason) == (sun, REASON)
    assert alarm.cleared_at <= timezone.now()
    assert [event.name for event in events_of(f"alarm:{alarm.pk}")] == ["alarm_cleared"]
    with pytest.raises(operations.Moved):
        operations.clear_alarm(person=fang, alarm_id=alarm.pk, reason=REASON, key=None)
    with pytest.raises(Alarm.DoesNotExist):
        operations.clear_alarm(person=fang, alarm_id=alarm.pk + 1, reason=REASON, key=None)


def statement(receipt):
    from internal_bridge.exchange.jws import decode

    return json.loads(decode(json.loads(bytes(receipt.body))["payload"]))


def _mend(monkeypatch, effects):
    """From now on the handler takes what it could not take before."""
    from internal_bridge.exchange import handlers

    monkeypatch.setitem(handlers._handlers, ("test.ping", 1), lambda message: effects.append(message.data["text"]))
