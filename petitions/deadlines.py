"""Limits in words: what each is for, what it rests on, and how its date was found (``case.status``, ``deadlines``).

The office tells codes, dates and days; here they become sentences in the language of whoever looks.
"""

import datetime
from typing import Any

from core.explaining import basis_text, step_text
from petitions.enums import DeadlineStage, DeadlineState


def present_deadline(deadline: dict[str, Any]) -> dict[str, Any]:
    """A limit as the page shows it: codes of ``deadline`` kept beside their words; ``due`` a date or None."""
    return represent_deadline(deadline) | {
        "stage_label": DeadlineStage(deadline["stage"]).label,
        "state_label": DeadlineState(deadline["state"]).label,
        "basis_label": basis_text(deadline["basis"]),
    }


def represent_deadline(deadline: dict[str, Any]) -> dict[str, Any]:
    """A limit as the API answers it (11)."""
    return {
        "stage": deadline["stage"],
        "due": datetime.date.fromisoformat(deadline["due"]) if deadline["due"] else None,
        "basis": deadline["basis"],
        "explanation": [step_text(step) for step in deadline["explanation"]],
        "state": deadline["state"],
    }
