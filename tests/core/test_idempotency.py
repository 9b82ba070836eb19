"""What is sent twice happens once, and who has the database but not the caller's key learns nothing from the record."""

import datetime
import secrets
import threading
from typing import Any

import pytest
import time_machine
from django.db import connection

from core.idempotency import InvalidKey, KeyReused, check_key, new_key, once, purge_records
from core.models import IdempotencyRecord
from core.tasks import purge_idempotency_records
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db, pytest.mark.db]

SCOPE = "anonymous test.send"
FIELDS = {"title": "路灯不亮", "urgent": False}
MOMENT = datetime.datetime(2026, 11, 3, 8, 0, tzinfo=datetime.UTC)


class Sender:
    """Something worth doing once, that counts how often it is prepared and done."""

    def __init__(self) -> None:
        self.prepared = self.done = 0
        self.error: Exception | None = None

    def send(self, key: str | None, *, scope: str = SCOPE, fields: Any = FIELDS) -> dict[str, Any]:
        return once(scope=scope, key=key, fields=fields, prepare=self.prepare, effect=self.effect)

    def prepare(self) -> str:
        self.prepared += 1
        return f"draft {self.prepared}"

    def effect(self, draft: str) -> dict[str, Any]:
        if self.error:
            raise self.error
        self.done += 1
        return {"draft": draft, "done": self.done, "text": "甲"}


@pytest.fixture
def sender() -> Sender:
    return Sender()


def test_a_repeat_gets_the_first_answer_and_does_nothing(sender):
    key = new_key()
    first = sender.send(key)

    assert [sender.send(key) for _ in range(3)] == [first] * 3
    assert (sender.prepared, sender.done) == (1, 1)


def test_the_order_of_fields_does_not_make_them_others(sender):
    key = new_key()
    first = sender.send(key)

    assert sender.send(key, fields=dict(reversed(FIELDS.items()))) == first


@pytest.mark.parametrize("fields", [{}, FIELDS | {"title": "路灯"}, FIELDS | {"urgent": True}, FIELDS | {"more": None}, None])
def test_the_same_key_with_other_content_is_refused(sender, fields):
    key = new_key()
    sender.send(key)

    with pytest.raises(KeyReused):
        sender.send(key, fields=fields)

    assert sender.done == 1


def test_callers_do_not_meet_in_one_anothers_keys(sender):
    key = new_key()

    assert sender.send(key)["done"] == 1
    assert sender.send(key, scope="user:1 test.send", fields={})["done"] == 2


def test_without_a_key_everything_happens_each_time(sender):
    assert [sender.send(None)["done"] for _ in range(3)] == [1, 2, 3]
    assert not IdempotencyRecord.objects.exists()


# Named, because test runners side by side must collect the same names.
@pytest.mark.parametrize(
    "key",
    ["a" * 22, "a" * 128, "AZaz09_-" * 3, secrets.token_urlsafe(16)],
    ids=["shortest", "longest", "every character", "made at random"],
)
def test_a_well_formed_key_is_taken(sender, key):
    assert check_key(key) == key
    assert sender.send(key)["done"] == 1


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param("a" * 21, id="too short"),
        pytest.param("a" * 129, id="too long"),
        pytest.param("a" * 22 + "\n", id="a line's end behind"),
        pytest.param("a" * 21 + " ", id="a space"),
        pytest.param("a" * 21 + "=", id="padding"),
        pytest.param("a" * 21 + "é", id="a letter beyond ASCII"),
        pytest.param("a" * 21 + "２", id="a full-width digit"),
    ],
)
def test_a_malformed_key_is_refused_before_anything_is_done(sender, key):
    with pytest.raises(InvalidKey):
        sender.send(key)

    assert (sender.prepared, sender.done) == (0, 0)


def test_keys_of_forms_are_well_formed_and_differ():
    keys = {new_key() for _ in range(100)}

    assert len(keys) == 100
    assert all(check_key(key) == key for key in keys)


def test_the_record_shows_neither_key_nor_question_nor_answer():
    key = new_key()
    question = {"title": "planted-question 江滨路工地"}
    answer = {"receipt_code": "PLANTED-ANSWER", "name": "韦国强"}

    once(scope=SCOPE, key=key, fields=question, prepare=lambda: None, effect=lambda _: answer)

    assert IdempotencyRecord.objects.count() == 1
    assert find_planted([key, "planted-question", "江滨路工地", "PLANTED-ANSWER", "韦国强"], dump_tables()) == []
    assert once(scope=SCOPE, key=key, fields=question, prepare=lambda: None, effect=lambda _: {}) == answer


def test_the_same_content_under_two_keys_cannot_be_recognised(sender):
    sender.send(new_key())
    sender.send(new_key())

    one, other = IdempotencyRecord.objects.all()
    assert one.fingerprint != other.fingerprint
    assert bytes(one.response) != bytes(other.response)


def test_an_effect_that_fails_leaves_no_record_and_can_be_tried_again(sender):
    key = new_key()
    sender.error = RuntimeError("disk full")
    with pytest.raises(RuntimeError):
        sender.send(key)
    assert not IdempotencyRecord.objects.exists()

    sender.error = None
    assert sender.send(key)["done"] == 1


@pytest.mark.parametrize(
    ("age", "repeats"),
    [
        (datetime.timedelta(hours=24), True),
        (datetime.timedelta(hours=24, seconds=1), False),
        (datetime.timedelta(days=30), False),
    ],
)
def test_an_answer_is_kept_24_hours(sender, age, repeats):
    key = new_key()
    with time_machine.travel(MOMENT, tick=False) as clock:
        sender.send(key)
        clock.shift(age)
        again = sender.send(key)

    assert again["done"] == (1 if repeats else 2)
    assert IdempotencyRecord.objects.count() == 1


def test_after_24_hours_a_key_may_carry_other_content(sender):
    key = new_key()
    with time_machine.travel(MOMENT, tick=False) as clock:
        sender.send(key)
        clock.shift(datetime.timedelta(hours=25))

        assert sender.send(key, fields={"other": 1})["done"] == 2


def test_old_records_are_purged_and_young_ones_stay(sender):
    young = new_key()
    with time_machine.travel(MOMENT, tick=False) as clock:
        sender.send(new_key())
        sender.send(new_key())
        clock.shift(datetime.timedelta(hours=12))
        first = sender.send(young)
        clock.shift(datetime.timedelta(hours=12, seconds=1))

        assert purge_records() == 2
        assert purge_idempotency_records() == 0
        assert sender.send(young) == first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_content", [True, False])
def test_of_two_at_once_one_takes_effect(same_content):
    """Both have looked and found nothing before either stores: the database decides."""
    key, together, done, outcomes = new_key(), threading.Barrier(2, timeout=30), [], []

    def send(number: int) -> None:
        def effect(_: int) -> dict[str, Any]:
            done.append(number)
            return {"by": number}

        fields = FIELDS if same_content else {"number": number}
        try:
            outcomes.append(once(scope=SCOPE, key=key, fields=fields, prepare=together.wait, effect=effect))
        except KeyReused as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 2
    assert IdempotencyRecord.objects.count() == 1
    if same_content:
        assert outcomes[0] == outcomes[1] == {"by": done[0]}
    else:
        assert {"by": done[0]} in outcomes
        assert sum(isinstance(outcome, KeyReused) for outcome in outcomes) == 1
    assert len(done) == 1
