"""What limits say, and what is done to them. Other apps import from here."""

from internal_bridge.policies.services.limits import (
    NoPolicy,
    Policy,
    PolicyRule,
    assisting_due,
    auto_dispatches,
    basis_of,
    due_of,
    light_of,
    policy_for,
    rules_of,
)

__all__ = [
    "NoPolicy",
    "Policy",
    "PolicyRule",
    "assisting_due",
    "auto_dispatches",
    "basis_of",
    "due_of",
    "light_of",
    "policy_for",
    "rules_of",
]
