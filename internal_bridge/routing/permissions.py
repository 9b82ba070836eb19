"""Who may ask for suggestions, and who writes the rules."""

from typing import Any

from rules.predicates import predicate

from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import is_dispatcher, is_system_administrator, roles_of

__all__ = ["can_ask_for_suggestions", "can_edit_rules", "can_manage_models"]


@predicate
def is_dispatcher_of_city(user: Any) -> bool:
    """Rules hold for everybody's letters: they are for whoever dispatches for the whole city."""
    return roles_of(user).covers_city(Role.DISPATCHER)


can_ask_for_suggestions = is_dispatcher
can_edit_rules = is_dispatcher_of_city | is_system_administrator
can_manage_models = can_edit_rules
