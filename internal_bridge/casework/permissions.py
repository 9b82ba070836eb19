"""Who may do what with a case, as small predicates."""

from internal_bridge.org.permissions import is_dispatcher, is_handler

__all__ = ["can_answer_case", "can_propose_redaction", "is_dispatcher"]

can_answer_case = is_dispatcher
can_propose_redaction = is_handler | is_dispatcher
