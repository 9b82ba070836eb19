"""What a submission must be like (04 "Submit", 11 ``POST /petitions/``), and what may follow it: the same for form and API."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.enums import PetitionKind, PetitionStatus
from petitions.attachments import Attachment
from petitions.directory import followers
from petitions.enums import Action, DeadlineStage, DeadlineState
from petitions.models import Petition, Unit
from petitions.querysets import today

TITLE_LENGTH = (2, 100)
BODY_LENGTH = (5, 2_000)
PLACE_LENGTH = 200
NAME_LENGTH = 60
PHONE_LENGTH = 30
EMAIL_LENGTH = 254
RELATION_LENGTH = 30
MAX_REPRESENTATIVES = 5
SUPPLEMENT_LENGTH = (1, 2_000)
REASON_LENGTH = 500
REVIEW_LENGTH = (5, 2_000)
COMMENT_LENGTH = 500
# From here down somebody is not content, and is asked why.
LOW_SCORE = 2

# The version of the privacy notice that is in force; it travels with each submission.
PRIVACY_VERSION = "2026-11"

PHONE_PATTERN = re.compile(r"\+?[0-9(][0-9 ()-]{4,28}", re.ASCII)

# Who reports misconduct or makes a suggestion need not say who they are.
ANONYMOUS_KINDS = frozenset({PetitionKind.REPORT, PetitionKind.SUGGESTION})

# While the office has it and has not decided: what a citizen sends then still reaches the handling (04 "Citizen").
UNDER_WAY = frozenset({PetitionStatus.RECEIVED, PetitionStatus.ACCEPTED, PetitionStatus.IN_PROGRESS})
# There is an answer, and it stands.
ANSWERED = frozenset({PetitionStatus.ANSWERED, PetitionStatus.CLOSED})


def allowed_actions(petition: Petition, *, consented: bool = False) -> list[Action]:
    """What the citizen may ask for in the petition's state; ``consented``: publication was allowed in the letter.

    What waits for the office is not asked for again.
    """
    under_way, answered = petition.status in UNDER_WAY, petition.status in ANSWERED
    may = {
        Action.SUPPLEMENT: under_way,
        Action.WITHDRAWAL: under_way and petition.withdrawal_sent_at is None,
        Action.RATING: answered and petition.rating_open,
        Action.REVIEW_REQUEST: answered and review_until(petition) is not None,
        # What is refused or withdrawn is published by nobody, and a report never is (11).
        Action.CONSENT_WITHDRAWAL: (
            consented
            and (under_way or answered)
            and petition.kind != PetitionKind.REPORT
            and petition.consent_withdrawn_at is None
        ),
    }
    return [action for action, allowed in may.items() if allowed]


def review_until(petition: Petition) -> datetime.date | None:
    """The last day on which a review of the latest answer can be asked for; None when it has been, or cannot be any more.

    The office tells the day (2022 §35: 30 days from the answer); where no rule gives a review there is none.
    """
    limits = [one for one in petition.deadlines if one["stage"] == DeadlineStage.REVIEW_REQUEST and one["due"]]
    if not limits or petition.review_answer >= petition.answers:
        return None
    due = datetime.date.fromisoformat(limits[-1]["due"])
    return due if due >= today() and limits[-1]["state"] != DeadlineState.MET else None


def check_submission(data: dict[str, Any]) -> dict[str, list[str]]:
    """The errors of a submission whose single fields are well-formed, by field: what depends on several fields."""
    errors: dict[str, list[str]] = {}
    kind = data.get("kind")
    if kind and kind not in ANONYMOUS_KINDS:
        for field, message in (
            ("name", _("Enter your name. Only reports and suggestions can be sent without one.")),
            ("phone", _("Enter a phone number. Only reports and suggestions can be sent without one.")),
        ):
            if not data.get(field):
                errors[field] = [message]
    if data.get("unit_code") and data.get("unit_code") == data.get("about_unit_code"):
        errors["unit_code"] = [_("The unit you complain about cannot be the one that handles your petition.")]
    return errors


def unit_problem(code: str) -> str:
    """Why a petition cannot name the unit of this code, or nothing. Of a closed unit it says who follows it."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None or (unit.is_open() and not unit.accepts_petitions):
        return _("There is no unit with this code that takes petitions.")
    if unit.is_open():
        return ""
    closed = {"unit": unit.name, "day": unit.valid_to}
    if successors := followers(unit):
        names = _(", ").join(successor.name for successor in successors)
        text = _("“%(unit)s” no longer exists; its last day was %(day)s. Its work has gone to: %(successors)s.")
        return text % (closed | {"successors": names})
    return _("“%(unit)s” no longer exists; its last day was %(day)s. Leave the unit open if you are not sure.") % closed


def is_phone(text: str) -> bool:
    """Whether ``text`` looks like a phone number: five digits or more, with the usual separators."""
    return PHONE_PATTERN.fullmatch(text) is not None and sum(char.isdigit() for char in text) >= 5


def canonical_content(data: dict[str, Any], attachments: Sequence[Attachment] = ()) -> dict[str, Any]:
    """A checked submission as it is sealed: every field there, empty ones as "", false or null; a report withholds identity."""
    return {
        "title": data["title"],
        "body": data["body"],
        "place": data.get("place") or "",
        "unit_code": data.get("unit_code") or "",
        "about_unit_code": data.get("about_unit_code") or "",
        "about_person": data.get("about_person") or "",
        "name": data.get("name") or "",
        "phone": data.get("phone") or "",
        "email": data.get("email") or "",
        "urgent": bool(data.get("urgent")),
        "representatives": [dict(one) for one in data.get("representatives") or []],
        "on_behalf_of": dict(data["on_behalf_of"]) if data.get("on_behalf_of") else None,
        "privacy_version": data.get("privacy_version") or "",
        "withhold_identity": bool(data.get("withhold_identity")) or data["kind"] == PetitionKind.REPORT,
        "allow_publication": bool(data.get("allow_publication")),
        "attachments": [attachment.as_content() for attachment in attachments],
    }
