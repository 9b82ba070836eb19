"""Submitting, keeping and opening: in one transaction, sealed, and readable with the code alone."""

import datetime
import json
import threading
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from core.idempotency import new_key
from core.models import IdempotencyRecord
from core.vault import SealError, new_receipt_code
from internal_bridge.exchange.envelopes import read_envelope
from internal_bridge.exchange.errors import PermanentError
from internal_bridge.exchange.messages import Message
from internal_bridge.exchange.models import OutgoingMessage, OutgoingStream
from petitions import services
from petitions.models import CitizenCopy, Petition, TimelineEntry
from petitions.services import NumberTaken, open_petition, submit_petition
from tests.petitions.letters import key_of, letter, opened_by_office, reply
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

LETTER = letter(
    title="planted-title 江滨路工地",
    body="planted-body 半夜三点还在打桩",
    place="planted-place 澄江府二期",
    name="planted-name 韦国强",
    phone="13700003518",
    email="planted.mail@example.com",
    about_person="planted-person 某科长",
    representatives=[{"name": "planted-rep 甲", "phone": "13711110000"}],
    on_behalf_of={"name": "planted-old 老人", "relation": "planted-son"},
)
PLANTED = [
    *("planted-", "江滨路工地", "半夜三点", "澄江府", "韦国强", "13700003518", "planted.mail", "某科长", "13711110000", "老人"),
]


def submit(key: str | None = None, **changes: Any) -> dict[str, str]:
    fields = LETTER | changes
    return submit_petition(kind=fields["kind"], data=fields, key=key)


@pytest.mark.django_db(transaction=True)
def test_the_plain_text_stands_nowhere_in_the_database(peer):
    receipt = submit(new_key())
    reply(peer, Petition.objects.get(), "planted-reply 已停工整改")
    code = receipt["receipt_code"]
    planted = [*PLANTED, "已停工整改", code, code.replace("-", "")]

    assert find_planted(planted, dump_tables()) == []
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        files = [path.read_bytes() for path in database.parent.glob(f"{database.name}*")]
        assert find_planted(planted, b"".join(files)) == []
        # The search would find what is there.
        assert find_planted([receipt["number"]], b"".join(files)) == [receipt["number"]]


def test_the_office_and_the_citizen_each_open_all_that_was_written(peer):
    receipt = submit()

    for_office = opened_by_office(peer, OutgoingMessage.objects.get())
    for_citizen = open_petition(number=receipt["number"], code=receipt["receipt_code"])

    assert for_citizen is not None
    assert for_citizen.content == for_office
    sent = {name: value for name, value in LETTER.items() if name != "kind"}
    assert {name: for_office[name] for name in sent} == sent


def test_what_crosses_in_clear_is_codes_and_dates(peer):
    receipt = submit()

    data = json.loads(bytes(OutgoingMessage.objects.get().payload))["data"]

    petition = Petition.objects.get()
    assert data.pop("sealed").keys() == {"box", "commitment"}
    assert data == {
        "uid": str(petition.uid),
        "number": receipt["number"],
        "kind": "complaint",
        "received_at": petition.received_at.isoformat(),
        "citizen_key": key_of(receipt).hex(),
    }


def test_the_portal_cannot_open_what_it_has_sealed_to_the_office(peer):
    submit()

    with pytest.raises(PermanentError):
        Message.of(read_envelope(OutgoingMessage.objects.get().signed.as_bytes())).open_sealed()


@pytest.mark.parametrize("error", [DatabaseError("away"), ImproperlyConfigured("no key"), ZeroDivisionError("a bug")])
@pytest.mark.parametrize(
    "place", ["petitions.copies.seal", "petitions.services.send_message", "core.idempotency._Lock.encrypt"]
)
def test_a_failure_at_any_step_leaves_nothing_behind(peer, monkeypatch, place, error):
    def fail(*_: Any, **__: Any) -> None:
        raise error

    key = new_key()
    with monkeypatch.context() as broken:
        broken.setattr(place, fail)
        with pytest.raises(type(error)):
            submit(key)

    for model in (Petition, CitizenCopy, TimelineEntry, OutgoingMessage, OutgoingStream, IdempotencyRecord):
        assert not model.objects.exists(), model
    # The very same request can be made again.
    assert submit(key)["status"] == "received"


def test_a_number_that_somebody_draws_in_the_same_moment_is_drawn_anew(peer, monkeypatch):
    taken, free = "20261103-123456-0", "20261103-234567-0"
    first = [taken, taken, free]
    monkeypatch.setattr(services, "draw_number", lambda day, **_: first.pop(0))
    submit()
    # Our look comes before the other's insert.
    monkeypatch.setattr(services, "_draft", _blind_draft(monkeypatch))
    key = new_key()

    receipt = submit(key)

    assert receipt["number"] == free
    assert submit(key) == receipt
    assert open_petition(number=free, code=receipt["receipt_code"])


def test_a_number_that_stays_taken_is_given_up(peer, monkeypatch):
    monkeypatch.setattr(services, "draw_number", lambda day, **_: "20261103-123456-0")
    submit()
    monkeypatch.setattr(services, "_draft", _blind_draft(monkeypatch))

    with pytest.raises(NumberTaken):
        submit(new_key())

    assert Petition.objects.count() == OutgoingMessage.objects.count() == 1
    assert not IdempotencyRecord.objects.exists()


def _blind_draft(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``_draft`` without its look whether the number is free."""
    real = services._draft

    def draft() -> Any:
        with monkeypatch.context() as blind:
            blind.setattr(services.Petition.objects, "filter", lambda **_: Petition.objects.none())
            return real()

    return draft


@pytest.mark.parametrize(
    ("moment", "day"), [("2026-12-31T15:59:59+00:00", "20261231"), ("2026-12-31T16:00:00+00:00", "20270101")]
)
def test_a_number_carries_the_day_in_beijing(peer, moment, day):
    with time_machine.travel(datetime.datetime.fromisoformat(moment), tick=False):
        assert submit()["number"].startswith(f"{day}-")


@pytest.mark.parametrize("messages", [0, 1, 4])
def test_opening_asks_four_questions_however_much_there_is(peer, django_assert_num_queries, messages):
    receipt = submit()
    petition = Petition.objects.get()
    for number in range(messages):
        reply(peer, petition, f"第{number}次答复", unit={"code": "zjj", "name": "住建局"})

    with django_assert_num_queries(4):
        opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])

    assert opened is not None
    assert [message.text for message in opened.messages] == [f"第{number}次答复" for number in range(messages)]


def test_a_wrong_code_opens_nothing_and_asks_for_the_petition_alone(peer, django_assert_num_queries):
    receipt = submit()

    with django_assert_num_queries(1):
        assert open_petition(number=receipt["number"], code=new_receipt_code()) is None


def test_a_copy_moved_to_another_petition_does_not_open_there(peer):
    """Who has the database cannot show one citizen another's letter."""
    one, other = submit(), submit()
    CitizenCopy.objects.filter(petition__number=one["number"]).delete()
    CitizenCopy.objects.filter(petition__number=other["number"]).update(petition=Petition.objects.get(number=one["number"]))

    with pytest.raises(SealError):
        open_petition(number=one["number"], code=one["receipt_code"])


@pytest.mark.django_db(transaction=True)
def test_one_letter_sent_twice_at_once_is_one_petition(peer):
    key, together, receipts = new_key(), threading.Barrier(2, timeout=60), []

    def send() -> None:
        together.wait()
        try:
            receipts.append(submit(key))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(receipts) == 2
    assert receipts[0] == receipts[1]
    assert Petition.objects.count() == OutgoingMessage.objects.count() == 1
