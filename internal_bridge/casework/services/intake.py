"""A petition that comes by phone or at the counter is written down, and becomes a case like any other.

The office draws number and receipt code as the portal does (03): the petitioner follows the case on the portal with them, and
nobody else can open what is said there. The code is stored nowhere.
"""

import dataclasses
import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from core.audit import record_audit
from core.idempotency import once
from core.identifiers import OFFICE_FIRST_DIGITS, draw_number
from core.models import User
from core.vault import CitizenKey, citizen_key, new_receipt_code
from core.workdays import local_date
from internal_bridge.casework.intake_forms import IntakeForm
from internal_bridge.casework.life.act import InvalidFields
from internal_bridge.casework.models import Case
from internal_bridge.casework.permissions import can_intake_case
from internal_bridge.casework.services.registration import enter_case, next_register_number
from internal_bridge.exchange.public import seal_own, send_message

__all__ = ["Receipt", "intake_case"]

# Through which the petitioner hears of the case.
PORTAL = "portal"
MAX_DRAWS = 5


class NumberTaken(Exception):
    """Somebody drew the same number in the same moment."""


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the petitioner keeps. ``code`` is to be shown once and stored nowhere."""

    number: str
    code: str = dataclasses.field(repr=False)
    kind: str
    received_at: datetime.datetime


@dataclasses.dataclass(frozen=True)
class _Draft:
    number: str
    code: str = dataclasses.field(repr=False)
    key: CitizenKey = dataclasses.field(repr=False)
    received_at: datetime.datetime


@sensitive_variables()
def intake_case(*, person: User, fields: dict[str, Any], key: str | None, at: datetime.datetime | None = None) -> Receipt:
    """Open a case for what a petitioner says to ``person``, a dispatcher.

    ``fields`` are the input by the names of ``IntakeForm``; ``at`` is when it was said, where that was not now.
    ``key`` is the request's idempotency key: a repeat gives the same receipt. The person may be one who must not know of the
    case (04, conflict of interest): then it is registered all the same, and the deputy finds it. Raises ``PermissionDenied``,
    ``InvalidKey``, ``KeyReused`` and ``InvalidFields``.
    """
    if not can_intake_case(person):
        raise PermissionDenied
    form = IntakeForm(fields)
    if not form.is_valid():
        raise InvalidFields({field: [str(error) for error in errors] for field, errors in form.errors.items()})
    channel, kind, content = form.cleaned_data["channel"], form.cleaned_data["kind"], form.content()
    said = {"channel": channel, "kind": kind, **content}
    for draw in range(MAX_DRAWS):
        try:
            answer = once(
                scope=f"user:{person.uid} casework.intake",
                key=key,
                fields=said,
                prepare=lambda: _draft(at or timezone.now()),
                effect=lambda draft: _enter(person, channel, kind, content, draft),
            )
        except NumberTaken:
            if draw == MAX_DRAWS - 1:
                raise
        else:
            return Receipt(
                number=answer["number"],
                code=answer["code"],
                kind=kind,
                received_at=datetime.datetime.fromisoformat(answer["received_at"]),
            )
    raise AssertionError("unreachable")


def _draft(received_at: datetime.datetime) -> _Draft:
    """Draw number and code and derive the key: the slow part, before the transaction."""
    number = draw_number(local_date(received_at), first_digits=OFFICE_FIRST_DIGITS)
    code = new_receipt_code()
    return _Draft(number=number, code=code, key=citizen_key(code, number=number), received_at=received_at)


def _enter(person: User, channel: str, kind: str, content: dict[str, Any], draft: _Draft) -> dict[str, Any]:
    if Case.objects.filter(number=draft.number).exists():
        raise NumberTaken
    at = draft.received_at
    year, register_number = next_register_number(at)
    case = Case(
        number=draft.number,
        register_year=year,
        register_number=register_number,
        kind=kind,
        received_at=at,
        registered_at=at,
        title=content["title"],
        body=content["body"],
        place=content["place"],
        unit_code=content["unit_code"],
        about_unit_code=content["about_unit_code"],
        about_person=content["about_person"],
        urgent=content["urgent"],
        withhold_identity=content["withhold_identity"],
        allow_publication=content["allow_publication"],
        channel=channel,
        source=PORTAL,
        citizen_key=draft.key.public,
    )
    sealed, info = seal_own(content, type="petition.submitted", version=1, stream=case.subject)
    case.submission_box, case.submission_commitment, case.submission_info = sealed.box, sealed.commitment, info
    # First of its stream: without it the portal knows of no such petition when it hears of its state.
    send_message(
        type="case.opened",
        version=1,
        recipient=PORTAL,
        stream=case.subject,
        data={
            "uid": str(case.uid),
            "number": case.number,
            "kind": kind,
            "received_at": at.isoformat(),
            "citizen_key": draft.key.public.hex(),
        },
    )
    enter_case(case, content=content, at=at, by=person)
    record_audit(
        action="case.taken_down", subject=case.subject, actor=person, params={"number": case.number, "channel": channel}
    )
    return {"number": draft.number, "code": draft.code, "received_at": at.isoformat()}
