"""What the office says over the bridge: of a petition, and of the directory."""

import datetime

from core.workdays import local_date
from internal_bridge.exchange.public import Message, PermanentError, handles
from petitions.models import Petition
from petitions.services import close_unit, keep_message, note_status, note_unit


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


@handles("directory.unit_changed", version=1)
def take_unit(message: Message) -> None:
    """A unit as it is from a day on, new or changed."""
    data = message.data
    note_unit(
        **data | {"valid_from": datetime.date.fromisoformat(data["valid_from"])},
        told_on=local_date(message.time),
    )


@handles("directory.unit_closed", version=1)
def take_closing(message: Message) -> None:
    """A unit's last day, and who follows it."""
    data = message.data
    close_unit(code=data["code"], valid_to=datetime.date.fromisoformat(data["valid_to"]), successors=data["successors"])
