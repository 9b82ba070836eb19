"""What the page of keys shows."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from internal_bridge.exchange.enums import KeyUse
from internal_bridge.exchange.forms import ReasonForm, RevokeForm
from internal_bridge.exchange.presenters import KEY_STATES
from internal_bridge.exchange.rotation import OVERLAP, KeyState, key_states
from internal_bridge.exchange.wording import party_name

LOOKS = {"current": "done", "valid": "", "next": "plan", "ended": "", "revoked": "over"}


@dataclass(frozen=True)
class KeyLine:
    """A key of a party, with the form that revokes it; none for one that counts no longer."""

    kid: str
    use: str
    state: str
    look: str
    valid_from: datetime.datetime
    valid_to: datetime.datetime | None
    revoked_at: datetime.datetime | None
    reason: str
    form: RevokeForm | None
    opened: bool


@dataclass(frozen=True)
class Keeper:
    """A party and its keys."""

    code: str
    name: str
    is_own: bool
    keys: list[KeyLine]


def keys_page(*, rotating: ReasonForm | None = None, revoking: RevokeForm | None = None) -> dict[str, Any]:
    """The context of the page of keys; ``rotating`` and ``revoking`` are forms that were refused."""
    keepers: dict[str, Keeper] = {}
    for found in key_states():
        code = found.key.party.code
        own = code == settings.EXCHANGE_PARTY
        keepers.setdefault(code, Keeper(code, party_name(code), own, [])).keys.append(_line(found, revoking))
    return {
        "keepers": sorted(keepers.values(), key=lambda keeper: not keeper.is_own),
        "rotate_form": rotating or ReasonForm(auto_id="rotate_%s"),
        "rotating": rotating is not None,
        "overlap": OVERLAP.days,
    }


def _line(found: KeyState, revoking: RevokeForm | None) -> KeyLine:
    key, counts = found.key, found.state in ("current", "valid", "next")
    opened = revoking is not None and revoking.kid == key.kid
    form = revoking if opened else RevokeForm(kid=key.kid, auto_id=f"revoke_{key.kid}_%s")
    return KeyLine(
        kid=key.kid,
        use=str(KeyUse(key.use).label),
        state=str(KEY_STATES[found.state]),
        look=LOOKS[found.state],
        valid_from=key.valid_from,
        valid_to=key.valid_to,
        revoked_at=key.revoked_at,
        reason=key.revoked_reason,
        form=form if counts else None,
        opened=opened,
    )
