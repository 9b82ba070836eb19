"""Domain events: appended with a hash that anybody can compute again from the row."""

import datetime
import hashlib
import json

import pytest
from django.utils import timezone

from core.events import events_of, leaf_bytes, record_event
from core.models import DomainEvent, User

pytestmark = [pytest.mark.django_db, pytest.mark.db]

SUBJECT = "case:01900000-0000-7000-8000-000000000001"
AT = datetime.datetime(2026, 11, 3, 8, 30, 15, 123456, tzinfo=datetime.UTC)


def leaf(event: DomainEvent) -> str:
    return hashlib.sha256(leaf_bytes(event)).hexdigest()


@pytest.mark.parametrize(
    "params", [None, {}, {"days": 30, "extended": True, "until": "2026-12-01"}, {"b": 1, "a": {"d": None, "c": [1, 2]}}]
)
@pytest.mark.parametrize("with_actor", [True, False])
def test_a_leaf_hash_is_computed_again_from_the_stored_row(params, with_actor):
    actor = User.objects.create_user("dispatcher") if with_actor else None
    made = record_event(subject=SUBJECT, name="registered", at=AT, actor=actor, params=params)

    stored = DomainEvent.objects.get(uid=made.uid)

    assert leaf(stored) == stored.leaf_hash == made.leaf_hash


def test_a_leaf_is_canonical_json_of_what_happened():
    # Hashes are stored and will be witnessed: these very bytes must stay.
    actor = User.objects.create_user("dispatcher", display_name="受理员")
    event = record_event(subject=SUBJECT, name="answered", at=AT, actor=actor, params={"b": "乙", "a": 1})

    assert leaf_bytes(event).decode() == (
        f'{{"actor":"{actor.uid}","at":"2026-11-03T08:30:15.123456+00:00","name":"answered",'
        f'"params":{{"a":1,"b":"乙"}},"subject":"{SUBJECT}","uid":"{event.uid}"}}'
    )


def test_a_leaf_does_not_depend_on_the_zone_in_which_its_moment_was_said():
    beijing = AT.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
    event = record_event(subject=SUBJECT, name="registered", at=beijing)

    assert json.loads(leaf_bytes(event))["at"] == AT.isoformat()
    assert leaf(DomainEvent.objects.get()) == event.leaf_hash


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "case:other"},
        {"name": "closed"},
        {"at": AT + datetime.timedelta(microseconds=1)},
        {"params": {"days": 31}},
        {"actor": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_altered_no_longer_fits_its_hash(change):
    actor = User.objects.create_user("dispatcher")
    record_event(subject=SUBJECT, name="answered", at=AT, actor=actor, params={"days": 30})
    stored = DomainEvent.objects.get()
    assert leaf(stored) == stored.leaf_hash

    for name, value in change.items():
        setattr(stored, name, value)

    assert leaf(stored) != stored.leaf_hash


def test_a_timeline_is_one_subjects_and_oldest_first(django_assert_num_queries):
    actor = User.objects.create_user("dispatcher")
    for name in ("registered", "accepted", "answered"):
        record_event(subject=SUBJECT, name=name, at=timezone.now(), actor=actor)
        record_event(subject="case:other", name=name, at=timezone.now())

    with django_assert_num_queries(1):
        shown = [(event.name, event.actor.username) for event in events_of(SUBJECT)]

    assert shown == [("registered", "dispatcher"), ("accepted", "dispatcher"), ("answered", "dispatcher")]
