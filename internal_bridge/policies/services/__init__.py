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
from internal_bridge.policies.services.previewing import ForeseenLimit, foresee, foresee_limits

__all__ = [
    "ForeseenLimit",
    "NoPolicy",
    "Policy",
    "PolicyRule",
    "assisting_due",
    "auto_dispatches",
    "basis_of",
    "due_of",
    "foresee",
    "foresee_limits",
    "light_of",
    "policy_for",
    "rules_of",
]
