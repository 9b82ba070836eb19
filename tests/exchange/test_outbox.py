"""Sending: with the business or not at all, gapless, leased to one holder, sent only by the peer's receipt."""

import json
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from internal_bridge.exchange import outbox
from internal_bridge.exchange.enums import IncomingState, ReceiptKind
from internal_bridge.exchange.errors import PermanentError, Refused
from internal_bridge.exchange.models import IncomingMessage, IncomingStream, OutgoingMessage, OutgoingStream
from internal_bridge.exchange.receipts import make_receipt, take_receipt
from tests.exchange.peers import PING, STREAM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bridge]


def send(peer, text="hello", stream=STREAM):
    with transaction.atomic():
        return outbox.send_message(type=PING, version=1, recipient=peer.code, stream=stream, data={"text": text}).id


def receipt_of(peer, message, kind=ReceiptKind.STORED):
    """The peer's signed receipt for a message of ours."""
    stream = IncomingStream(sender="x", name=message.stream.name)
    stored = IncomingMessage(
        stream=stream,
        sender=json.loads(bytes(message.payload))["source"],
        message_id=message.message_id,
        payload_hash=message.payload_hash,
        state=IncomingState.APPLIED,
    )
    with peer.acting(), transaction.atomic():
        receipt = make_receipt(message=stored, kind=kind, at=timezone.now())
        receipt.delete()
    return bytes(receipt.body)


def take(body):
    with transaction.atomic():
        take_receipt(body)


def test_numbers_have_no_gaps_and_each_payload_names_the_one_before(peer):
    for text in "abc":
        send(peer, text)

    payloads = [bytes(row.payload) for row in OutgoingMessage.objects.order_by("seq")]
    events = [json.loads(payload) for payload in payloads]
    assert [event["seq"] for event in events] == [1, 2, 3]
    assert "prevhash" not in events[0]
    hashes = list(OutgoingMessage.objects.order_by("seq").values_list("payload_hash", flat=True))
    assert [event["prevhash"] for event in events[1:]] == hashes[:2]


def test_what_is_rolled_back_was_never_sent_and_leaves_no_gap(peer):
    send(peer, "a")
    with transaction.atomic():
        outbox.send_message(type=PING, version=1, recipient=peer.code, stream=STREAM, data={"text": "b"})
        transaction.set_rollback(True)
    send(peer, "c")

    assert list(OutgoingMessage.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_a_message_without_a_transaction_is_refused(peer):
    with pytest.raises(RuntimeError):
        outbox.send_message(type=PING, version=1, recipient=peer.code, stream=STREAM, data={"text": "x"})


def test_data_that_does_not_fit_its_schema_never_leaves(peer):
    with pytest.raises(PermanentError), transaction.atomic():
        outbox.send_message(type=PING, version=1, recipient=peer.code, stream=STREAM, data={"words": 1})

    assert not OutgoingMessage.objects.exists()


def test_a_stream_is_leased_to_one_holder_at_a_time(peer):
    send(peer, "a")
    send(peer, "b")

    assert [message.seq for message in outbox.claim_messages(recipient=peer.code, holder="one")] == [1, 2]
    assert outbox.claim_messages(recipient=peer.code, holder="two") == []


def test_a_lease_that_ran_out_is_claimed_again(peer):
    send(peer)
    outbox.claim_messages(recipient=peer.code, holder="died")
    OutgoingStream.objects.update(lease_until=timezone.now())

    assert len(outbox.claim_messages(recipient=peer.code, holder="next")) == 1


def test_two_claimers_at_once_never_get_the_same_stream(peer):
    for n in range(8):
        send(peer, stream=f"case:01900000-0000-7000-8000-{n:012x}")
    got: list[list[int]] = []

    def claim(holder):
        got.append([message.stream_id for message in outbox.claim_messages(recipient=peer.code, holder=holder, limit=5)])
        connection.close()

    threads = [threading.Thread(target=claim, args=(f"holder-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    claimed = [stream for one in got for stream in one]
    assert len(claimed) == len(set(claimed))


def test_only_the_recipients_receipt_makes_a_message_sent(peer):
    send(peer)
    message = OutgoingMessage.objects.get()
    outbox.claim_messages(recipient=peer.code, holder="one")

    take(receipt_of(peer, message))

    message.refresh_from_db()
    assert message.stored_at
    assert not outbox.has_claimable(peer.code)


def test_a_message_written_during_a_delivery_waits_for_no_lease_to_run_out(peer):
    send(peer, "a")
    (first,) = outbox.claim_messages(recipient=peer.code, holder="one")
    send(peer, "b")

    take(receipt_of(peer, first))

    assert [message.seq for message in outbox.claim_messages(recipient=peer.code, holder="one")] == [2]


def test_a_limit_cuts_a_stream_off_without_holding_up_the_rest(peer):
    for text in "abcde":
        send(peer, text)
    first, second = outbox.claim_messages(recipient=peer.code, holder="one", limit=2)

    take(receipt_of(peer, first))
    take(receipt_of(peer, second))

    assert [message.seq for message in outbox.claim_messages(recipient=peer.code, holder="one", limit=2)] == [3, 4]


def test_what_is_handed_out_at_once_fits_into_one_request(peer, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH_BYTES", 1_500)
    for _ in range(4):
        send(peer, "x" * 500)

    assert [message.seq for message in outbox.claim_messages(recipient=peer.code, holder="one")] == [1]


def test_an_applied_receipt_counts_as_stored_too(peer):
    send(peer)
    message = OutgoingMessage.objects.get()

    take(receipt_of(peer, message, ReceiptKind.APPLIED))

    message.refresh_from_db()
    assert message.applied_at
    assert message.stored_at


def test_a_receipt_for_other_content_is_refused(peer):
    send(peer)
    message = OutgoingMessage.objects.get()
    message.payload_hash = "0" * 64

    with pytest.raises(Refused):
        take(receipt_of(peer, message))

    message.refresh_from_db()
    assert message.stored_at is None
