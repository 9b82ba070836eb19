"""What the portal deletes of a petition once the office has had it, and what the citizen still has."""

import datetime
import json

import pytest
import time_machine

from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.exchange.tasks import purge_sealed_content
from petitions.services import open_petition, submit_petition
from tests.exchange.receipts import receipt as take_receipt_of
from tests.petitions.letters import letter, reply
from tests.tables import dump_tables

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]


def test_the_office_s_copy_goes_and_the_citizen_s_stays(peer):
    receipt = submit_petition(kind="complaint", data=letter(), key=None)
    sent = OutgoingMessage.objects.get()
    box = json.loads(bytes(sent.payload))["data"]["sealed"]["box"].encode()
    opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert opened is not None
    reply(peer, opened.petition, "工地已停工整改。")
    take_receipt_of(peer, sent)
    assert box in dump_tables()

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=31)):
        assert purge_sealed_content() == 1

    assert box not in dump_tables()
    later = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert later is not None
    assert later.content == opened.content
    assert [message.text for message in later.messages] == ["工地已停工整改。"]
