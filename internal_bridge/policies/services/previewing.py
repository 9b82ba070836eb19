"""What limits a case would have: before it is there, and before a version of a policy is in force."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from core.workdays import Counted
from internal_bridge.policies.enums import PUBLIC_STAGE, Stage
from internal_bridge.policies.models import PolicyRule
from internal_bridge.policies.services.limits import assisting_due, due_of, policy_for, rules_of


@dataclass(frozen=True)
class ForeseenLimit:
    """A limit as it would be. ``stage`` is told as case.status/1.json does where citizens are told of it."""

    stage: Stage
    rule: PolicyRule
    due: datetime.date
    counted: Counted


def foresee_limits(*, kind: str, complexity: str = "", received_on: datetime.date) -> list[ForeseenLimit]:
    """The limit of each stage of a case received on ``received_on``, each earlier stage done that day (04, Counting).

    By the policy of that day and as the work calendar stands now; in the order of the policy. Raises ``NoPolicy``.
    """
    policy = policy_for(kind=kind, on=received_on)
    return foresee(rules_of(policy, kind=kind, complexity=complexity), received_on)


def foresee(rules: Mapping[Stage, PolicyRule], received_on: datetime.date) -> list[ForeseenLimit]:
    """As ``foresee_limits``, for the rules of a policy that need not be in force."""
    counted = {stage: due_of(rule, start=received_on) for stage, rule in rules.items()}
    answer = counted[Stage.ANSWER].due if Stage.ANSWER in counted else None
    return [
        ForeseenLimit(
            stage=_told_as(stage, rules),
            rule=rule,
            due=assisting_due(rule, start=received_on, answer_due=answer) if stage == Stage.ASSIST else counted[stage].due,
            counted=counted[stage],
        )
        for stage, rule in sorted(rules.items(), key=lambda pair: pair[1].pk or 0)
    ]


def _told_as(stage: Stage, rules: Mapping[Stage, PolicyRule]) -> Stage:
    """The name that citizens know a stage by, unless another stage with a limit bears it itself."""
    public = PUBLIC_STAGE.get(stage, stage)
    return stage if public != stage and public in rules else public
