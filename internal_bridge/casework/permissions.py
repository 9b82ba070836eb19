"""Who may do what with a case, as small predicates."""

from internal_bridge.org.permissions import is_dispatcher

__all__ = ["can_answer_case", "is_dispatcher"]

can_answer_case = is_dispatcher
