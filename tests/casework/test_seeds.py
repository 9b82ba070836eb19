"""The demo's calls walk through the whole office, once."""

import json
from typing import Any

import pytest

from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case, CaseExtension, PublishedReply
from internal_bridge.casework.seeds import CALLS, CLERK, PETITIONER, take_demo_calls
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.org.enums import Role
from tests.casework.office import Office
from tests.org.people import grant, make_person, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def staff(town: Office, calls: list[dict[str, Any]]) -> None:
    """Handler and head of every unit that has a part in the calls."""
    who = {name for call in calls for name, _action, _fields in call["path"]} - {CLERK, PETITIONER, *town.people}
    steps = [fields for call in calls for _who, _action, fields in call["path"]]
    named = {step["lead_unit"] for step in steps if "lead_unit" in step}
    named |= {code for step in steps for code in step.get("assisting_units", [])}
    named |= {call["fields"].get("unit_code", "") for call in calls} - {""}
    for code in sorted(named | {name.partition(".")[2] for name in who}):
        if code not in town.units:
            town.units[code] = make_unit(code, accepts_petitions=True)
    for name in sorted(who):
        role, _dot, code = name.partition(".")
        grant(make_person(None, code, username=name, name=f"李{name}"[:20]), Role(role), code, with_descendants=False)


def test_every_state_can_be_seen_and_a_second_time_nothing_is_doubled(town: Office) -> None:
    calls = json.loads(CALLS.read_text(encoding="utf-8"))
    staff(town, calls)

    assert take_demo_calls() == len(calls)

    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    today = Case.objects.latest("registered_at").registered_at.date()
    assert Case.objects.overdue(today).exists()
    assert Case.objects.filter(round=2).exists()
    assert Case.objects.exclude(paused_at=None).exists()
    assert set(CaseExtension.objects.values_list("state", flat=True)) == {"pending", "granted"}
    assert PublishedReply.objects.filter(withdrawn_at=None).exists()
    assert PublishedReply.objects.exclude(withdrawn_at=None).exists()
    accused = Case.objects.get(about_unit_code="xfj")
    assert not Case.objects.visible_to(town["dispatcher"]).filter(pk=accused.pk).exists()
    assert Case.objects.visible_to(town["dispatcher.zfb"]).filter(pk=accused.pk).exists()

    said = OutgoingMessage.objects.count()
    assert take_demo_calls() == 0
    assert (Case.objects.count(), OutgoingMessage.objects.count()) == (len(calls), said)
