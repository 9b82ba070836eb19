"""Receiving (03 "Inbox"): stored once, answered with one receipt, applied in order, once."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.identifiers import uuid7
from internal_bridge.exchange import inbox
from internal_bridge.exchange.enums import IncomingState, ReceiptKind
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.models import IncomingMessage, IncomingStream, Receipt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bridge]


def test_a_message_is_applied_once_and_receipted_twice(peer, receive, effects):
    receipt = receive(peer.message("one"))

    assert effects == ["one"]
    assert bytes(Receipt.objects.get(kind=ReceiptKind.STORED).body) == receipt
    assert Receipt.objects.get(kind=ReceiptKind.APPLIED).message_sender == peer.code


def test_a_repeat_gets_the_same_receipt_byte_for_byte_and_no_second_effect(peer, receive, effects):
    message = peer.message("one")

    assert receive(message) == receive(message) == receive(message)
    assert effects == ["one"]


def test_a_message_that_overtakes_waits_for_the_one_before_it(peer, receive, effects):
    first, second, third = peer.message("one"), peer.message("two"), peer.message("three")

    receive(third)
    receive(second)
    assert effects == []

    receive(first)
    assert effects == ["one", "two", "three"]


def test_streams_do_not_wait_for_each_other(peer, receive, effects):
    other = "case:01900000-0000-7000-8000-000000000002"
    peer.message("lost")
    receive(peer.message("parked"))

    receive(peer.message("goes on", stream=other))

    assert effects == ["goes on"]


def test_the_same_id_with_other_content_is_refused_and_the_first_stays(peer, receive, effects):
    first = peer.message("one")
    receive(first)
    altered = peer.message("altered", id=IncomingMessage.objects.get().message_id, seq=1, prevhash="")

    with pytest.raises(Refused) as refusal:
        receive(altered)

    assert refusal.value.status == 409
    assert effects == ["one"]


def test_another_message_in_a_taken_place_is_refused(peer, receive):
    receive(peer.message("one"))

    with pytest.raises(Refused) as refusal:
        receive(peer.message("rival", seq=1, prevhash=""))

    assert refusal.value.status == 409


def test_a_broken_chain_is_a_dead_letter_and_blocks_its_stream_only(peer, receive, effects):
    receive(peer.message("one"))
    receive(peer.message("two", prevhash="0" * 64))
    receive(peer.message("three"))

    assert effects == ["one"]
    assert IncomingMessage.objects.get(seq=2).state == IncomingState.DEAD
    assert IncomingMessage.objects.get(seq=3).state == IncomingState.WAITING


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"type": "test.pong.v1"}, 403, id="a type that the party may not send"),
        pytest.param({"type": "nonsense"}, 400, id="a type that is none"),
        pytest.param({"recipient": "county"}, 403, id="not addressed to us"),
        pytest.param({"sender": "county"}, 403, id="signed by another than its source"),
        pytest.param({"seq": 0}, 400, id="seq below one"),
        pytest.param({"seq": 2, "prevhash": ""}, 400, id="no prevhash where one must be"),
        pytest.param({"stream": "case:../../etc"}, 400, id="a stream that is none"),
        pytest.param({"data": []}, 400, id="data that is no object"),
    ],
)
def test_what_may_not_be_is_refused_and_not_stored(peer, receive, changes, status):
    with pytest.raises(Refused) as refusal:
        receive(peer.message(**changes))

    assert refusal.value.status == status
    assert not IncomingMessage.objects.exists()


def test_a_valid_signature_does_not_let_one_party_bring_anothers_message(peer):
    with pytest.raises(Refused):
        inbox.receive_message(peer.message().as_bytes(), from_party="county")


def test_data_that_does_not_fit_its_schema_is_a_dead_letter(peer, receive, effects):
    receive(peer.message(data={"words": 1}))

    assert effects == []
    assert IncomingMessage.objects.get().state == IncomingState.DEAD


def test_a_permanent_error_is_a_dead_letter_at_once(peer, receive, effects):
    receive(peer.message("never: broken"))

    message = IncomingMessage.objects.get()
    assert (message.state, message.attempts, message.error) == (IncomingState.DEAD, 1, "PermanentError")


def test_a_passing_error_is_tried_again_and_then_applied(peer, receive, effects, monkeypatch):
    receive(peer.message("fail: not yet"))
    message = IncomingMessage.objects.get()
    assert message.state == IncomingState.WAITING
    assert message.next_attempt_at > timezone.now()

    from internal_bridge.exchange import handlers

    monkeypatch.setitem(handlers._handlers, ("test.ping", 1), lambda message: effects.append("recovered"))
    IncomingMessage.objects.update(next_attempt_at=timezone.now())

    assert inbox.apply_waiting() == 1
    assert effects == ["recovered"]
    assert Receipt.objects.filter(kind=ReceiptKind.APPLIED).count() == 1


def test_after_ten_tries_a_message_is_given_up(peer, receive):
    receive(peer.message("fail: always"))
    for _ in range(inbox.MAX_ATTEMPTS - 1):
        IncomingMessage.objects.update(next_attempt_at=timezone.now())
        inbox.apply_waiting()

    message = IncomingMessage.objects.get()
    assert (message.state, message.attempts) == (IncomingState.DEAD, inbox.MAX_ATTEMPTS)


def test_a_message_parked_for_days_has_its_full_time_once_the_gap_is_filled(peer, receive):
    first, second = peer.message("one"), peer.message("fail: passing")
    receive(second)
    IncomingMessage.objects.update(received_at=timezone.now() - datetime.timedelta(days=3))

    receive(first)

    assert IncomingMessage.objects.get(seq=2).state == IncomingState.WAITING


def test_an_effect_and_its_receipt_stand_or_fall_together(peer, receive, monkeypatch):
    def fail(**_):
        raise RuntimeError("no receipt")

    message = peer.message("one")
    real = inbox.make_receipt
    monkeypatch.setattr(
        inbox, "make_receipt", lambda **args: real(**args) if args["kind"] == ReceiptKind.STORED else fail(**args)
    )
    receive(message)

    assert IncomingStream.objects.get().applied_seq == 0
    assert IncomingMessage.objects.get().state == IncomingState.WAITING


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.tuples(st.integers(1, 5), st.integers(1, 5)), repeats=st.integers(0, 6), shuffle=st.randoms(use_true_random=False)
)
def test_however_messages_arrive_each_takes_effect_once_and_in_order(counts, repeats, shuffle, peer, receive, effects):
    """Duplicated and reordered at will, over two streams: as many effects as messages, each stream in order."""
    effects.clear()
    names = [f"case:{uuid7()}", f"case:{uuid7()}"]
    texts = [(name, f"{name} {n}") for name, count in zip(names, counts, strict=True) for n in range(count)]
    sent = [(name, text, peer.message(text, stream=name)) for name, text in texts]
    arrivals = sent + shuffle.choices(sent, k=repeats)
    shuffle.shuffle(arrivals)

    receipts: dict[str, bytes] = {}
    for _name, text, message in arrivals:
        assert receipts.setdefault(text, receive(message)) == receive(message)

    for name in names:
        assert [text for text in effects if text.startswith(name)] == [text for one, text, _ in sent if one == name]
    assert len(effects) == len(sent)
