"""``/api/v1/petitions/`` as its contract says: what comes in, what goes out, and what is refused how."""

import datetime
import re
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from core.idempotency import new_key
from core.identifiers import is_number
from core.vault import canonical_code, citizen_key, new_receipt_code
from internal_bridge.exchange.models import OutgoingMessage
from petitions import services
from petitions.models import Petition
from tests.petitions.letters import API, letter, post, read, reply, say

pytestmark = [pytest.mark.django_db, pytest.mark.db]

PROBLEM = "application/problem+json"


def test_a_letter_gets_number_and_receipt_code(client, peer):
    response = post(client, letter())

    assert response.status_code == 201
    answer = response.json()
    assert set(answer) == {"number", "receipt_code", "status", "follow_url"}
    assert is_number(answer["number"])
    assert answer["number"][9] in "01234567"
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", answer["receipt_code"])
    assert answer["status"] == "received"
    assert answer["follow_url"] == "http://testserver/petitions/follow/"


def test_an_english_caller_follows_in_english(client, peer):
    response = post(client, letter(), **{"accept-language": "en"})

    assert response.json()["follow_url"] == "http://testserver/en/petitions/follow/"


def test_whoever_has_number_and_code_reads_all_that_the_contract_promises(client, peer):
    receipt = post(client, letter(kind="help", title="标题", body="五个字的正文")).json()

    response = read(client, receipt)

    assert response.status_code == 200
    answer = response.json()
    received_at = datetime.datetime.fromisoformat(answer.pop("received_at"))
    assert received_at.tzinfo is not None
    (step,) = answer.pop("timeline")
    assert set(step) == {"at", "event", "text"}
    assert (datetime.datetime.fromisoformat(step["at"]), step["event"]) == (received_at, "submitted")
    assert answer == {
        "number": receipt["number"],
        "kind": "help",
        "status": "received",
        "title": "标题",
        "body": "五个字的正文",
        "unit": None,
        "deadlines": [],
        "messages": [],
        "attachments": [],
        "allowed": ["supplement", "withdrawal"],
    }


def test_what_the_office_says_is_read_with_the_code(client, peer):
    receipt = post(client, letter()).json()
    petition = Petition.objects.get()
    say(peer, petition)
    reply(peer, petition, "工地已停工整改。", unit={"code": "zjj", "name": "云岭市住建局"})
    say(peer, petition, status="answered", event="answered", at="2026-11-04T08:00:00+00:00")

    answer = read(client, receipt).json()

    assert answer["status"] == "answered"
    assert answer["unit"] == "云岭市住建局"
    assert answer["messages"] == [
        {
            "at": "2026-11-04T16:00:00+08:00",
            "from": "office",
            "kind": "reply",
            "text": "工地已停工整改。",
            "unit": "云岭市住建局",
            "seq": 2,
            "in_reply_to": None,
            "attachments": [],
            "rating_token": None,
        }
    ]
    assert answer["allowed"] == []
    assert {step["event"] for step in answer["timeline"]} == {"submitted", "registered", "answered"}


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_opens_however_it_is_typed(client, peer, typed):
    receipt = post(client, letter()).json()

    assert read(client, receipt | {"receipt_code": typed(receipt["receipt_code"])}).status_code == 200


def test_a_wrong_number_and_a_wrong_code_are_the_same_answer(client, peer):
    receipt, other = post(client, letter()).json(), post(client, letter()).json()
    wrong = [
        receipt | {"receipt_code": new_receipt_code()},
        receipt | {"receipt_code": other["receipt_code"]},
        receipt | {"receipt_code": "nonsense"},
        receipt | {"receipt_code": ""},
        receipt | {"number": other["number"]},
        receipt | {"number": "20260102-123456-3"},
        receipt | {"number": "20260102-123456-4"},
        receipt | {"number": "nonsense"},
        receipt | {"number": "２０２６０１０２-123456-3"},
    ]

    answers = [read(client, one) for one in wrong]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    volatile = {"Expires"}
    assert len({tuple(sorted((k, v) for k, v in answer.items() if k not in volatile)) for answer in answers}) == 1


def test_a_wrong_number_costs_the_same_derivation_as_a_wrong_code(client, peer, monkeypatch):
    receipt = post(client, letter()).json()
    derived: list[str] = []
    real = services.citizen_key

    def count(code: str, *, number: str) -> Any:
        derived.append(number)
        return real(code, number=number)

    monkeypatch.setattr(services, "citizen_key", count)
    code = new_receipt_code()
    for number in (receipt["number"], "20260102-123456-3", "nonsense"):
        read(client, {"number": number, "receipt_code": code})

    assert len(derived) == 3


def test_without_a_code_nothing_is_read(client, peer):
    receipt = post(client, letter()).json()

    response = client.get(f"{API}{receipt['number']}/")

    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM


def test_a_code_in_the_address_is_an_unknown_parameter_and_does_not_open(client, peer):
    receipt = post(client, letter()).json()

    assert client.get(f"{API}{receipt['number']}/?code={receipt['receipt_code']}").status_code == 404


@pytest.mark.parametrize("query", ["?page=1", "?x", "?title=a&body=b"])
def test_unknown_parameters_are_refused(client, peer, query):
    receipt = post(client, letter()).json()

    sent = client.post(f"{API}{query}", letter(), content_type="application/json")
    asked = client.get(f"{API}{receipt['number']}/{query}", headers={"x-receipt-code": receipt["receipt_code"]})

    assert (sent.status_code, asked.status_code) == (400, 400)
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "address"), [("get", API), ("put", API), ("delete", API), ("post", f"{API}20260102-123456-3/")]
)
def test_other_verbs_are_refused(client, method, address):
    response = getattr(client, method)(address)

    assert response.status_code == 405
    assert response["Content-Type"] == PROBLEM


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_what_is_no_json_is_415(client, content_type):
    response = client.generic("POST", API, b"kind=complaint", content_type=content_type)

    assert response.status_code == 415
    assert response["Content-Type"] == PROBLEM
    assert response.json()["status"] == 415


def test_errors_are_said_in_the_callers_language(client, units):
    wrong = letter(phone="x", unit_code="nowhere")

    zh, en = (post(client, wrong, **{"accept-language": language}) for language in ("zh-CN", "en"))

    assert en.json()["errors"]["phone"] == ["Enter a phone number such as 0788-1234567."]
    assert set(zh.json()["errors"]) == set(en.json()["errors"]) == {"phone", "unit_code"}
    assert (zh["Content-Language"], en["Content-Language"]) == ("zh-hans", "en")


@pytest.mark.parametrize("method", [post, read])
def test_nothing_is_cached(client, peer, method):
    receipt = post(client, letter()).json()
    response = post(client, letter()) if method is post else read(client, receipt)

    assert "no-store" in response["Cache-Control"]


def test_refusals_are_not_cached_either(client, peer):
    assert "no-store" in post(client, {})["Cache-Control"]
    assert "no-store" in read(client, {"number": "20260102-123456-3", "receipt_code": "x"})["Cache-Control"]


# --- Sent twice ----------------------------------------------------------------------------------------------------------


def test_a_repeat_gets_the_same_receipt_and_is_one_petition(client, peer):
    key = new_key()
    first = post(client, letter(), key)

    again = [post(Client(), letter(), key) for _ in range(2)]

    assert {response.status_code for response in again} == {201}
    assert [response.json() for response in again] == [first.json()] * 2
    assert (Petition.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


def test_a_repeat_may_say_in_so_many_words_what_it_left_out_before(client, peer):
    key = new_key()
    first = post(client, letter(), key).json()

    assert post(client, letter(place="", urgent=False, representatives=[]), key).json() == first


@pytest.mark.parametrize(
    "change", [{"title": "另一个标题"}, {"kind": "help"}, {"withhold_identity": True}, {"place": "江滨路"}]
)
def test_the_same_key_with_another_letter_is_a_conflict(client, peer, change):
    key = new_key()
    receipt = post(client, letter(), key).json()

    response = post(client, letter(**change), key)

    assert response.status_code == 409
    assert response["Content-Type"] == PROBLEM
    assert receipt["receipt_code"] not in response.content.decode()
    assert Petition.objects.count() == 1


@pytest.mark.parametrize("key", ["", "short", "a" * 129, "a" * 21 + "!"])
def test_a_malformed_key_is_named_and_nothing_is_taken(client, peer, key):
    response = post(client, letter(), key)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"Idempotency-Key"}
    assert not Petition.objects.exists()


def test_letters_without_a_key_are_each_a_petition(client, peer):
    numbers = {post(client, letter()).json()["number"] for _ in range(3)}

    assert len(numbers) == Petition.objects.count() == 3


# --- What cannot be stored -----------------------------------------------------------------------------------------------


@pytest.fixture
def dead_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement fails, as when the database is away."""

    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError("planted-detail")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", fail)


@pytest.mark.parametrize("changes", [{}, {"unit_code": "gaj"}], ids=["plain", "naming a unit"])
def test_without_a_database_the_caller_is_told_so_and_gets_no_receipt(client, peer, dead_database, changes, caplog):
    response = post(client, letter(**changes), **{"accept-language": "en"})

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM
    assert "receipt_code" not in response.json()
    assert "12345" in response.json()["detail"]
    assert "planted" not in response.content.decode()
    assert "韦国强" not in caplog.text
    assert "打桩" not in caplog.text


def test_without_a_database_nobody_is_told_that_a_right_code_is_wrong(client, dead_database):
    response = read(client, {"number": "20260102-123456-3", "receipt_code": new_receipt_code()})

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM


def test_without_keys_nothing_is_taken(client, db, settings, tmp_path):
    settings.EXCHANGE_KEYS_DIR = tmp_path

    assert post(client, letter()).status_code == 503
    assert not Petition.objects.exists()


def test_a_receipt_code_is_the_key_that_is_stored_and_nothing_else(client, peer):
    receipt = post(client, letter()).json()
    petition = Petition.objects.get()

    derived = citizen_key(receipt["receipt_code"], number=receipt["number"])
    assert bytes(petition.citizen_key) == derived.public
    assert len(canonical_code(receipt["receipt_code"])) == 20
