"""Letters of citizens for tests: a valid one, and the ways to send one and to read it again."""

import re
from typing import Any

from django.test import Client

from core.idempotency import new_key
from core.rating_tokens import new_token, token_hash
from core.vault import citizen_key
from internal_bridge.exchange.envelopes import read_envelope
from internal_bridge.exchange.messages import Message
from internal_bridge.exchange.models import OutgoingMessage
from petitions.models import Petition
from tests.exchange.peers import Peer

API = "/api/v1/petitions/"
FORM = "/petitions/new/"
FOLLOW = "/petitions/follow/"


def letter(**changes: Any) -> dict[str, Any]:
    """What the API takes; a change to ``...`` leaves the field out."""
    fields = {
        "kind": "complaint",
        "title": "江滨路工地半夜三点还在打桩",
        "body": "连续一个星期夜里不停工，整栋楼都在抖。",
        "name": "韦国强",
        "phone": "13700003518",
        "withhold_identity": False,
        "allow_publication": False,
    } | changes
    return {name: value for name, value in fields.items() if value is not ...}


def form_of(fields: dict[str, Any], **hidden: str) -> dict[str, str]:
    """The same letter as a browser sends the form: ticked boxes are "on", others are not sent."""
    sent = {name: "on" if value is True else str(value) for name, value in fields.items() if value is not False}
    return {"consent": "on", "idempotency_key": new_key(), **sent, **hidden}


def post(client: Client, fields: Any, key: str | None = None, **headers: str) -> Any:
    """Send a letter to the API."""
    if key is not None:
        headers["idempotency-key"] = key
    return client.post(API, fields, content_type="application/json", headers={"accept-language": "zh-hans", **headers})


def read(client: Client, receipt: dict[str, str], **headers: str) -> Any:
    """Ask the API with number and code of a receipt."""
    return client.get(f"{API}{receipt['number']}/", headers={"x-receipt-code": receipt["receipt_code"], **headers})


def key_of(receipt: dict[str, str]) -> bytes:
    """The citizen's public key, derived from the receipt as the citizen would."""
    return citizen_key(receipt["receipt_code"], number=receipt["number"]).public


def opened_by_office(peer: Peer, sent: OutgoingMessage) -> Any:
    """What the office finds inside a message of ours."""
    with peer.acting():
        return Message.of(read_envelope(sent.signed.as_bytes())).open_sealed()


def say(peer: Peer, petition: Petition, **changes: Any) -> bytes:
    """The office tells a state of the case; returns our receipt."""
    data = {
        "uid": str(petition.uid),
        "status": "received",
        "event": "registered",
        "at": "2026-11-03T08:00:00+00:00",
        "params": {},
        "deadlines": [],
    }
    return peer.bring(peer.message(stream=petition.stream, type="case.status.v1", data=data | changes))


def reply(
    peer: Peer, petition: Petition, text: str, *, unit: dict[str, str] | None = None, token: str | None = None, **changes: Any
) -> bytes:
    """The office replies to the citizen; returns our receipt."""
    kind = "case.message.v1"
    sealed = peer.sealed(
        {"text": text, "unit": unit, "rating_token": token},
        stream=petition.stream,
        type=kind,
        citizen_key=bytes(petition.citizen_key),
    )
    data = {"uid": str(petition.uid), "kind": "reply", "at": "2026-11-04T08:00:00+00:00", "sealed": sealed} | changes
    return peer.bring(peer.message(stream=petition.stream, type=kind, data=data))


def answer(peer: Peer, petition: Petition, *, number: int = 1, review_until: str = "", closed: bool = False) -> str:
    """The office answers, for the ``number``-th time; returns the token of the rating's link."""
    token = new_token()
    limit = {"stage": "review_request", "due": review_until, "basis": "petition_2022:35", "state": "running", "explanation": []}
    told = {"at": "2026-11-05T08:00:00+00:00", "deadlines": [limit] if review_until else []}
    reply(peer, petition, f"第{number}次答复。", token=token, at=told["at"])
    say(peer, petition, status="answered", event="answered", params={"answer": number}, **told)
    data = {"uid": str(petition.uid), "answer": number, "token_hash": token_hash(token), "at": told["at"]}
    peer.bring(peer.message(stream=petition.stream, type="rating.offered.v1", data=data))
    if closed:
        say(peer, petition, status="closed", event="closed", params={"answer": number}, **told)
    return token


def ask(peer: Peer, petition: Petition, text: str = "11月10日以后，夜里还听到施工声吗？", **changes: Any) -> int:
    """The office asks the citizen something; returns the question's number."""
    reply(peer, petition, text, unit={"code": "zjj", "name": "云岭市住建局"}, kind="question", **changes)
    return petition.messages.last().seq


def send(client: Client, receipt: dict[str, str], what: str, fields: Any, key: str | None = None, **options: Any) -> Any:
    """Ask something of the office by the API: ``what`` is ``supplements`` or ``withdrawal``."""
    headers = {"accept-language": "zh-hans", "x-receipt-code": receipt["receipt_code"]}
    headers |= {"idempotency-key": key} if key else {}
    options = {"content_type": "application/json"} | options
    return client.post(f"{API}{receipt['number']}/{what}/", fields, headers=headers, **options)


def visible_text(html: str) -> str:
    """A page's words without its markup."""
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without))


def hidden_fields(html: str) -> dict[str, str]:
    """What a browser would send back unseen."""
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
