"""Two parties in one database: this site, and a peer played with keys of its own."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from internal_bridge.exchange import handlers, keys, validation
from internal_bridge.exchange.jws import Signed
from tests.exchange.peers import PING, Peer, introduce_peer


@pytest.fixture
def peer(db: None, settings: Any, tmp_path: Path) -> Peer:
    """The other party, allow-listed here and with us allow-listed there; both may send ``test.ping``."""
    other = introduce_peer(settings, tmp_path)
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
def long() -> bool:
    """Whether the long forms were asked for (``make faults``)."""
    return bool(os.environ.get("LONG"))


@pytest.fixture
def receive(peer: Peer) -> Callable[[Signed], bytes]:
    """Bring a message of the peer's."""
    return peer.bring
