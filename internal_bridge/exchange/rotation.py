"""The life of keys: a new one takes over while the old one still counts, a lost one is revoked, an old one is destroyed.

Public halves stay as rows for good: what was signed with a key can be verified when the private half is long gone.
"""

import datetime
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.events import record_event
from core.vault import Sealed, SealError, seal_kid
from internal_bridge.exchange.enums import IncomingState, KeyUse
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.jws import decode
from internal_bridge.exchange.keys import key_from_environment, key_path, make_key, valid_keys
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage, PartyKey

OVERLAP = datetime.timedelta(days=30)
# A peer that was away may bring what it sealed to a key long after the key's end.
REST = datetime.timedelta(days=30)


@dataclass(frozen=True)
class KeyState:
    """A key and what it is good for now: ``state`` is current, valid, next, ended or revoked."""

    key: PartyKey
    state: str


def key_states(*, party: str | None = None) -> list[KeyState]:
    """The keys of all parties or of one, for signatures first, each use's newest first, with their states."""
    now = timezone.now()
    keys = PartyKey.objects.select_related("party").order_by("party__code", "-use", "-valid_from", "-id")
    current: set[tuple[int, str]] = set()
    found = []
    for key in keys.filter(party__code=party) if party else keys:
        state = _state(key, now)
        if state == "valid" and (key.party_id, key.use) not in current:
            current.add((key.party_id, key.use))
            state = "current"
        found.append(KeyState(key, state))
    return found


def _state(key: PartyKey, now: datetime.datetime) -> str:
    if key.revoked_at:
        return "revoked"
    if key.valid_to and key.valid_to <= now:
        return "ended"
    return "next" if key.valid_from > now else "valid"


@transaction.atomic
def rotate_keys(*, valid_from: datetime.datetime, overlap: datetime.timedelta = OVERLAP) -> list[PartyKey]:
    """Make a new signing and a new sealing key that count from ``valid_from``; the old ones count on for ``overlap``.

    The peer has to import the new public halves by ``valid_from``; until it has, it takes nothing that the new key signed, and
    nothing is lost. Raises ``ValueError`` for a negative overlap.
    """
    if overlap < datetime.timedelta():
        raise ValueError("the overlap cannot be negative")
    until = valid_from + overlap
    old = valid_keys(party=settings.EXCHANGE_PARTY, now=timezone.now())
    for key in old:
        if key.valid_to is None or key.valid_to > until:
            key.valid_to = until
            key.save(update_fields=["valid_to"])
    made = [make_key(use=use, valid_from=valid_from) for use in KeyUse]
    for key in made:
        _record(key, "key_made")
    return made


@transaction.atomic
def revoke_key(*, kid: str, reason: str, force: bool = False) -> PartyKey:
    """Let a key, own or a peer's, count no longer from now on.

    What it signed and is stored here unapplied is not applied either. Raises ``Refused`` for the last valid key of its party
    and use unless ``force``, for a key that is revoked already, and ``PartyKey.DoesNotExist``.
    """
    now = timezone.now()
    key = PartyKey.objects.select_for_update().select_related("party").get(kid=kid)
    if key.revoked_at:
        raise Refused(f"{kid} has been revoked already")
    others = valid_keys(party=key.party.code, now=now).filter(use=key.use).exclude(pk=key.pk)
    if not force and not others.exists():
        raise Refused(f"{kid} is the last valid key of {key.party} for {key.use}: rotate first")
    key.revoked_at, key.revoked_reason = now, reason
    key.save(update_fields=["revoked_at", "revoked_reason"])
    _record(key, "key_revoked")
    return key


def destroy_key(*, kid: str) -> None:
    """Delete the private half of an own key that nothing needs any more. There is no way back.

    Raises ``Refused`` while the key counts, for 30 days after its end, and as long as a message names it that is not applied
    here or by its recipient; ``PartyKey.DoesNotExist`` for no key of ours.
    """
    key = PartyKey.objects.get(kid=kid, party__code=settings.EXCHANGE_PARTY)
    ended = key.revoked_at or key.valid_to
    if ended is None or ended > timezone.now() - REST:
        raise Refused(f"{kid} has not been out of use for {REST.days} days")
    if any(kid in kids for kids in _kids_in_use()):
        raise Refused(f"a message that has not been applied names {kid}")
    if key_from_environment(kid) is not None:
        raise Refused(f"{kid} comes from the environment: take it away there")
    path = key_path(kid)
    if not path.is_file():
        raise Refused(f"there is no private key {kid}")
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        os.fsync(file.fileno())
    path.unlink()
    _record(key, "key_destroyed")


def _kids_in_use() -> Iterator[set[str]]:
    """The keys named by each message that is not applied yet: those that signed it, and the one that opens it."""
    outgoing = OutgoingMessage.objects.filter(applied_at=None)
    incoming = IncomingMessage.objects.filter(state__in=[IncomingState.WAITING, IncomingState.DEAD])
    for messages in (outgoing, incoming):
        for message in messages.only("payload", "signatures").iterator(chunk_size=200):
            signers = {json.loads(decode(signature["protected"]))["kid"] for signature in message.signatures}
            yield signers | _sealed_to(bytes(message.payload))


def _sealed_to(payload: bytes) -> set[str]:
    """The key that opens a message's sealed part; none for one without, or whose payload has been purged."""
    try:
        return {seal_kid(Sealed.from_json(json.loads(payload)["data"]["sealed"]).box)}
    except (ValueError, KeyError, TypeError, SealError):
        return set()


def _record(key: PartyKey, event: str) -> None:
    record_event(subject=f"key:{key.kid}"[:80], name=event, at=timezone.now())
