"""What a citizen sends after the letter: more text and files, an answer, a request to withdraw. By the API and as a service."""

import json
import threading

import pytest
from django.db import connection

from core.idempotency import new_key
from core.throttle import Busy
from core.vault import SealError, new_receipt_code
from internal_bridge.exchange.models import OutgoingMessage
from petitions.models import CitizenCopy, Petition
from petitions.services import NotAllowed, open_petition, request_withdrawal, submit_petition
from tests.core.samples import JPEG, PDF, upload
from tests.petitions.letters import ask, letter, opened_by_office, read, reply, say, send
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db]

SUPPLEMENT, WITHDRAWAL = {"text": "夜里又响了。"}, {"reason": "已经解决。"}
BOTH = pytest.mark.parametrize(("what", "fields"), [("supplements", SUPPLEMENT), ("withdrawal", WITHDRAWAL)])


@pytest.fixture
def receipt(peer, folder):
    return submit_petition(kind="complaint", data=letter(), key=None)


@pytest.fixture
def petition(receipt):
    return Petition.objects.get(number=receipt["number"])


def sent(type):
    return list(OutgoingMessage.objects.filter(type__endswith=f"petition.{type}.v1").order_by("id"))


def data_of(message):
    return json.loads(bytes(message.payload))["data"]


@pytest.mark.bridge
def test_an_answer_reaches_the_office_and_stays_readable_for_the_citizen_alone(client, peer, petition, receipt):
    seq = ask(peer, petition)
    response = send(client, receipt, "supplements", {"text": "planted 夜里还响", "in_reply_to": seq})

    assert response.status_code == 202
    answer = response.json()
    assert answer.keys() == {"number", "status", "sent_at"}
    (message,) = sent("supplemented")
    data = data_of(message)
    assert (data["uid"], data["in_reply_to"]) == (str(petition.uid), seq)
    assert opened_by_office(peer, message) == {"text": "planted 夜里还响", "attachments": []}
    assert find_planted(["planted", "夜里还响"], dump_tables()) == []

    shown = read(client, receipt).json()
    (own,) = [one for one in shown["messages"] if one["from"] == "citizen"]
    assert own == {
        "at": answer["sent_at"],
        "from": "citizen",
        "kind": "answer",
        "text": "planted 夜里还响",
        "unit": None,
        "seq": None,
        "in_reply_to": seq,
        "attachments": [],
        "rating_token": None,
    }
    assert shown["timeline"][-1]["event"] == "supplemented"
    opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert opened.questions == []


@pytest.mark.bridge
def test_files_come_along_and_are_in_the_citizens_own_file(client, peer, petition, receipt):
    fields = {"text": "照片", "attachments": [upload("夜间.jpg", JPEG), upload("说明.pdf", PDF)]}
    headers = {"x-receipt-code": receipt["receipt_code"], "idempotency-key": new_key()}
    path = f"/api/v1/petitions/{receipt['number']}/supplements/"

    first = client.post(path, fields, headers=headers)
    for file in fields["attachments"]:
        file.seek(0)
    again = client.post(path, fields, headers=headers)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    (message,) = sent("supplemented")
    names = [one["name"] for one in opened_by_office(peer, message)["attachments"]]
    assert names == ["夜间.jpg", "说明.pdf"]
    shown = read(client, receipt).json()
    assert shown["attachments"] == []
    assert [(one["name"], one["available"]) for one in shown["messages"][0]["attachments"]] == [(name, True) for name in names]
    archive = client.get(f"/api/v1/petitions/{receipt['number']}/file/", headers=headers | {"accept-language": "zh-hans"})
    assert b"2-\xe8\xaf\xb4\xe6\x98\x8e.pdf" in b"".join(archive.streaming_content)


@pytest.mark.bridge
def test_a_withdrawal_is_asked_for_once_until_the_office_has_decided(client, peer, petition, receipt):
    assert read(client, receipt).json()["allowed"] == ["supplement", "withdrawal"]
    assert send(client, receipt, "withdrawal", WITHDRAWAL).status_code == 202

    assert opened_by_office(peer, sent("withdrawal_requested")[0]) == WITHDRAWAL
    shown = read(client, receipt).json()
    assert (shown["status"], shown["allowed"]) == ("received", ["supplement"])
    assert [(one["from"], one["kind"], one["text"]) for one in shown["messages"]] == [("citizen", "note", "已经解决。")]
    assert send(client, receipt, "withdrawal", {}).status_code == 409
    assert send(client, receipt, "supplements", SUPPLEMENT).status_code == 202

    say(peer, petition, status="in_progress", event="withdrawal_declined", at="2099-01-01T00:00:00+00:00")
    assert read(client, receipt).json()["allowed"] == ["supplement", "withdrawal"]
    assert send(client, receipt, "withdrawal", {}).status_code == 202
    say(peer, petition, status="withdrawn", event="withdrawn", at="2099-01-02T00:00:00+00:00")
    assert read(client, receipt).json()["allowed"] == []
    assert len(sent("withdrawal_requested")) == 2


@BOTH
@pytest.mark.parametrize(
    ("status", "event", "allowed"),
    [
        ("received", "registered", True),
        ("accepted", "accepted", True),
        ("in_progress", "dispatched", True),
        ("refused", "refused", False),
        ("redirected", "redirected", False),
        ("answered", "answered", False),
        ("closed", "closed", False),
        ("withdrawn", "withdrawn", False),
        ("in_progress", "rehandled", True),
    ],
)
def test_what_may_be_asked_depends_on_the_state(client, peer, petition, receipt, what, fields, status, event, allowed):
    say(peer, petition, status=status, event=event)

    response = send(client, receipt, what, fields)

    assert response.status_code == (202 if allowed else 409)
    assert len(sent("supplemented") + sent("withdrawal_requested")) == allowed
    # The state is looked at before what is wrong with the body.
    bad = send(client, receipt, what, {"nonsense": 1})
    assert bad.status_code == (400 if allowed and what == "supplements" else 409)


@pytest.mark.db
@BOTH
def test_a_repeat_gets_the_first_answer_and_does_nothing_even_after_the_end(client, peer, petition, receipt, what, fields):
    key = new_key()
    first = send(client, receipt, what, fields, key)
    say(peer, petition, status="answered", event="answered")

    again = send(client, receipt, what, fields, key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert len(sent("supplemented") + sent("withdrawal_requested")) == 1
    assert send(client, receipt, what, {name: "别的" for name in fields}, key).status_code == 409


def test_keys_of_one_petition_are_none_of_anothers(client, receipt, peer):
    other = submit_petition(kind="help", data=letter(kind="help"), key=None)
    key = new_key()

    assert send(client, receipt, "supplements", SUPPLEMENT, key).status_code == 202
    assert send(client, other, "supplements", {"text": "别的"}, key).status_code == 202


@BOTH
def test_without_the_right_code_nothing_is_asked_and_wrong_ones_count(client, receipt, peer, valkey, what, fields):
    wrong = receipt | {"receipt_code": new_receipt_code()}
    statuses = [send(client, wrong, what, fields).status_code for _ in range(11)]

    assert statuses == [404] * 10 + [429]
    assert not sent("supplemented") + sent("withdrawal_requested")


@pytest.mark.parametrize(
    ("what", "fields", "field"),
    [
        ("supplements", {}, "text"),
        ("supplements", {"text": " "}, "text"),
        ("supplements", {"text": "长" * 2_001}, "text"),
        ("supplements", {"text": "a\x00"}, "text"),
        ("supplements", {"text": "好", "in_reply_to": 7}, "in_reply_to"),
        ("supplements", {"text": "好", "in_reply_to": 0}, "in_reply_to"),
        ("supplements", {"text": "好", "colour": "red"}, "colour"),
        ("withdrawal", {"reason": "长" * 501}, "reason"),
        ("withdrawal", {"text": "好"}, "text"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(client, receipt, peer, what, fields, field):
    response = send(client, receipt, what, fields)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_a_malformed_key_or_a_parameter_is_refused(client, receipt, peer):
    assert send(client, receipt, "withdrawal", {}, "short").status_code == 400
    path = f"/api/v1/petitions/{receipt['number']}/withdrawal/?x=1"
    assert client.post(path, {}, headers={"x-receipt-code": receipt["receipt_code"]}).status_code in (400, 415)


@pytest.mark.bridge
def test_a_reply_or_a_note_is_no_question(client, peer, petition, receipt):
    reply(peer, petition, "说明", kind="note")
    assert send(client, receipt, "supplements", {"text": "好", "in_reply_to": 1}).status_code == 400


def test_one_citizens_words_do_not_open_as_anothers_or_in_another_place(peer, receipt, client):
    send(client, receipt, "supplements", {"text": "一"})
    send(client, receipt, "supplements", {"text": "二"})
    one, two = CitizenCopy.objects.filter(n__gt=1).order_by("n")
    assert (one.n, two.n) == (2, 3)
    CitizenCopy.objects.filter(pk=one.pk).update(box=bytes(two.box), commitment=two.commitment)

    with pytest.raises(SealError):
        open_petition(number=receipt["number"], code=receipt["receipt_code"])


def test_opening_asks_equally_often_however_much_was_added(client, peer, receipt, django_assert_num_queries):
    for n in range(3):
        send(client, receipt, "supplements", {"text": f"第{n}次"})

    with django_assert_num_queries(4):
        opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert [message.text for message in opened.messages] == ["第0次", "第1次", "第2次"]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_requests_to_withdraw_at_once_are_one(peer, receipt):
    opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    together, results = threading.Barrier(2, timeout=60), []

    def withdraw():
        together.wait()
        try:
            request_withdrawal(opened=opened, reason="", key=new_key())
            results.append("sent")
        except (NotAllowed, Busy):
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=withdraw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["refused", "sent"]
    assert len(sent("withdrawal_requested")) == 1
