"""What limits say, and what is done to them. Other apps import from here."""

from internal_bridge.policies.services.calendar import calendar_in_force, current_edition
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
from internal_bridge.policies.services.rules import APPROVERS, add_rule, change_rule, confirm_rule, drop_rule
from internal_bridge.policies.services.versions import (
    change_policy,
    discard_draft,
    draft_policy,
    latest_of,
    publish_policy,
    still_to_confirm,
)

__all__ = [
    "APPROVERS",
    "ForeseenLimit",
    "NoPolicy",
    "Policy",
    "PolicyRule",
    "add_rule",
    "assisting_due",
    "auto_dispatches",
    "basis_of",
    "calendar_in_force",
    "change_policy",
    "change_rule",
    "confirm_rule",
    "current_edition",
    "discard_draft",
    "draft_policy",
    "drop_rule",
    "due_of",
    "foresee",
    "foresee_limits",
    "latest_of",
    "light_of",
    "policy_for",
    "publish_policy",
    "rules_of",
    "still_to_confirm",
]
