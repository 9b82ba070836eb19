"""A petition that arrives becomes a case; what may not be becomes a dead letter and nothing else."""

import pytest

from core.events import events_of
from core.identifiers import uuid7
from internal_bridge.casework.models import Case, Register
from internal_bridge.exchange.enums import IncomingState, ReceiptKind
from internal_bridge.exchange.envelopes import read_envelope
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage, Receipt
from tests.casework.letters import SUBMITTED, Letter
from tests.exchange.peers import Peer

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]


def state() -> str:
    return IncomingMessage.objects.get().state


def test_a_petition_becomes_a_case(peer):
    letter = Letter()

    letter.bring(peer)

    case = Case.objects.get()
    assert (str(case.uid), case.number, case.kind, case.state, case.version) == (
        letter.uid,
        letter.number,
        "complaint",
        "registered",
        1,
    )
    assert case.received_at.isoformat() == letter.data["received_at"]
    assert case.source == "portal"
    assert bytes(case.citizen_key) == letter.key.public
    for name in ("title", "body", "place", "unit_code", "urgent", "withhold_identity", "allow_publication"):
        assert getattr(case, name) == letter.content[name], name
    assert state() == IncomingState.APPLIED
    assert set(Receipt.objects.values_list("kind", flat=True)) == {ReceiptKind.STORED, ReceiptKind.APPLIED}


def test_a_petition_that_comes_three_times_is_one_case(peer):
    letter = Letter()
    message = letter.message(peer)

    receipts = {peer.bring(message) for _ in range(3)}

    assert len(receipts) == 1
    assert Case.objects.count() == Register.objects.get().last == OutgoingMessage.objects.count() == 1
    assert events_of(f"case:{letter.uid}").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"uid": str(uuid7())}, id="another case than its stream"),
        pytest.param({"number": "20260102-823456-3"}, id="a number that the portal cannot draw"),
        pytest.param({"kind": "praise"}, id="a kind that is none"),
        pytest.param({"citizen_key": "00"}, id="a short key"),
        pytest.param({"received_at": "yesterday"}, id="a time that is none"),
        pytest.param({"received_at": "2026-11-03T08:00:00"}, id="a time without a zone"),
        pytest.param({"title": "clear"}, id="something in clear"),
        pytest.param({"sealed": {"box": "AAAA", "commitment": "0" * 64}}, id="no seal"),
    ],
)
def test_a_message_that_does_not_fit_is_a_dead_letter(peer, changes):
    Letter().bring(peer, **changes)

    assert state() == IncomingState.DEAD
    assert not Case.objects.exists()
    assert not Register.objects.exists()
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"title": "长" * 101}, {"body": ""}, {"urgent": "yes"}, {"colour": "red"}, {"representatives": [{"name": "甲"}] * 6}],
    ids=lambda changes: next(iter(changes)),
)
def test_sealed_content_that_does_not_fit_is_a_dead_letter(peer, changes):
    Letter(**changes).bring(peer)

    assert state() == IncomingState.DEAD
    assert not Case.objects.exists()


def test_a_seal_taken_from_another_petition_does_not_open_here(peer):
    """The portal, or who has taken it over, cannot pass one citizen's words off as another's."""
    one, other = Letter(), Letter()
    stolen = peer.sealed(one.content, stream=one.stream, type=SUBMITTED)

    other.bring(peer, sealed=stolen)

    assert state() == IncomingState.DEAD
    assert not Case.objects.exists()


def test_a_seal_whose_commitment_was_exchanged_does_not_open(peer):
    letter = Letter()
    sealed = peer.sealed(letter.content, stream=letter.stream, type=SUBMITTED)

    letter.bring(peer, sealed=sealed | {"commitment": "0" * 64})

    assert state() == IncomingState.DEAD


def test_a_second_submission_in_the_same_stream_changes_nothing(peer):
    letter = Letter()
    letter.bring(peer)

    letter.bring(peer)

    assert Case.objects.count() == Register.objects.get().last == 1
    assert IncomingMessage.objects.get(seq=2).state != IncomingState.APPLIED


def test_the_portal_is_told_in_codes_that_it_is_registered(peer):
    letter = Letter()
    letter.bring(peer)

    (data,) = sent_data(peer)
    case = Case.objects.get()

    limits = [(limit["stage"], limit["basis"], limit["state"]) for limit in data.pop("deadlines")]
    assert data == {
        "uid": letter.uid,
        "status": "received",
        "event": "registered",
        "at": case.registered_at.isoformat(),
        "params": {},
    }
    assert limits == [
        ("registration", "hotline", "met"),
        ("forwarding", "hotline", "running"),
        ("answer", "hotline", "running"),
    ]


def sent_data(peer: Peer) -> list[dict]:
    """The data of what we have sent, as the portal reads it."""
    with peer.acting():
        return [read_envelope(sent.signed.as_bytes()).data for sent in OutgoingMessage.objects.order_by("id")]
