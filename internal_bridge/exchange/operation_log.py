"""Who did what about the bridge, with the reasons: read from the rows that the operations left."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.exchange.enums import AlarmKind, ReleaseAction
from internal_bridge.exchange.models import Alarm, PartyKey, Release
from internal_bridge.exchange.wording import party_name, place

SHOWN = 10


@dataclass(frozen=True)
class Operation:
    """One thing that somebody did. ``who`` is empty for what was done at the server's console."""

    at: datetime.datetime
    who: str
    text: str
    about: str
    reason: str


def latest_operations() -> list[Operation]:
    """The last ten, newest first; three bounded queries."""
    releases = Release.objects.select_related("message__stream").defer("message__payload", "message__signatures")
    people = releases.select_related("message__stream", "proposed_by", "confirmed_by", "declined_by").order_by("-pk")[:SHOWN]
    found = [operation for release in people for operation in operations_of(release)]
    found += [_clearing(alarm) for alarm in _cleared()]
    found += [_revocation(key) for key in PartyKey.objects.exclude(revoked_at=None).order_by("-revoked_at")[:SHOWN]]
    return sorted(found, key=lambda operation: operation.at, reverse=True)[:SHOWN]


def operations_of(release: Release) -> list[Operation]:
    """A decision about a dead letter, step by step. Its people, message and stream must be loaded."""
    about = place(release.message.stream.name, release.message.seq)
    if release.action == ReleaseAction.RETRY:
        return [_step(release.proposed_at, release.proposed_by, _("had it tried again"), about, release.reason)]
    steps = [_step(release.proposed_at, release.proposed_by, _("proposed to skip it"), about, release.reason)]
    if release.confirmed_at and release.confirmed_by:
        steps.append(_step(release.confirmed_at, release.confirmed_by, _("confirmed the skip"), about))
    if release.declined_at and release.declined_by:
        steps.append(_step(release.declined_at, release.declined_by, _("declined the skip"), about))
    return steps


def _step(at: datetime.datetime, person: User, text: str, about: str, reason: str = "") -> Operation:
    return Operation(at=at, who=person.get_full_name(), text=text, about=about, reason=reason)


def _cleared() -> QuerySet[Alarm]:
    return Alarm.objects.exclude(cleared_by=None).select_related("cleared_by").order_by("-cleared_at")[:SHOWN]


def _clearing(alarm: Any) -> Operation:
    about = f"{AlarmKind(alarm.kind).label} · {party_name(alarm.subject)}"
    return _step(alarm.cleared_at, alarm.cleared_by, _("closed an alarm"), about, alarm.reason)


def _revocation(key: Any) -> Operation:
    return Operation(at=key.revoked_at, who="", text=_("Key revoked"), about=key.kid, reason=key.revoked_reason)
