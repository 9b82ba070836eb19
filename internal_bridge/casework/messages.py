"""What arrives over the bridge for the office to handle."""

import datetime
from typing import Any

from internal_bridge.casework.identity import attached
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import (
    NoSuchAnswer,
    ask_review,
    ask_withdrawal,
    register_case,
    supplement_case,
    take_rating,
    withdraw_consent,
)
from internal_bridge.exchange.public import Message, PermanentError, handles


@handles("petition.submitted", version=1)
def take_petition(message: Message) -> None:
    """A petition becomes a case."""
    register_case(message=message, content=_content(message))


@handles("petition.supplemented", version=1)
def take_supplement(message: Message) -> None:
    """What the petitioner adds, or answers to a question."""
    data = message.data
    try:
        supplement_case(uid=data["uid"], at=_at(message), in_reply_to=data["in_reply_to"], content=_content(message))
    except Case.DoesNotExist as error:
        raise PermanentError("no such case") from error


@handles("petition.withdrawal_requested", version=1)
def take_withdrawal(message: Message) -> None:
    """The petitioner wants to take the petition back."""
    try:
        ask_withdrawal(uid=message.data["uid"], at=_at(message), content=message.open_sealed())
    except Case.DoesNotExist as error:
        raise PermanentError("no such case") from error


@handles("petition.rated", version=1)
def take_score(message: Message) -> None:
    """What the petitioner thinks of an answer."""
    data = message.data
    try:
        take_rating(uid=data["uid"], at=_at(message), answer=data["answer"], by=data["by"], content=message.open_sealed())
    except (Case.DoesNotExist, NoSuchAnswer) as error:
        raise PermanentError("no such answer") from error


@handles("petition.review_requested", version=1)
def take_review_request(message: Message) -> None:
    """The petitioner does not accept the answer."""
    data = message.data
    try:
        ask_review(uid=data["uid"], at=_at(message), answer=data["answer"], content=message.open_sealed())
    except Case.DoesNotExist as error:
        raise PermanentError("no such case") from error


@handles("petition.consent_withdrawn", version=1)
def take_consent_back(message: Message) -> None:
    """Nothing of the case is public any more."""
    try:
        withdraw_consent(uid=message.data["uid"], at=_at(message))
    except Case.DoesNotExist as error:
        raise PermanentError("no such case") from error


def _at(message: Message) -> datetime.datetime:
    return datetime.datetime.fromisoformat(message.data["at"])


def _content(message: Message) -> dict[str, Any]:
    """The sealed part. Raises ``PermanentError`` where it names a file twice."""
    content: dict[str, Any] = message.open_sealed()
    digests = [file["digest"] for file in attached(content)]
    if len(set(digests)) < len(digests):
        raise PermanentError("names a file twice")
    return content
