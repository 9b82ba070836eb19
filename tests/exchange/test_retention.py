"""What is sealed to another party goes when it has had it for its time; the traces that it was there stay."""

import datetime
import json
from pathlib import Path

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from core.files import FileSealer, new_file_key, path_of
from core.vault import citizen_key
from internal_bridge.exchange import outbox, retention
from internal_bridge.exchange.enums import ReceiptKind
from internal_bridge.exchange.files import keep_file, missing_files, take_fetched
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage, PartyKey, Receipt, StoredFile
from internal_bridge.exchange.outbox import ForCitizen, ForRecipient
from internal_bridge.exchange.tasks import purge_sealed_content
from tests.exchange.peers import PING, STREAM
from tests.exchange.receipts import receipt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bridge]

START = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)
# Days since a message was applied, or a file fetched, and whether it is gone.
DAYS = pytest.mark.parametrize(("days", "gone"), [(0, False), (29, False), (30, True), (31, True), (400, True)])
LETTER, NOTE = "test.letter", "test.note"


@pytest.fixture(autouse=True)
def retained(settings, tmp_path, effects):
    """Thirty days, a type for the recipient's eyes and one for the citizen's."""
    settings.RETENTION_SEALED_DAYS = 30
    settings.FILES_DIR = tmp_path / "files"
    for type, opener in ((LETTER, "recipient"), (NOTE, "citizen")):
        folder = tmp_path / "schemas" / type
        folder.mkdir()
        (folder / "1.json").write_text(json.dumps({"x-sealed-to": opener}))
        (folder / "1.sealed.json").write_text("{}")


@pytest.fixture(autouse=True)
def clock(peer):
    """The time stands still at ``START``, unless a test moves it; keys count from the day before."""
    PartyKey.objects.update(valid_from=START - datetime.timedelta(days=1))
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def after(days: float) -> datetime.datetime:
    return START + datetime.timedelta(days=days)


def send(peer, type=LETTER, sealed=None, stream=STREAM) -> OutgoingMessage:
    data = {"text": "hello"} if type == PING else {}
    with transaction.atomic():
        uid = outbox.send_message(type=type, version=1, recipient=peer.code, stream=stream, data=data, sealed=sealed).id
    return OutgoingMessage.objects.get(message_id=uid)


def letter(peer, text="江滨路工地") -> OutgoingMessage:
    return send(peer, sealed=ForRecipient({"text": text}))


def stored_file(content=b"\x89PNG 1234", *, fetched=True) -> str:
    """A file that a message names, and that the peer has."""
    sealer = FileSealer(new_file_key())
    sealer.write(content)
    stored = sealer.finish()
    with transaction.atomic():
        keep_file(stored.digest, stored.size)
    if fetched:
        take_fetched([stored.digest])
    return stored.digest


@DAYS
def test_a_payload_goes_thirty_days_after_it_was_applied(peer, clock, days, gone):
    message = letter(peer)
    receipt(peer, message)

    clock.move_to(after(days))
    assert purge_sealed_content() == gone

    message.refresh_from_db()
    assert bool(message.payload) is not gone
    assert message.purged_at == (after(days) if gone else None)


def test_one_second_early_nothing_goes(peer, clock):
    receipt(peer, letter(peer))

    clock.move_to(after(30) - datetime.timedelta(seconds=1))
    assert purge_sealed_content() == 0


def test_id_hash_signature_and_receipts_stay(peer, clock):
    message = letter(peer)
    receipt(peer, message, ReceiptKind.STORED)
    receipt(peer, message)

    clock.move_to(after(30))
    purge_sealed_content()

    kept = OutgoingMessage.objects.get()
    assert (kept.message_id, kept.payload_hash, kept.signatures) == (
        message.message_id,
        message.payload_hash,
        message.signatures,
    )
    assert kept.applied_at == START
    assert set(Receipt.objects.values_list("kind", flat=True)) == set(ReceiptKind)


def test_a_stream_goes_on_after_its_purged_messages(peer, clock):
    first = letter(peer)
    receipt(peer, first)
    clock.move_to(after(30))
    purge_sealed_content()

    second = letter(peer)

    assert json.loads(bytes(second.payload))["prevhash"] == first.payload_hash
    assert [message.seq for message in outbox.claim_messages(recipient=peer.code, holder="one")] == [2]


@pytest.mark.parametrize("kind", [None, ReceiptKind.STORED])
def test_what_the_peer_has_not_applied_stays_however_long(peer, clock, kind):
    message = letter(peer)
    if kind:
        receipt(peer, message, kind)

    clock.move_to(after(4000))
    assert purge_sealed_content() == 0
    assert OutgoingMessage.objects.get().payload


def test_what_is_sealed_to_the_citizen_and_what_is_not_sealed_stays(peer, clock):
    key = citizen_key("0123-4567-89AB-CDEF-GHJK", number="20261124-304817-2")
    messages = [send(peer, NOTE, ForCitizen({"text": "已停工"}, public_key=key.public)), send(peer, PING)]
    for message in messages:
        receipt(peer, message)

    clock.move_to(after(400))
    assert purge_sealed_content() == 0
    assert all(row.payload and not row.purged_at for row in OutgoingMessage.objects.all())


def test_where_the_record_is_kept_nothing_goes(peer, clock, settings):
    settings.RETENTION_SEALED_DAYS = None
    receipt(peer, letter(peer))
    digest = stored_file()

    clock.move_to(after(400))
    assert purge_sealed_content() == 0
    assert OutgoingMessage.objects.get().payload
    assert path_of(digest).is_file()


def test_a_sweep_takes_few_rows_at_a_time_and_all_in_the_end(peer, clock, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        receipt(peer, letter(peer))
    clock.move_to(after(30))
    until = timezone.now() - datetime.timedelta(days=30)

    # Three batches, each looked for and deleted, and a last look.
    with django_assert_num_queries(7):
        assert retention._purge_messages(until) == 5
    assert purge_sealed_content() == 0
    assert {bytes(row.payload) for row in OutgoingMessage.objects.all()} == {b""}


def test_a_repeat_of_a_purged_message_still_gets_its_first_receipt_and_has_no_effect(peer, receive, effects):
    message = peer.message("one")
    first = receive(message)
    IncomingMessage.objects.update(payload=b"", purged_at=timezone.now())

    assert receive(message) == first
    assert receive(peer.message("two")) != first
    assert effects == ["one", "two"]


@DAYS
def test_a_file_goes_thirty_days_after_the_peer_had_it(clock, days, gone):
    digest = stored_file()

    clock.move_to(after(days))
    assert purge_sealed_content() == gone

    assert path_of(digest).is_file() is not gone
    row = StoredFile.objects.get(digest=digest)
    assert row.purged_at == (after(days) if gone else None)
    assert missing_files([digest]) == ([digest] if gone else [])


def test_a_file_that_the_peer_does_not_have_stays(clock):
    digest = stored_file(fetched=False)

    clock.move_to(after(400))
    assert purge_sealed_content() == 0
    assert path_of(digest).is_file()


def test_a_file_that_is_gone_already_holds_nothing_up(clock):
    digests = [stored_file(b"one"), stored_file(b"two")]
    path_of(digests[0]).unlink()

    clock.move_to(after(30))
    assert purge_sealed_content() == 2
    assert not StoredFile.objects.filter(purged_at=None).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what PostgreSQL keeps of a deleted row is its vacuum's business")
def test_nothing_of_it_is_left_in_the_database_file_or_its_log(peer, clock):
    message = letter(peer, "江滨路工地" * 900)
    box = json.loads(bytes(message.payload))["data"]["sealed"]["box"]
    planted = [box[place : place + 60].encode() for place in range(0, len(box) - 60, 997)]
    receipt(peer, message)
    assert all(piece in on_disk() for piece in planted)

    clock.move_to(after(30))
    purge_sealed_content()

    left = on_disk()
    assert not [piece for piece in planted if piece in left]


def on_disk() -> bytes:
    """Everything that the database keeps on the disk."""
    name = str(connection.settings_dict["NAME"])
    return b"".join(path.read_bytes() for suffix in ("", "-wal") if (path := Path(name + suffix)).exists())
