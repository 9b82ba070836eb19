"""Who may do what with a case, as small predicates."""

from rules.predicates import is_group_member

is_dispatcher = is_group_member("dispatcher")

can_answer_case = is_dispatcher
