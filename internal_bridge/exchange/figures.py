"""How the bridge does, in figures: the same for the operators' page, the API and the metrics. Every query is bounded."""

import collections
import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from core.workdays import local_date
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage

# How many of the latest messages the day's figures look at, in each direction.
LATEST = 1_001


@dataclass(frozen=True)
class Backlog:
    """What waits, counted up to a cap: to be sent, to be applied, of these parked, and dead letters."""

    outgoing: int
    incoming: int
    parked: int
    dead: int
    oldest_at: datetime.datetime | None

    @classmethod
    def now(cls, *, cap: int) -> "Backlog":
        """Six queries over partial indexes; the counts stop at ``cap``."""
        sending, waiting = unsent_messages(), waiting_messages()
        times = [
            sending.aggregate(oldest=Min("created_at"))["oldest"],
            waiting.aggregate(oldest=Min("received_at"))["oldest"],
        ]
        return cls(
            outgoing=sending[:cap].count(),
            incoming=waiting[:cap].count(),
            parked=parked_messages()[:cap].count(),
            dead=dead_letters()[:cap].count(),
            oldest_at=min((time for time in times if time), default=None),
        )


@dataclass(frozen=True)
class Today:
    """What was exchanged since midnight in Beijing, of the latest 1,001 messages in each direction.

    ``delays`` are the seconds, in order, from writing a message until the peer's word that it has it.
    """

    sent: collections.Counter[str]
    received: collections.Counter[str]
    delays: list[float]

    @classmethod
    def so_far(cls) -> "Today":
        today = local_date(timezone.now())
        outgoing = OutgoingMessage.objects.order_by("-pk").values_list("stream__recipient", "created_at", "stored_at")
        incoming = IncomingMessage.objects.order_by("-pk").values_list("sender", "received_at")
        sent = [row for row in outgoing[:LATEST] if local_date(row[1]) == today]
        delays = sorted((stored - written).total_seconds() for _party, written, stored in sent if stored)
        return cls(
            sent=collections.Counter(party for party, _written, _stored in sent),
            received=collections.Counter(party for party, at in incoming[:LATEST] if local_date(at) == today),
            delays=delays,
        )

    def delay(self, share: float) -> float | None:
        """The delay that ``share`` of the messages sent today did not exceed; None when none has arrived."""
        if not self.delays:
            return None
        return self.delays[max(math.ceil(share * len(self.delays)) - 1, 0)]


def unsent_messages() -> QuerySet[OutgoingMessage]:
    """Messages of ours that the peer has not said to have."""
    return OutgoingMessage.objects.filter(stored_at=None)


def waiting_messages() -> QuerySet[IncomingMessage]:
    """Messages that have come and not been applied, dead letters apart."""
    return IncomingMessage.objects.filter(state=IncomingState.WAITING)


def parked_messages() -> QuerySet[IncomingMessage]:
    """Waiting messages whose turn has not come, or whose files have not."""
    return waiting_messages().filter(Q(seq__gt=F("stream__applied_seq") + 1) | ~Q(missing_files=[]))


def dead_letters() -> QuerySet[IncomingMessage]:
    return IncomingMessage.objects.filter(state=IncomingState.DEAD)


def counted(values: Iterable[str]) -> dict[str, int]:
    """How often each value occurs, in the order of the values."""
    return dict(sorted(collections.Counter(values).items()))
