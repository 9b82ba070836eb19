"""The bridge's only door: what other apps may use of it."""

import dataclasses
import datetime

from django.conf import settings
from django.db.models import F

from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.errors import MissingFiles, NoRoom, PermanentError
from internal_bridge.exchange.files import keep_file, missing_files
from internal_bridge.exchange.handlers import handles
from internal_bridge.exchange.messages import CITIZEN, Message, seal_binding, seal_own
from internal_bridge.exchange.models import IncomingMessage, OutgoingStream, Party
from internal_bridge.exchange.outbox import ForCitizen, ForRecipient, send_message
from internal_bridge.exchange.permissions import can_operate_bridge
from internal_bridge.exchange.watch import check_room

__all__ = [
    "CITIZEN",
    "SILENCE",
    "BridgeHealth",
    "ForCitizen",
    "ForRecipient",
    "Message",
    "MissingFiles",
    "NoRoom",
    "PermanentError",
    "bridge_health",
    "can_operate_bridge",
    "check_room",
    "handles",
    "keep_file",
    "missing_files",
    "seal_binding",
    "seal_own",
    "send_message",
]

HEALTH_CAP = 1_000
# The relay holds each poll for less than half of this: a longer silence means that nobody is calling.
SILENCE = datetime.timedelta(minutes=2)


@dataclasses.dataclass(frozen=True)
class BridgeHealth:
    """How the bridge does: last contact with a peer, streams that wait for delivery, dead letters (both capped at 1,000)."""

    last_contact: datetime.datetime | None
    waiting: int
    dead: int


def bridge_health() -> BridgeHealth:
    """The state of the bridge as this site sees it: three queries, each bounded."""
    peers = Party.objects.exclude(code=settings.EXCHANGE_PARTY).exclude(last_contact_at=None)
    return BridgeHealth(
        last_contact=peers.order_by("-last_contact_at").values_list("last_contact_at", flat=True).first(),
        waiting=OutgoingStream.objects.filter(acked_seq__lt=F("seq"))[:HEALTH_CAP].count(),
        dead=IncomingMessage.objects.filter(state=IncomingState.DEAD)[:HEALTH_CAP].count(),
    )
