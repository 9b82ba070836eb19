"""Who may do what with work items, as small predicates."""

from internal_bridge.org.permissions import is_system_administrator

__all__ = ["can_substitute_others"]

# For somebody on leave who has named nobody.
can_substitute_others = is_system_administrator
