"""What the citizen is told: every step as codes and dates, every text sealed to the receipt code."""

import datetime
from typing import Any

from core.rating_tokens import token_hash
from core.workdays import local_date
from internal_bridge.casework.enums import PUBLIC_STATUS, CaseState
from internal_bridge.casework.life.standing import deadlines_of
from internal_bridge.casework.models import Case, CaseReply, PublicWording, PublishedReply
from internal_bridge.casework.notices.opening import open_notices
from internal_bridge.exchange.public import ForCitizen, send_message
from internal_bridge.org.services import Unit


def tell_status(case: Case, *, event: str, at: datetime.datetime, **params: Any) -> None:
    """Send the state as it is after ``event``, with all limits, and let the petitioner know where it is news."""
    told = send_message(
        type="case.status",
        version=1,
        recipient=case.source,
        stream=case.subject,
        data={
            "uid": str(case.uid),
            "status": PUBLIC_STATUS[CaseState(case.state)].value,
            "event": event,
            "at": at.isoformat(),
            "params": params,
            "deadlines": deadlines_of(case, local_date(at)),
        },
    )
    open_notices(case, event=event, seq=told.seq, at=at, params=params)


def tell_words(
    case: Case, *, kind: str, text: str, at: datetime.datetime, unit: Unit | None = None, rating_token: str | None = None
) -> int:
    """Send a question, reason, reply or note; its number in the case's stream, to which an answer refers.

    ``rating_token`` is the secret of the link by which a reply is rated.
    """
    named = {"code": unit.code, "name": unit.name} if unit else None
    content = {"text": text, "unit": named, "rating_token": rating_token}
    return send_message(
        type="case.message",
        version=1,
        recipient=case.source,
        stream=case.subject,
        data={"uid": str(case.uid), "kind": kind, "at": at.isoformat()},
        sealed=ForCitizen(content, public_key=bytes(case.citizen_key)),
    ).seq


def offer_rating(reply: CaseReply, token: str) -> None:
    """Let the portal take one rating of this answer, with the receipt code or by the link of ``token``."""
    case = reply.case
    send_message(
        type="rating.offered",
        version=1,
        recipient=case.source,
        stream=case.subject,
        data={
            "uid": str(case.uid),
            "answer": reply.number,
            "token_hash": token_hash(token),
            "at": reply.at.isoformat(),
        },
    )


def publish_reply(published: PublishedReply, wording: PublicWording) -> None:
    """Send the confirmed public wording. Nothing in it leads back to the case."""
    _send_reply("reply.published", published, _wording_data(published, wording))


def revise_reply(published: PublishedReply, wording: PublicWording, *, correction: str) -> None:
    """Send a later wording, with what was put right."""
    data = _wording_data(published, wording) | {"revision": wording.revision, "correction": correction}
    _send_reply("reply.revised", published, data)


def withdraw_reply(published: PublishedReply, *, at: datetime.datetime) -> None:
    """Take the reply back from the portal."""
    _send_reply("reply.withdrawn", published, {"uid": str(published.uid), "at": at.isoformat()})


def _send_reply(type: str, published: PublishedReply, data: dict[str, Any]) -> None:
    stream = f"reply:{published.uid}"
    send_message(type=type, version=1, recipient=published.reply.case.source, stream=stream, data=data)


def _wording_data(published: PublishedReply, wording: PublicWording) -> dict[str, Any]:
    reply = published.reply
    case, unit = reply.case, reply.unit
    return {
        "uid": str(published.uid),
        "at": wording.at.isoformat(),
        "kind": case.kind,
        "topic": None,
        "title": wording.title,
        "question": wording.question,
        "text": wording.text,
        "received_on": local_date(case.received_at).isoformat(),
        "answered_on": local_date(reply.at).isoformat(),
        "unit": {"code": unit.code, "name": unit.name} if unit else None,
    }
