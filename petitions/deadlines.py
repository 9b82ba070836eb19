"""Limits in words: what each is for, what it rests on, and how its date was found (``case.status``, ``deadlines``).

The office tells codes, dates and days; here they become sentences in the language of whoever looks.
"""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.explaining import basis_text, step_text
from core.strips import Strip
from petitions.enums import DeadlineStage, DeadlineState
from petitions.querysets import today

# What binds the citizen and not the office: after that day it can be asked for no more.
RIGHTS = frozenset({DeadlineStage.REVIEW_REQUEST, DeadlineStage.SECOND_REVIEW_REQUEST})


def present_deadline(deadline: dict[str, Any]) -> dict[str, Any]:
    """A limit as the page shows it: codes of ``deadline`` kept beside their words; ``due`` a date or None."""
    shown = represent_deadline(deadline)
    lapsed = deadline["stage"] in RIGHTS and shown["state"] == DeadlineState.OVERDUE
    return shown | {
        "stage_label": DeadlineStage(deadline["stage"]).label,
        "state_label": _("Time is over") if lapsed else DeadlineState(shown["state"]).label,
        "basis_label": basis_text(deadline["basis"]),
        "strip": Strip.of(deadline["explanation"], due=shown["due"], today=today()) if shown["due"] else None,
    }


def represent_deadline(deadline: dict[str, Any]) -> dict[str, Any]:
    """A limit as the API answers it (11)."""
    due = datetime.date.fromisoformat(deadline["due"]) if deadline["due"] else None
    # Nobody tells of a day on which nothing happens.
    lapsed = deadline["stage"] in RIGHTS and deadline["state"] == DeadlineState.RUNNING and due is not None and due < today()
    return {
        "stage": deadline["stage"],
        "due": due,
        "basis": deadline["basis"],
        "explanation": [step_text(step) for step in deadline["explanation"]],
        "state": DeadlineState.OVERDUE.value if lapsed else deadline["state"],
    }
