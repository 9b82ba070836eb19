"""The other party of the bridge, played in this site's own database with keys of its own."""

import contextlib
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import timezone

from core.identifiers import uuid7
from core.vault import citizen_kid, seal
from internal_bridge.exchange import keys
from internal_bridge.exchange.envelopes import MESSAGE_TYP, RECEIPT_TYP, TYPE_PREFIX, build_payload, sign
from internal_bridge.exchange.inbox import receive_message
from internal_bridge.exchange.jws import Signed, encode
from internal_bridge.exchange.messages import CITIZEN, seal_binding

PING = "test.ping"
STREAM = "case:01900000-0000-7000-8000-000000000001"


class Peer:
    """The other party: signs and seals as it would on its own machine."""

    def __init__(self, code: str, keys_dir: Path) -> None:
        self.code = code
        self.keys_dir = keys_dir
        self.heads: dict[str, tuple[int, str]] = {}

    @contextlib.contextmanager
    def acting(self) -> Iterator[None]:
        """Within this block the code under test is the peer."""
        with override_settings(EXCHANGE_PARTY=self.code, EXCHANGE_KEYS_DIR=self.keys_dir):
            yield

    def message(self, text: str = "hello", *, stream: str = STREAM, type: str = f"{PING}.v1", **changes: Any) -> Signed:
        """The stream's next message, with attributes changed as a forger might."""
        seq, head = self.heads.get(stream, (0, ""))
        attributes = {
            "id": uuid7(),
            "sender": self.code,
            "recipient": django_settings.EXCHANGE_PARTY,
            "type": type,
            "time": timezone.now(),
            "stream": stream,
            "seq": seq + 1,
            "prevhash": head,
            "data": {"text": text},
        } | changes
        with self.acting():
            signed = sign(build_payload(**attributes), typ=MESSAGE_TYP)
        self.heads[stream] = (attributes["seq"], signed.hash)
        return signed

    def sealed(self, content: Any, *, stream: str, type: str, citizen_key: bytes | None = None) -> dict[str, str]:
        """``content`` sealed for the stream's next message: to us, or to the citizen of ``citizen_key``."""
        if citizen_key is None:
            opener = django_settings.EXCHANGE_PARTY
            kid, public_key = keys.sealing_key(opener)
        else:
            opener, kid, public_key = CITIZEN, citizen_kid(citizen_key), citizen_key
        seq = self.heads.get(stream, (0, ""))[0] + 1
        info = seal_binding(self.code, opener, stream, seq, TYPE_PREFIX + type)
        return seal(content, public_key=public_key, kid=kid, info=info).as_json()

    def bring(self, signed: Signed) -> bytes:
        """Hand a message over to us, as the peer's own client would; returns our receipt."""
        return receive_message(signed.as_bytes(), from_party=self.code)


def introduce_peer(settings: Any, folder: Path) -> Peer:
    """The other party, with both sides' keys made in ``folder`` and allow-listed at each other."""
    settings.EXCHANGE_KEYS_DIR = folder / "own"
    other = Peer("office" if settings.EXCHANGE_PARTY == "portal" else "portal", folder / "peer")
    now = timezone.now() - datetime.timedelta(days=1)
    keys.make_keys(now=now)
    with other.acting():
        keys.make_keys(now=now)
        exported = keys.export_keys()
    keys.import_keys(exported)
    return other


def forged_signatures(kid: str, signature: dict) -> list[tuple[str, object]]:
    """Ways to disguise a message, each with the JWS that tries it."""
    good = {"alg": "Ed25519", "kid": kid, "typ": MESSAGE_TYP}
    return [
        ("no signature", []),
        ("two signatures", [signature, signature]),
        ("alg none", [{"protected": _protected(**good | {"alg": "none"}), "signature": ""}]),
        ("alg HS256", [{**signature, "protected": _protected(**good | {"alg": "HS256"})}]),
        ("alg EdDSA", [{**signature, "protected": _protected(**good | {"alg": "EdDSA"})}]),
        ("no kid", [{**signature, "protected": _protected(alg="Ed25519", typ=MESSAGE_TYP)}]),
        ("unknown kid", [{**signature, "protected": _protected(**good | {"kid": "demo-portal-sign-0"})}]),
        ("receipt's typ", [{**signature, "protected": _protected(**good | {"typ": RECEIPT_TYP})}]),
        ("crit", [{**signature, "protected": _protected(**good, crit=["b64"], b64=False)}]),
        ("own key inside", [{**signature, "protected": _protected(**good, jwk={"kty": "OKP"})}]),
        ("unprotected header", [{**signature, "header": {"kid": kid}}]),
        ("padded base64", [{**signature, "protected": signature["protected"] + "="}]),
        ("empty signature", [{**signature, "signature": ""}]),
        ("not a list", "x"),
    ]


def _protected(**changes: object) -> str:
    return encode(json.dumps(changes, separators=(",", ":")).encode())
