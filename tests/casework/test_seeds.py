"""The demo's calls walk through the whole office, once."""

import datetime
import json
from typing import Any

import pytest
from django.utils import timezone

from core.events import events_of
from internal_bridge.casework.enums import Action, CaseState
from internal_bridge.casework.models import Case, CaseExtension, PublishedReply
from internal_bridge.casework.seeds import CALLS, CLERK, CLOCK, PETITIONER, take_demo_calls
from internal_bridge.casework.services import perform_action
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.org.enums import Role
from tests.casework.office import Office
from tests.org.people import grant, make_person, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def staff(town: Office, calls: list[dict[str, Any]]) -> None:
    """Handler and head of every unit that has a part in the calls."""
    who = {name for call in calls for name, _action, _fields in call["path"]} - {CLERK, PETITIONER, CLOCK, *town.people}
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


def test_the_past_of_a_case_begins_with_it_and_ends_now(peer: Any, town: Office) -> None:
    case = town.register(peer)
    day = datetime.timedelta(days=1)
    for at in (case.registered_at - day, timezone.now() + day):
        with pytest.raises(ValueError, match="was not so at"):
            perform_action(
                person=town["dispatcher"], number=case.number, action=Action.ACCEPT, version=1, fields={}, key=None, at=at
            )


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

    # They have a past: each step at its time, one of them closed by the clock.
    for case in Case.objects.all():
        times = [event.at for event in events_of(case.subject)]
        assert times == sorted(times)
        assert times[-1] <= timezone.now()
    closed = Case.objects.get(title="共享单车把盲道和公交站全占了")
    assert events_of(closed.subject).get(name="closed").actor is None
    signed = Case.objects.get(title="龙井路小学门口接送车乱停")
    assert (timezone.now() - events_of(signed.subject).get(name="signed").at).days >= 3

    said = OutgoingMessage.objects.count()
    assert take_demo_calls() == 0
    assert (Case.objects.count(), OutgoingMessage.objects.count()) == (len(calls), said)
