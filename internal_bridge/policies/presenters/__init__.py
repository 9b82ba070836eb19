"""How pages speak of limits and of the tables in which they stand."""

from internal_bridge.policies.presenters.due import ICONS, DueText, due_words, explain, foreseen_words, short_day
from internal_bridge.policies.presenters.rules import days_words

__all__ = ["ICONS", "DueText", "days_words", "due_words", "explain", "foreseen_words", "short_day"]
