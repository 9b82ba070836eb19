"""A message as the app that handles it sees it."""

import dataclasses
import datetime
import uuid
from typing import Any

from django.conf import settings

from core.vault import Sealed, SealError, binding, seal, seal_kid, unseal
from internal_bridge.exchange.envelopes import TYPE_PREFIX, Envelope, short_type
from internal_bridge.exchange.errors import PermanentError, Refused
from internal_bridge.exchange.keys import private_sealing_key, sealing_key
from internal_bridge.exchange.validation import validate_sealed

CITIZEN = "citizen"


@dataclasses.dataclass(frozen=True)
class Message:
    """A verified message whose data fits its schema. ``type`` is the full CloudEvents type, part of a seal's binding."""

    id: uuid.UUID
    sender: str
    type: str
    time: datetime.datetime
    stream: str
    seq: int
    data: dict[str, Any]

    @classmethod
    def of(cls, envelope: Envelope) -> "Message":
        return cls(
            id=envelope.id,
            sender=envelope.sender,
            type=envelope.type,
            time=envelope.time,
            stream=envelope.stream,
            seq=envelope.seq,
            data=envelope.data,
        )

    @property
    def sealed(self) -> Sealed:
        """The sealed part of the data."""
        return Sealed.from_json(self.data["sealed"])

    @property
    def own_binding(self) -> bytes:
        """The HPKE ``info`` of content that is sealed to this party."""
        return seal_binding(self.sender, settings.EXCHANGE_PARTY, self.stream, self.seq, self.type)

    def open_sealed(self) -> Any:
        """What was sealed to this party. Raises ``PermanentError`` when it does not open or does not fit its schema."""
        try:
            key = private_sealing_key(seal_kid(self.sealed.box))
            content = unseal(self.sealed, private_key=key, info=self.own_binding)
            validate_sealed(*short_type(self.type), content)
        except (SealError, Refused) as error:
            raise PermanentError("the sealed content does not open") from error
        return content


def seal_binding(sender: str, recipient: str, stream: str, seq: int, type: str) -> bytes:
    """The binding of a seal that crosses; the recipient is whoever can open it, a party or ``citizen``."""
    return binding(sender=sender, recipient=recipient, stream=stream, seq=seq, type=type)


def seal_own(content: Any, *, type: str, version: int, stream: str) -> tuple[Sealed, bytes]:
    """What a message of this ``type`` would carry, sealed to this party itself, and the binding: for what did not cross.

    The binding has the number 0, which no message has. Raises ``Refused`` when the content does not fit the type's schema.
    """
    validate_sealed(type, version, content)
    party = settings.EXCHANGE_PARTY
    kid, public_key = sealing_key(party)
    info = seal_binding(party, party, stream, 0, f"{TYPE_PREFIX}{type}.v{version}")
    return seal(content, public_key=public_key, kid=kid, info=info), info
