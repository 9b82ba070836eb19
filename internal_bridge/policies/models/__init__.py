"""Policies, their rules and figures."""

from internal_bridge.policies.models.policies import (
    LARGEST_FIGURE,
    LONGEST_LIMIT,
    Policy,
    PolicyFigure,
    PolicyRule,
    RuleConfirmation,
)

__all__ = ["LARGEST_FIGURE", "LONGEST_LIMIT", "Policy", "PolicyFigure", "PolicyRule", "RuleConfirmation"]
