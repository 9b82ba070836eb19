"""Policies and their rules."""

from internal_bridge.policies.models.policies import LONGEST_LIMIT, Policy, PolicyRule

__all__ = ["LONGEST_LIMIT", "Policy", "PolicyRule"]
