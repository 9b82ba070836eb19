"""Two parties in one database: this site, and a peer played with keys of its own."""

import contextlib
import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import timezone

from core.identifiers import uuid7
from internal_bridge.exchange import handlers, keys, validation
from internal_bridge.exchange.envelopes import MESSAGE_TYP, build_payload, sign
from internal_bridge.exchange.jws import Signed

PING = "test.ping"
STREAM = "case:01900000-0000-7000-8000-000000000001"


class Peer:
    """The other party: signs as it would on its own machine."""

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


@pytest.fixture
def peer(db: None, settings: Any, tmp_path: Path) -> Peer:
    """The other party, allow-listed here and with us allow-listed there; both may send ``test.ping``."""
    settings.EXCHANGE_KEYS_DIR = tmp_path / "own"
    other = Peer("office" if settings.EXCHANGE_PARTY == "portal" else "portal", tmp_path / "peer")
    now = timezone.now() - datetime.timedelta(days=1)
    keys.make_keys(now=now)
    with other.acting():
        keys.make_keys(now=now)
        exported = keys.export_keys()
    keys.import_keys(exported)
    for party in keys.Party.objects.all():
        party.may_send = [*party.may_send, PING]
        party.save()
    return other


@pytest.fixture(autouse=True)
def effects(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """What the handler of ``test.ping`` has done, in order; a text that begins with "fail:" or "never:" makes it raise."""
    done: list[str] = []
    schema = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
    folder = tmp_path / "schemas" / PING
    folder.mkdir(parents=True)
    (folder / "1.json").write_text(json.dumps(schema))
    monkeypatch.setattr(validation, "SCHEMAS", tmp_path / "schemas")
    validation.validator.cache_clear()

    def handle(message: Any) -> None:
        text = message.data["text"]
        if text.startswith("fail:"):
            raise RuntimeError(text)
        if text.startswith("never:"):
            raise validation.PermanentError(text)
        done.append(text)

    monkeypatch.setitem(handlers._handlers, (PING, 1), handle)
    yield done
    validation.validator.cache_clear()


@pytest.fixture
def receive(peer: Peer) -> Callable[[Signed], bytes]:
    """Bring a message of the peer's."""
    from internal_bridge.exchange.inbox import receive_message

    return lambda signed: receive_message(signed.as_bytes(), from_party=peer.code)
