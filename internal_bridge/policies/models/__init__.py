"""Policies, their rules and figures; the city's work calendar."""

from internal_bridge.policies.models.calendar import LONGEST_REASON, AnnouncedYear, CalendarDay, CalendarEdition
from internal_bridge.policies.models.policies import (
    LARGEST_FIGURE,
    LONGEST_LIMIT,
    Policy,
    PolicyFigure,
    PolicyRule,
    RuleConfirmation,
)

__all__ = [
    "LARGEST_FIGURE",
    "LONGEST_LIMIT",
    "LONGEST_REASON",
    "AnnouncedYear",
    "CalendarDay",
    "CalendarEdition",
    "Policy",
    "PolicyFigure",
    "PolicyRule",
    "RuleConfirmation",
]
