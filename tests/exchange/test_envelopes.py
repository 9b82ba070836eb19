"""The envelope: what one valid, allow-listed key signed, unaltered, and nothing else."""

import contextlib
import datetime
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from internal_bridge.exchange import keys
from internal_bridge.exchange.envelopes import MESSAGE_TYP, read_envelope, sign, verify
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.jws import Signed, encode
from internal_bridge.exchange.models import PartyKey
from tests.exchange.peers import forged_signatures

pytestmark = pytest.mark.django_db


def test_what_was_signed_is_read_back_exactly(peer):
    signed = peer.message("你好")

    envelope = read_envelope(signed.as_bytes())

    assert envelope.sender == peer.code
    assert envelope.data == {"text": "你好"}
    assert envelope.signed == signed


def test_every_flipped_bit_of_the_payload_is_noticed(peer):
    signed = peer.message()
    for position in range(0, len(signed.payload) * 8, 7):
        flipped = bytearray(signed.payload)
        flipped[position // 8] ^= 1 << (position % 8)
        with pytest.raises(Refused):
            read_envelope(Signed(payload=bytes(flipped), signatures=signed.signatures).as_bytes())


def test_no_disguise_is_accepted(peer):
    signed = peer.message()
    kid = PartyKey.objects.get(party__code=peer.code, use="sign").kid

    accepted = []
    for name, signatures in forged_signatures(kid, signed.signatures[0]):
        document = json.dumps({"payload": encode(signed.payload), "signatures": signatures}).encode()
        with contextlib.suppress(Refused):
            read_envelope(document)
            accepted.append(name)
    assert accepted == []


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", b"null", b"\xff", b'{"payload":1,"signatures":[{}]}', b"[" * 5000])
def test_rubbish_is_refused(peer, document):
    with pytest.raises(Refused):
        read_envelope(document)


def test_more_than_the_limit_is_refused_before_it_is_parsed(peer):
    with pytest.raises(Refused) as refusal:
        verify(b" " * (1024 * 1024 + 1), typ=MESSAGE_TYP)

    assert refusal.value.status == 413


@pytest.mark.parametrize(
    "interval",
    [
        {"revoked_at": datetime.timedelta(0)},
        {"valid_to": datetime.timedelta(seconds=-1)},
        {"valid_from": datetime.timedelta(minutes=1)},
    ],
    ids=["revoked", "expired", "not yet valid"],
)
def test_a_key_counts_only_in_its_interval(peer, interval):
    signed = peer.message()
    (field, offset), *_ = interval.items()
    PartyKey.objects.filter(party__code=peer.code, use="sign").update(**{field: timezone.now() + offset})

    with pytest.raises(Refused):
        read_envelope(signed.as_bytes())


def test_a_sealing_key_signs_nothing(peer):
    signed = peer.message()
    PartyKey.objects.filter(party__code=peer.code, use="sign").update(use="seal")

    with pytest.raises(Refused):
        read_envelope(signed.as_bytes())


def test_demo_keys_refuse_to_work_outside_demo_mode(peer, settings):
    signed = peer.message()
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured):
        sign(b"x", typ=MESSAGE_TYP)
    with pytest.raises(ImproperlyConfigured):
        read_envelope(signed.as_bytes())


def test_private_keys_are_files_that_only_their_owner_reads(peer, settings):
    files = list(settings.EXCHANGE_KEYS_DIR.glob("*.pem"))

    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_nobody_else_can_tell_a_party_its_own_keys(peer):
    with pytest.raises(Refused):
        keys.import_keys(keys.export_keys())
