"""A petition that the office took down by phone or at the counter is followed here, though its words never were here."""

import datetime
from typing import Any

import pytest
from django.test import Client

from core.identifiers import OFFICE_FIRST_DIGITS, draw_number, uuid7
from core.vault import citizen_key, new_receipt_code
from petitions.models import CitizenCopy, Petition
from petitions.services import open_petition
from tests.exchange.peers import Peer
from tests.petitions.letters import API, FOLLOW, read, reply, say, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

RECEIVED = "2026-11-03T09:30:00+08:00"


@pytest.fixture
def receipt(peer: Peer) -> dict[str, str]:
    """What the office printed; the portal has been told of the petition and of its registration."""
    number, code, uid = (
        draw_number(datetime.date(2026, 11, 3), first_digits=OFFICE_FIRST_DIGITS),
        new_receipt_code(),
        str(uuid7()),
    )
    key = citizen_key(code, number=number).public.hex()
    data = {"uid": uid, "number": number, "kind": "help", "received_at": RECEIVED, "citizen_key": key}
    peer.bring(peer.message(type="case.opened.v1", stream=f"case:{uid}", data=data))
    say(peer, Petition.objects.get(number=number), status="received", event="registered")
    return {"number": number, "receipt_code": code}


def follow(client: Client, receipt: dict[str, str]) -> Any:
    fields = {"number": receipt["number"], "code": receipt["receipt_code"]}
    return client.post(FOLLOW, fields, headers={"accept-language": "zh-hans"})


def test_number_and_code_open_it_without_a_word_of_what_was_said(client: Client, receipt: dict[str, str]) -> None:
    text = visible_text(follow(client, receipt).content.decode())
    assert receipt["number"] in text
    assert "由电话或窗口登记" in text
    assert "您写的内容" not in text
    answer = read(client, receipt).json()
    assert (answer["title"], answer["body"], answer["status"]) == ("", "", "received")
    assert not CitizenCopy.objects.exists()


def test_what_the_office_says_opens_with_the_code_on_the_printed_receipt(peer: Peer, receipt: dict[str, str]) -> None:
    reply(peer, Petition.objects.get(number=receipt["number"]), "路灯今天修好。", unit={"code": "zjj", "name": "住建局"})
    opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert opened is not None
    assert opened.is_taken_down
    assert [message.text for message in opened.messages] == ["路灯今天修好。"]


def test_it_can_be_added_to_and_taken_home_as_a_file(client: Client, receipt: dict[str, str]) -> None:
    headers = {"x-receipt-code": receipt["receipt_code"], "accept-language": "zh-hans"}
    path = f"{API}{receipt['number']}/"
    added = client.post(f"{path}supplements/", {"text": "昨晚又灭了"}, content_type="application/json", headers=headers)
    assert added.status_code == 202
    opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert opened is not None
    assert opened.is_taken_down
    assert [message.text for message in opened.messages] == ["昨晚又灭了"]
    assert client.get(f"{path}file/", headers=headers).status_code == 200
