"""Who may look after the bridge, as small predicates."""

from rules.predicates import is_group_member

is_system_administrator = is_group_member("sysadmin")
is_security_administrator = is_group_member("secadmin")

can_operate_bridge = is_system_administrator | is_security_administrator
