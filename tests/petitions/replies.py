"""Published replies for tests: as the office tells them, and as they stand."""

import json
from pathlib import Path
from typing import Any

from core.identifiers import uuid7
from tests.exchange.peers import Peer

EXAMPLES = Path(__file__).resolve().parents[1] / "contract" / "examples"


def wording(uid: str, **changes: Any) -> dict[str, Any]:
    """What ``reply.published`` says."""
    return json.loads((EXAMPLES / "reply.published.v1.json").read_text(encoding="utf-8"))["data"] | {"uid": uid} | changes


def publish(peer: Peer, uid: str = "", **changes: Any) -> str:
    """The office publishes a reply; returns its uid."""
    uid = uid or str(uuid7())
    tell(peer, "published", wording(uid, **changes))
    return uid


def revise(peer: Peer, uid: str, **changes: Any) -> None:
    tell(peer, "revised", wording(uid, revision=2, correction="更正了罚款金额。") | changes)


def withdraw(peer: Peer, uid: str) -> None:
    tell(peer, "withdrawn", {"uid": uid, "at": "2026-11-21T09:00:00+08:00"})


def tell(peer: Peer, what: str, data: dict[str, Any]) -> None:
    peer.bring(peer.message(stream=f"reply:{data['uid']}", type=f"reply.{what}.v1", data=data))
