"""Who may look after the bridge, as small predicates."""

from rules.predicates import is_group_member

from core.models import User

is_system_administrator = is_group_member("sysadmin")
is_security_administrator = is_group_member("secadmin")


def can_operate_bridge(person: User) -> bool:
    return bool(is_system_administrator(person) or is_security_administrator(person))
