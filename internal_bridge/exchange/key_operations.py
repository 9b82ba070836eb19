"""What the security administrator does about keys: rotate this side's, revoke one, each once and written down.

To destroy a private half stays a command at the server: there is no way back from it.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import record_audit
from core.idempotency import once
from core.models import User
from internal_bridge.exchange.models import PartyKey
from internal_bridge.exchange.operations import REASON_LENGTH
from internal_bridge.exchange.permissions import can_manage_keys
from internal_bridge.exchange.rotation import revoke_key, rotate_keys

__all__ = ["revoke", "rotate"]


def rotate(*, person: User, reason: str, key: str | None) -> None:
    """Make a new signing and a new sealing key of this side that count from now; the old ones count on for a while.

    ``key`` is the request's idempotency key. Raises ``PermissionDenied``, ``InvalidKey``, ``KeyReused``, and ``ValueError`` for
    a reason out of 2–200 characters.
    """
    reason = _checked(person, reason)

    def effect() -> None:
        made = rotate_keys(valid_from=timezone.now())
        for row in made:
            record_audit(action="key.made", subject=_subject(row.kid), actor=person, params={"use": row.use, "reason": reason})

    _once(person, "rotate", key, {"reason": reason}, effect)


def revoke(*, person: User, kid: str, reason: str, key: str | None) -> None:
    """Let a key, own or a peer's, count no longer from now on. Raises as ``rotate``.

    Besides ``PartyKey.DoesNotExist``, and ``Refused`` for one that is revoked already or the last valid one of its kind: that
    would stop the bridge, and takes the command.
    """
    reason = _checked(person, reason)
    PartyKey.objects.only("pk").get(kid=kid)

    def effect() -> None:
        row = revoke_key(kid=kid, reason=reason)
        record_audit(action="key.revoked", subject=_subject(kid), actor=person, params={"use": row.use, "reason": reason})

    _once(person, f"revoke:{kid}", key, {"reason": reason}, effect)


def _subject(kid: str) -> str:
    return f"key:{kid}"[:80]


def _checked(person: User, reason: str) -> str:
    if not can_manage_keys(person):
        raise PermissionDenied
    shortest, longest = REASON_LENGTH
    if not shortest <= len(reason.strip()) <= longest:
        raise ValueError(f"a reason has {shortest} to {longest} characters")
    return reason.strip()


def _once(person: User, what: str, key: str | None, fields: Any, effect: Callable[[], None]) -> None:
    def answer(_prepared: None) -> dict[str, Any]:
        effect()
        return {}

    once(scope=f"user:{person.uid} exchange.keys.{what}"[:120], key=key, fields=fields, prepare=lambda: None, effect=answer)
