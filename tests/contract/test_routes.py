"""A message travels in the stream that its schema names, and its seal is for whom its schema names: both ends see to it."""

import pytest
from django.conf import settings as site
from django.db import transaction

from core.identifiers import uuid7
from core.vault import citizen_key
from internal_bridge.exchange import handlers
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.errors import PermanentError
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage
from internal_bridge.exchange.outbox import ForCitizen, ForRecipient, send_message
from internal_bridge.exchange.validation import validate_route
from tests.contract.words import example, versions
from tests.exchange.peers import introduce_peer

STREAMS = {example(type, version)["stream"] for type, version in versions()} | {f"case:{uuid7()}", f"reply:{uuid7()}", "case"}
# A message of each party that holds codes alone, and one with a seal for the other side to open, or for the citizen.
PLAIN = {"portal": "petition.consent_withdrawn", "office": "case.key_replaced"}
SEALED = {"portal": "petition.withdrawal_requested", "office": "case.message"}
US = site.EXCHANGE_PARTY
(PEER,) = set(PLAIN) - {US}
CITIZEN = citizen_key("0123-4567-89AB-CDEF-GHJK", number="20261113-304817-2").public


@pytest.mark.parametrize(("type", "version"), versions(), ids=str)
def test_a_message_fits_into_its_own_stream_and_no_other(type, version):
    found = example(type, version)

    validate_route(type, version, stream=found["stream"], data=found["data"])
    for stream in STREAMS - {found["stream"]}:
        with pytest.raises(PermanentError):
            validate_route(type, version, stream=stream, data=found["data"])


@pytest.fixture
def peer(db, settings, tmp_path):
    return introduce_peer(settings, tmp_path)


def send(type, *, stream=None, sealed=None):
    found = example(type, 1)
    with transaction.atomic():
        send_message(type=type, version=1, recipient=PEER, stream=stream or found["stream"], data=found["data"], sealed=sealed)


def test_what_is_meant_for_another_stream_is_never_sent(peer):
    with pytest.raises(PermanentError):
        send(PLAIN[US], stream=f"case:{uuid7()}")
    assert not OutgoingMessage.objects.exists()

    send(PLAIN[US])
    assert OutgoingMessage.objects.count() == 1


def test_what_is_sealed_to_somebody_else_is_never_sent(peer):
    content = example(SEALED[US], 1)["sealed"]
    right, wrong = ForRecipient(content), ForCitizen(content, public_key=CITIZEN)
    if US == "office":
        right, wrong = wrong, right

    with pytest.raises(PermanentError):
        send(SEALED[US], sealed=wrong)
    assert not OutgoingMessage.objects.exists()

    send(SEALED[US], sealed=right)
    assert OutgoingMessage.objects.count() == 1


def test_what_comes_in_another_stream_is_a_dead_letter_without_effect(peer, monkeypatch):
    taken = []
    monkeypatch.setitem(handlers._handlers, (PLAIN[PEER], 1), lambda message: taken.append(message.stream))
    found = example(PLAIN[PEER], 1)

    for stream in (f"case:{uuid7()}", found["stream"]):
        peer.bring(peer.message(stream=stream, type=f"{PLAIN[PEER]}.v1", data=found["data"]))

    assert taken == [found["stream"]]
    states = IncomingMessage.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [IncomingState.DEAD, IncomingState.APPLIED]


def test_what_nobody_handles_yet_is_a_dead_letter(peer, monkeypatch):
    monkeypatch.delitem(handlers._handlers, (PLAIN[PEER], 1), raising=False)
    found = example(PLAIN[PEER], 1)

    peer.bring(peer.message(stream=found["stream"], type=f"{PLAIN[PEER]}.v1", data=found["data"]))

    assert IncomingMessage.objects.get().state == IncomingState.DEAD
