"""What the office says over the bridge: of a petition, of the directory, and to everybody."""

import datetime
from typing import Any

from core.workdays import local_date
from internal_bridge.exchange.public import Message, PermanentError, handles
from petitions.models import Petition
from petitions.services import (
    close_unit,
    keep_message,
    note_status,
    note_unit,
    offer_rating,
    open_case,
    publish_reply,
    revise_reply,
    withdraw_reply,
)
from petitions.statistics import note_day


@handles("case.opened", version=1)
def take_case(message: Message) -> None:
    """A petition that came by phone or at the counter: no text, only what following it needs."""
    data = message.data
    open_case(
        uid=data["uid"],
        number=data["number"],
        kind=data["kind"],
        received_at=datetime.datetime.fromisoformat(data["received_at"]),
        citizen_key=bytes.fromhex(data["citizen_key"]),
    )


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
            deadlines=data["deadlines"],
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


@handles("rating.offered", version=1)
def take_offer(message: Message) -> None:
    """An answer can be rated, with the receipt code or by its link."""
    data = message.data
    try:
        offer_rating(
            uid=data["uid"],
            answer=data["answer"],
            token_hash=data["token_hash"],
            at=datetime.datetime.fromisoformat(data["at"]),
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


@handles("reply.published", version=1)
def take_reply(message: Message) -> None:
    """An answer that everybody may read."""
    publish_reply(**_dated(message.data))


@handles("reply.revised", version=1)
def take_revision(message: Message) -> None:
    """The latest wording of a published answer."""
    revise_reply(**_dated(message.data))


@handles("reply.withdrawn", version=1)
def take_withdrawal(message: Message) -> None:
    """A published answer is public no longer."""
    data = message.data
    withdraw_reply(uid=data["uid"], at=datetime.datetime.fromisoformat(data["at"]))


@handles("statistics.daily", version=1)
def take_figures(message: Message) -> None:
    """The public figures of a day."""
    data = message.data
    note_day(
        date=datetime.date.fromisoformat(data["date"]),
        as_of=datetime.datetime.fromisoformat(data["as_of"]),
        kinds=data["kinds"],
        units=data["units"],
    )


def _dated(data: dict[str, Any]) -> dict[str, Any]:
    return data | {
        "at": datetime.datetime.fromisoformat(data["at"]),
        "received_on": datetime.date.fromisoformat(data["received_on"]),
        "answered_on": datetime.date.fromisoformat(data["answered_on"]),
    }
