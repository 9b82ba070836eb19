"""A petition becomes a case."""

import datetime
import uuid
from typing import Any

from django.db.models import F
from django.utils import timezone

from core.events import record_event
from core.models import User
from core.workdays import local_date
from internal_bridge.casework.enums import Action, Actor
from internal_bridge.casework.identity import attached, keep_identity
from internal_bridge.casework.life.engine import perform_automatically
from internal_bridge.casework.life.fields import kept_out
from internal_bridge.casework.life.telling import tell_status
from internal_bridge.casework.life.timing import first_clocks
from internal_bridge.casework.life.waiting import settle_items
from internal_bridge.casework.models import Case, CaseClock, Register
from internal_bridge.casework.services.avoidance import keep_accused_out
from internal_bridge.exchange.public import Message, MissingFiles, missing_files
from internal_bridge.org.services import Unit, find_open_units
from internal_bridge.policies.services import auto_dispatches

__all__ = ["enter_case", "next_register_number", "register_case"]


def register_case(*, message: Message, content: dict[str, Any]) -> Case:
    """Open a case for a submission that has arrived, in the transaction that applies its message.

    ``content`` is the opened sealed part. The case takes the next 登记号 of the year. Who wrote stands only under the case's
    own data key and in the submission, which is kept sealed as it crossed. Raises ``MissingFiles``, before any effect, until
    all attachments are here.
    """
    if missing := missing_files([file["digest"] for file in attached(content)]):
        raise MissingFiles(missing)
    data, now = message.data, timezone.now()
    year, register_number = next_register_number(now)
    case = Case(
        uid=uuid.UUID(data["uid"]),
        number=data["number"],
        register_year=year,
        register_number=register_number,
        kind=data["kind"],
        received_at=datetime.datetime.fromisoformat(data["received_at"]),
        registered_at=now,
        title=content["title"],
        body=content["body"],
        place=content["place"],
        unit_code=content["unit_code"],
        about_unit_code=content["about_unit_code"],
        about_person=content["about_person"],
        urgent=content["urgent"],
        withhold_identity=content["withhold_identity"],
        allow_publication=content["allow_publication"],
        source=message.sender,
        citizen_key=bytes.fromhex(data["citizen_key"]),
        submission_box=message.sealed.box,
        submission_commitment=message.sealed.commitment,
        submission_info=message.own_binding,
    )
    enter_case(case, content=content, at=now)
    return case


def enter_case(case: Case, *, content: dict[str, Any], at: datetime.datetime, by: User | None = None) -> None:
    """Save a new case with what follows every registration, in its transaction: policy and limits, identity under the case's
    own key, the accused kept out, work laid before somebody. ``by`` wrote it down, where it did not come over the bridge.

    A consultation that names a unit goes straight there where the policy says so (04, ``auto_dispatch``).
    """
    clocks = first_clocks(case, at)
    case.save()
    CaseClock.objects.bulk_create(clocks)
    keep_identity(case=case, content=content)
    keep_accused_out(case, at=at)
    if by is None:
        record_event(subject=case.subject, name="registered", at=at)
    else:
        record_event(subject=case.subject, name="taken_down", at=at, actor=by, params={"channel": case.channel})
    tell_status(case, event="registered", at=at)
    unit = _unit_by_rule(case)
    if unit is not None:
        perform_automatically(case, Action.AUTO_DISPATCH, actor=Actor.SYSTEM, fields={"lead_unit": unit}, at=at)
    else:
        settle_items(case, by=None, at=at)


def _unit_by_rule(case: Case) -> Unit | None:
    if case.policy is None or not auto_dispatches(case.policy, kind=case.kind):
        return None
    open_units = find_open_units(case.unit_code)
    if len(open_units) != 1 or not open_units[0].accepts_petitions or kept_out(case, open_units):
        return None
    return open_units[0]


def next_register_number(now: datetime.datetime) -> tuple[int, int]:
    """The year and the next number of its register, gapless because the row stays locked until the case is there."""
    year = local_date(now).year
    Register.objects.get_or_create(year=year)
    Register.objects.filter(year=year).update(last=F("last") + 1)
    return year, Register.objects.get(year=year).last
