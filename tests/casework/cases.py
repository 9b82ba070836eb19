"""Cases for tests of pages: rows as registration would have written them, without a bridge."""

import datetime
import itertools

from django.utils import timezone

from core.events import record_event
from core.identifiers import draw_number
from core.models import User
from core.workdays import local_date
from internal_bridge.casework.enums import AFTER_ANSWER, WITH_UNIT, CaseState
from internal_bridge.casework.models import Case
from tests.org.people import make_login, make_unit

serial = itertools.count(1)


def make_person(username: str, *roles: str) -> User:
    """A login of somebody with these roles, over the whole city."""
    return make_login(*roles, username=username, name=f"{username} 甲")


def make_case(
    *, received_at: datetime.datetime | None = None, state: str = CaseState.REGISTERED, title: str = "路灯不亮"
) -> Case:
    """A registered or answered case."""
    at = received_at or timezone.now()
    number = next(serial)
    needs_unit = state in WITH_UNIT | AFTER_ANSWER
    case = Case.objects.create(
        number=draw_number(local_date(at), first_digits="01234567"),
        register_year=2026,
        register_number=number,
        kind="complaint",
        state=state,
        version=1 if state == CaseState.REGISTERED else 2,
        received_at=at,
        registered_at=at,
        answered_at=at if state in AFTER_ANSWER else None,
        lead_unit=make_unit() if needs_unit else None,
        title=title,
        body="滨河路的路灯三天不亮。\n\n请尽快修好。",
        source="portal",
        citizen_key=bytes(32),
        submission_box=b"sealed",
        submission_commitment="0" * 64,
        submission_info=b"",
    )
    record_event(subject=case.subject, name="registered", at=at)
    return case
