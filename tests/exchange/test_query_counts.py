"""What a message costs: statements, counted. The relay's speed is theirs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from internal_bridge.exchange.inbox import receive_message
from internal_bridge.exchange.keys import keys_read_once, signing_kid, verification_key
from internal_bridge.exchange.models import PartyKey

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]


def statements(work) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        work()
    return [query["sql"] for query in seen.captured_queries]


def test_a_batch_reads_the_keys_once(peer):
    kid = PartyKey.objects.get(party__code=peer.code, use="sign").kid
    with keys_read_once():
        assert statements(lambda: (signing_kid(), verification_key(kid))) == []


def test_a_message_of_a_known_stream_costs_the_same_however_many_came_before(peer):
    for n in range(3):
        peer.bring(peer.message(f"{n}"))
    messages = [peer.message(f"later {n}").as_bytes() for n in range(12)]
    with keys_read_once():
        counts = [len(statements(lambda one=one: receive_message(one, from_party=peer.code))) for one in messages]

    assert set(counts) == {counts[0]}
    assert counts[0] <= 15
