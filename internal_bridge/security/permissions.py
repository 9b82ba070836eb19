"""Who may end other people's sessions, lockouts and tokens: the security administrator, and nobody else."""

from internal_bridge.org.permissions import is_security_administrator

__all__ = ["can_watch_logins"]

can_watch_logins = is_security_administrator
