"""Who may do what with a case, as small predicates."""

import rules

is_dispatcher = rules.is_group_member("dispatcher")

can_answer_case = is_dispatcher
