"""What must be shown of the bridge (03, the table of tests), as far as one process can show it; each prints what it reached."""

import contextlib
import datetime
import json
import os
import random

import pytest
import time_machine
from django.utils import timezone

from core.identifiers import uuid7
from internal_bridge.exchange import inbox
from internal_bridge.exchange.enums import AlarmKind, IncomingState
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.jws import Signed, encode
from internal_bridge.exchange.models import Alarm, IncomingMessage, PartyKey
from tests.exchange.peers import forged_signatures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bridge]


@pytest.mark.skipif(os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("portal"), reason="long; the same code in the office")
def test_row_2_duplicated_and_reordered_messages_take_effect_once_each(peer, receive, effects, long, reached):
    """1,000 messages (10,000 in the long form) over 50 streams, 30 % duplicated, 30 % reordered."""
    count = 10_000 if long else 1_000
    chance = random.Random(2)
    streams = [f"case:{uuid7()}" for _ in range(50)]
    sent = [(stream, peer.message(f"{stream} {n}", stream=stream)) for n in range(count // 50) for stream in streams]
    arrivals = [message for _stream, message in sent] + [message for _stream, message in chance.sample(sent, count * 3 // 10)]
    for place in chance.sample(range(len(arrivals)), len(arrivals) * 3 // 10):
        other = min(len(arrivals) - 1, place + chance.randrange(200))
        arrivals[place], arrivals[other] = arrivals[other], arrivals[place]

    receipts: dict[str, set[bytes]] = {}
    for message in arrivals:
        receipts.setdefault(message.hash, set()).add(receive(message))

    for stream in streams:
        own = [text for text in effects if text.startswith(stream)]
        assert own == [f"{stream} {n}" for n in range(count // 50)]
    assert len(effects) == count
    assert all(len(bodies) == 1 for bodies in receipts.values())
    reached(f"{count} messages, {len(arrivals)} arrivals: {len(effects)} effects, identical receipts")


def test_row_3_an_altered_body_under_a_known_id_is_always_refused_with_an_alarm(peer, receive, effects, reached):
    refused = 0
    for n in range(20):
        stream = f"case:{uuid7()}"
        receive(peer.message(f"{n}", stream=stream))
        known = IncomingMessage.objects.get(stream__name=stream)
        with pytest.raises(Refused) as refusal:
            receive(peer.message(f"altered {n}", stream=stream, id=known.message_id, seq=1, prevhash=""))
        refused += refusal.value.status == 409

    assert refused == 20
    assert Alarm.objects.get(kind=AlarmKind.ALTERED).count == 20
    assert effects == [str(n) for n in range(20)]
    reached(f"{refused} altered bodies under a known id: each 409 and counted in an alarm")


def test_row_4_no_forgery_is_accepted(peer, receive, effects, reached):
    """≥ 500: flipped bits, disguised headers, wrong keys, foreign types, another party's case."""
    chance, tried, accepted = random.Random(4), 0, []
    genuine = peer.message("genuine")
    document = genuine.as_bytes()

    def attempt(name: str, forgery: bytes) -> None:
        nonlocal tried
        tried += 1
        with contextlib.suppress(Refused):
            inbox.receive_message(forgery, from_party=peer.code)
            accepted.append(name)

    for _ in range(480):
        flipped = bytearray(document)
        position = chance.randrange(len(flipped) * 8)
        flipped[position // 8] ^= 1 << (position % 8)
        attempt(f"bit {position}", bytes(flipped))
    kid = PartyKey.objects.get(party__code=peer.code, use="sign").kid
    for name, signatures in forged_signatures(kid, genuine.signatures[0]):
        attempt(name, json.dumps({"payload": encode(genuine.payload), "signatures": signatures}).encode())
    swapped = peer.message("other", stream=f"case:{uuid7()}")
    attempt("swapped signature", Signed(payload=genuine.payload, signatures=swapped.signatures).as_bytes())
    for name, changes in {
        "foreign type": {"type": "test.pong.v1"},
        "foreign source": {"sender": "county"},
        "foreign recipient": {"recipient": "county"},
        "negative seq": {"seq": -1},
        "boolean seq": {"seq": True},
    }.items():
        attempt(name, peer.message(stream=f"case:{uuid7()}", **changes).as_bytes())

    assert accepted == []
    assert effects == []
    assert not IncomingMessage.objects.exists()
    assert tried >= 500
    reached(f"{tried} forgeries: 0 accepted, {Alarm.objects.filter(kind=AlarmKind.FORGERY).count()} kinds of alarm")


def test_row_4_another_partys_case_is_refused(peer, receive, settings):
    """A case's stream is bound to the parties of its first message."""
    receive(peer.message("mine"))

    assert inbox._is_of_others("case:01900000-0000-7000-8000-000000000001", "county")
    assert not inbox._is_of_others("case:01900000-0000-7000-8000-000000000001", peer.code)


def test_row_5_a_forgery_does_not_keep_the_genuine_message_out(peer, receive, effects, reached):
    genuine = peer.message("genuine")
    forged = Signed(payload=genuine.payload.replace(b"genuine", b"forgery"), signatures=genuine.signatures)
    with pytest.raises(Refused):
        receive(forged)

    receive(genuine)

    assert effects == ["genuine"]
    reached("a forgery with the genuine id was refused, then the genuine message accepted")


@pytest.mark.parametrize("later", [datetime.timedelta(minutes=1), datetime.timedelta(days=400)], ids=str)
def test_row_6_a_replay_has_no_effect_however_late(peer, receive, effects, later, reached):
    message = peer.message("once")
    receipt = receive(message)

    with time_machine.travel(timezone.now() + later, tick=False):
        assert receive(message) == receipt

    assert effects == ["once"]
    reached(f"a replay after {later}: the first receipt, {len(effects) - 1} further effects")


def test_row_7_a_sender_whose_clock_is_a_day_wrong_loses_nothing(peer, receive, effects):
    PartyKey.objects.update(valid_from=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    for days in (-1, 1, -1):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False):
            message = peer.message(f"{days} {len(effects)}")
        receive(message)

    assert effects == ["-1 0", "1 1", "-1 2"]


def test_row_10_poison_blocks_its_own_stream_and_is_a_dead_letter_within_five_minutes(peer, receive, effects, reached):
    poisoned, healthy = f"case:{uuid7()}", f"case:{uuid7()}"
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        receive(peer.message("fail: always", stream=poisoned))
        receive(peer.message("behind it", stream=poisoned))
        while IncomingMessage.objects.filter(seq=1, stream__name=poisoned, state=IncomingState.WAITING).exists():
            clock.shift(datetime.timedelta(seconds=10))
            inbox.apply_waiting()
            assert timezone.now() - start < datetime.timedelta(minutes=6)
        took = timezone.now() - start
        receive(peer.message("healthy", stream=healthy))

    assert effects == ["healthy"]
    assert took <= datetime.timedelta(minutes=5)
    assert Alarm.objects.filter(kind=AlarmKind.DEAD_LETTER).count() == 1
    reached(f"poison in dead letters after {took.total_seconds():.0f} s; its stream alone is blocked")
