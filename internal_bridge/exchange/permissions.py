"""Who may look after the bridge. It knows no roles: whoever has them answers by name (``rules``)."""

from typing import Any

from rules.permissions import has_perm

OPERATE = "exchange.operate_bridge"
MANAGE_KEYS = "exchange.manage_keys"


def can_operate_bridge(person: Any) -> bool:
    """Whether the rule of this name lets ``person``; nobody where there is no such rule, a superuser neither."""
    return bool(has_perm(OPERATE, person))


def can_manage_keys(person: Any) -> bool:
    """Whether ``person`` may rotate and revoke keys, by the rule of this name."""
    return bool(has_perm(MANAGE_KEYS, person))
