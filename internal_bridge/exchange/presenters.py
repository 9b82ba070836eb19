"""What the operators' page shows: envelopes and figures, never what a message holds."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.models import User
from core.presenters import COUNT_CAP, Count, ago, lasting
from internal_bridge.exchange.alarms import open_alarms
from internal_bridge.exchange.enums import AlarmKind, IncomingState, KeyUse, ReceiptKind
from internal_bridge.exchange.figures import Backlog, Today, counted, dead_letters, parked_messages, unsent_messages
from internal_bridge.exchange.forms import ReasonForm
from internal_bridge.exchange.models import Alarm, IncomingMessage, Party, Receipt
from internal_bridge.exchange.operation_log import latest_operations, operations_of
from internal_bridge.exchange.operations import open_proposals
from internal_bridge.exchange.public import SILENCE
from internal_bridge.exchange.rotation import KeyState, key_states
from internal_bridge.exchange.watch import LARGEST_SKEW
from internal_bridge.exchange.wording import delay_words, error_words, party_name, place, skew_words, type_name, waiting_words

STUCK_SHOWN = 50
ALARMS_SHOWN = 20
KEYS_SHOWN = 6
ENDS_SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Verdict:
    """The state in words. ``look`` is done, soon or over."""

    look: str
    lead: str
    rest: str


@dataclass(frozen=True)
class Figure:
    """A key figure that leads to its rows."""

    label: str
    value: str
    hint: str
    place: str
    look: str = ""


@dataclass(frozen=True)
class StuckRow:
    """A received message that is not applied: a dead letter, or parked."""

    url: str
    state: str
    look: str
    where: str
    type: str
    way: str
    reason: str
    waited: str

    @classmethod
    def of(cls, message: IncomingMessage, now: datetime.datetime, *, is_proposed: bool = False) -> "StuckRow":
        dead = message.state == IncomingState.DEAD
        reason = error_words(message.error) if dead else waiting_words(message)
        return cls(
            url=reverse("exchange:message", args=[message.pk]),
            state=_("Dead letter") if dead else _("Parked"),
            look="over" if dead else "soon",
            where=place(message.stream.name, message.seq),
            type=type_name(message.type),
            way=f"{party_name(message.sender)} → {party_name(settings.EXCHANGE_PARTY)}",
            reason=_("A skip is proposed: another operator has to confirm it") if is_proposed else reason,
            waited=lasting(now - message.received_at),
        )


@dataclass(frozen=True)
class PeerRow:
    """A party at the other end."""

    name: str
    code: str
    light: str
    state: str
    contact: str
    exchanged: str
    backlog: Count
    skew: str
    kid: str
    valid: str
    ends_soon: bool


@dataclass(frozen=True)
class AlarmRow:
    """An open alarm with the form that closes it."""

    pk: int
    kind: str
    subject: str
    url: str
    count: int
    first_at: datetime.datetime
    last_at: datetime.datetime
    form: ReasonForm
    opened: bool


KEY_STATES = {
    "current": gettext_lazy("In use"),
    "valid": gettext_lazy("Still valid"),
    "next": gettext_lazy("Takes over next"),
    "ended": gettext_lazy("Ended"),
    "revoked": gettext_lazy("Revoked"),
}


@dataclass(frozen=True)
class KeyRow:
    """A key of this site."""

    use: str
    kid: str
    state: str
    span: str
    ends_soon: bool


def bridge_page(*, clearing: tuple[int, ReasonForm] | None = None) -> dict[str, Any]:
    """The context of the bridge's page. ``clearing`` is the alarm whose form was refused, with that form."""
    now = timezone.now()
    backlog, today = Backlog.now(cap=COUNT_CAP + 1), Today.so_far()
    peers = list(Party.objects.exclude(code=settings.EXCHANGE_PARTY).order_by("code"))
    alarms = [_alarm_row(alarm, clearing) for alarm in open_alarms()[:ALARMS_SHOWN]]
    letters = _rows(dead_letters())
    proposed = set(open_proposals().filter(message__in=letters).values_list("message_id", flat=True))
    dead = [StuckRow.of(message, now, is_proposed=message.pk in proposed) for message in letters]
    parked = [StuckRow.of(message, now) for message in _rows(parked_messages())]
    return {
        "now": now,
        "verdict": _verdict(peers, backlog, Count.of(open_alarms()), now),
        "figures": _figures(backlog, today, now),
        "stuck": dead + parked,
        "stuck_count": _sum(backlog.dead, backlog.parked),
        "more_stuck": backlog.dead > STUCK_SHOWN or backlog.parked > STUCK_SHOWN,
        "peers": _peer_rows(peers, today, now),
        "alarms": alarms,
        "alarm_count": Count.of(open_alarms()),
        "keys": [_key_row(state, now) for state in _own_keys()],
        "operations": latest_operations(),
    }


def message_page(message: IncomingMessage, person: User) -> dict[str, Any]:
    """The context of a message's page, without its forms. Its stream must be loaded."""
    now = timezone.now()
    releases = list(message.releases.select_related("proposed_by", "confirmed_by", "declined_by").order_by("pk"))
    for release in releases:
        release.message = message
    proposals = [release for release in releases if release.is_open]
    applied = Receipt.objects.filter(
        message_sender=message.sender, message_id=message.message_id, by=settings.EXCHANGE_PARTY, kind=ReceiptKind.APPLIED
    )
    return {
        "message": message,
        "row": StuckRow.of(message, now),
        "state": str(IncomingState(message.state).label),
        "is_dead": message.state == IncomingState.DEAD,
        "error": error_words(message.error) if message.error else "",
        "waiting_behind": Count.of(message.stream.messages.filter(seq__gt=message.seq, state=IncomingState.WAITING)),
        "seen": len(releases),
        "proposal": proposals[0] if proposals else None,
        "is_own_proposal": bool(proposals and proposals[0].proposed_by_id == person.pk),
        "is_its_turn": message.seq == message.stream.applied_seq + 1,
        "settled_at": applied.values_list("created_at", flat=True).first(),
        "course": [operation for release in releases for operation in operations_of(release)][::-1],
    }


def _rows(messages: Any) -> list[IncomingMessage]:
    """What a row shows; payloads stay in the database."""
    fields = ["seq", "sender", "type", "received_at", "state", "attempts", "error", "missing_files"]
    rows = messages.select_related("stream").only(*fields, "stream__name", "stream__applied_seq")
    return list(rows.order_by("received_at", "pk")[:STUCK_SHOWN])


def _verdict(peers: list[Party], backlog: Backlog, alarms: Count, now: datetime.datetime) -> Verdict:
    silent = [peer for peer in peers if peer.last_contact_at and now - peer.last_contact_at > SILENCE]
    if not any(peer.last_contact_at for peer in peers):
        rest = _("What is sent meanwhile waits here, in order, and nothing is lost.")
        return Verdict("soon", _("The other side has not been reached yet."), rest)
    if silent:
        names = ", ".join(party_name(peer.code) for peer in silent)
        rest = _(
            "What is sent meanwhile waits on both sides, in order, and nothing is lost. Look at the network and the relay."
        )
        return Verdict("over", _("No contact with: %(names)s.") % {"names": names}, rest)
    if backlog.dead:
        lead = ngettext("%(n)s message cannot be processed.", "%(n)s messages cannot be processed.", backlog.dead)
        rest = _("Only what belongs to the same matter waits; everything else goes on, and nothing is lost.")
        return Verdict("over", lead % {"n": Count(backlog.dead)}, rest)
    if alarms:
        lead = ngettext("%(n)s alarm is open.", "%(n)s alarms are open.", alarms.value) % {"n": alarms}
        return Verdict("soon", lead, _("Messages pass in both directions."))
    rest = _("Messages pass in both directions, and none needs a decision.")
    return Verdict("done", _("The bridge works as it should."), rest)


def _figures(backlog: Backlog, today: Today, now: datetime.datetime) -> list[Figure]:
    oldest = lasting(now - backlog.oldest_at) if backlog.oldest_at else _("none")
    dead = Count(backlog.dead)
    exchanged = _sum(today.sent.total(), today.received.total())
    return [
        Figure(
            _("To be applied / to be sent"), f"{Count(backlog.incoming)} / {Count(backlog.outgoing)}", _("Messages"), "peers"
        ),
        Figure(_("Oldest that waits"), oldest, _("In either direction"), "peers"),
        Figure(_("Parked"), str(Count(backlog.parked)), _("Wait for their turn or for files"), "stuck"),
        Figure(_("Dead letters"), str(dead), _("Need a decision"), "stuck", "over" if dead else ""),
        Figure(_("Exchanged today"), str(exchanged), _delays(today), "peers"),
    ]


def _delays(today: Today) -> str:
    median, high = today.delay(0.5), today.delay(0.99)
    if median is None or high is None:
        return _("Nothing sent today has arrived yet")
    return _("Sent: median %(median)s · p99 %(high)s") % {"median": delay_words(median), "high": delay_words(high)}


def _sum(*parts: int) -> Count:
    return Count(sum(parts))


def _peer_rows(peers: list[Party], today: Today, now: datetime.datetime) -> list[PeerRow]:
    waiting = counted(unsent_messages().values_list("stream__recipient", flat=True)[: COUNT_CAP + 1])
    signing = {}
    for found in key_states():
        if found.state == "current" and found.key.use == KeyUse.SIGN:
            signing[found.key.party.code] = found.key
    rows = []
    for peer in peers:
        key = signing.get(peer.code)
        light, state = _light(peer, now)
        rows.append(
            PeerRow(
                name=party_name(peer.code),
                code=peer.code,
                light=light,
                state=state,
                contact=ago(now - peer.last_contact_at) if peer.last_contact_at else _("never"),
                exchanged=f"{Count(today.sent[peer.code])} / {Count(today.received[peer.code])}",
                backlog=Count(waiting.get(peer.code, 0)),
                skew=skew_words(peer.clock_skew) if peer.clock_skew is not None else "",
                kid=key.kid if key else "",
                valid=_span(key.valid_from, key.valid_to, now) if key else "",
                ends_soon=bool(key and key.valid_to and key.valid_to - now < ENDS_SOON),
            )
        )
    return rows


def _light(peer: Party, now: datetime.datetime) -> tuple[str, str]:
    if peer.last_contact_at is None:
        return "0", _("Not reached yet")
    if now - peer.last_contact_at > SILENCE:
        return "r", _("Interrupted")
    if abs(peer.clock_skew or 0) > LARGEST_SKEW.total_seconds():
        return "y", _("Clocks differ")
    return "g", _("Normal")


def _alarm_row(alarm: Alarm, clearing: tuple[int, ReasonForm] | None) -> AlarmRow:
    opened = clearing is not None and clearing[0] == alarm.pk
    form = clearing[1] if clearing and opened else ReasonForm(auto_id=f"alarm_{alarm.pk}_%s")
    url = ""
    if alarm.kind == AlarmKind.DEAD_LETTER:
        # Dead letters are few and have an index; ids alone have none.
        dead = dead_letters().filter(message_id=alarm.subject).values_list("pk", flat=True).first()
        url = reverse("exchange:message", args=[dead]) if dead else ""
    return AlarmRow(
        pk=alarm.pk,
        kind=str(AlarmKind(alarm.kind).label),
        subject=party_name(alarm.subject),
        url=url,
        count=alarm.count,
        first_at=alarm.first_at,
        last_at=alarm.last_at,
        form=form,
        opened=opened,
    )


def _own_keys() -> list[KeyState]:
    """This side's keys, those in use first."""
    return sorted(key_states(party=settings.EXCHANGE_PARTY), key=lambda state: list(KEY_STATES).index(state.state))[:KEYS_SHOWN]


def _key_row(state: KeyState, now: datetime.datetime) -> KeyRow:
    key = state.key
    return KeyRow(
        use=str(KeyUse(key.use).label),
        kid=key.kid,
        state=str(KEY_STATES[state.state]),
        span=_span(key.valid_from, key.valid_to, now),
        ends_soon=state.state == "current" and bool(key.valid_to and key.valid_to - now < ENDS_SOON),
    )


def _span(start: datetime.datetime, end: datetime.datetime | None, now: datetime.datetime) -> str:
    if start > now:
        return _("from %(day)s") % {"day": timezone.localtime(start).date().isoformat()}
    if end is None:
        return _("no end set")
    return _("until %(day)s") % {"day": timezone.localtime(end).date().isoformat()}
