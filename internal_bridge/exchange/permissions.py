"""Who may look after the bridge. It knows no roles: whoever has them answers by name, by a rule or by Django's permissions."""

from typing import Any

from rules.permissions import has_perm, perm_exists

OPERATE = "exchange.operate_bridge"
MANAGE_KEYS = "exchange.manage_keys"


def can_operate_bridge(person: Any) -> bool:
    """Whether ``person`` may, by the rule of this name; where there is none, as on the portal, by Django's own permissions.

    A rule answers alone: past it neither a group nor being a superuser gives anything, so the directory cannot be got around.
    """
    if perm_exists(OPERATE):
        return bool(has_perm(OPERATE, person))
    return bool(person.has_perm(OPERATE))


def can_manage_keys(person: Any) -> bool:
    """Whether ``person`` may rotate and revoke keys, by the rule of this name; nobody where there is none."""
    return bool(has_perm(MANAGE_KEYS, person))
