"""What a rule would change, before it is stored."""

from internal_bridge.org.querysets import today
from internal_bridge.routing.matching import CompiledRule, Letter
from internal_bridge.routing.models import RoutingRule
from internal_bridge.routing.suggesting import Suggestion, present_judge, suggest_by


def try_rule(draft: RoutingRule, letter: Letter, *, replaced: int | None) -> tuple[list[Suggestion], list[Suggestion]]:
    """(as the rules stand, with ``draft``): ``replaced`` is the key of the rule in whose place it would stand."""
    judge = present_judge()
    others = tuple(rule for rule in judge.candidates.rules if rule.pk != replaced)
    drafts = (CompiledRule.of(draft),) if draft.holds_on(today()) else ()
    changed = judge.candidates.with_rules(others + drafts)
    return suggest_by(judge, letter), suggest_by(judge, letter, rules=changed)
