"""What the office says over the bridge about a petition."""

import datetime

from internal_bridge.exchange.public import Message, PermanentError, handles
from petitions.models import Petition
from petitions.services import keep_message, note_status


@handles("case.status", version=1)
def take_status(message: Message) -> None:
    """A state, its date and parameters, all in codes."""
    data = message.data
    try:
        note_status(
            uid=data["uid"],
            status=data["status"],
            event=data["event"],
            at=datetime.datetime.fromisoformat(data["at"]),
            params=data["params"],
        )
    except Petition.DoesNotExist as error:
        raise PermanentError("no such petition") from error


@handles("case.message", version=1)
def take_case_message(message: Message) -> None:
    """A text that only the citizen's receipt code opens."""
    data = message.data
    try:
        keep_message(
            uid=data["uid"],
            seq=message.seq,
            type=message.type,
            kind=data["kind"],
            at=datetime.datetime.fromisoformat(data["at"]),
            sealed=message.sealed,
        )
    except Petition.DoesNotExist as error:
        raise PermanentError("no such petition") from error
