"""Cases in bulk are held to the rules of the services: what is open, what is due, what may be done next."""

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.events import leaf_bytes
from core.leaves import leaf_hash
from core.models import DomainEvent
from core.workdays import local_date
from internal_bridge.casework.enums import ENDED, OPEN, AssignmentState, CaseState, Part
from internal_bridge.casework.identity import CaseKey
from internal_bridge.casework.life.table import ROWS
from internal_bridge.casework.life.timing import LEADING_STAGES, rule_of
from internal_bridge.casework.life.waiting import wanted_items
from internal_bridge.casework.models import Case, Register
from internal_bridge.casework.queue.standing import cases_in, standing_views
from internal_bridge.casework.scale import writing
from internal_bridge.casework.scale.writing import write_cases
from internal_bridge.casework.services import offers
from internal_bridge.org.querysets import today
from internal_bridge.policies.services import due_of
from internal_bridge.workflow.models import WorkItem
from tests.casework.office import LEAD, Office

pytestmark = [pytest.mark.django_db, pytest.mark.db]

LETTERS = [
    {"kind": "complaint", "title": "江滨路工地半夜打桩", "body": "连续一个星期夜里不停工。", "lead": LEAD, "place": "江滨路"},
    {"kind": "suggestion", "title": "建议增加路灯", "body": "晚上看不清路。", "lead": "jyj", "place": None},
    {"kind": "report", "title": "窗口人员收卡", "body": "请查处。", "lead": "cgj", "place": ""},
    {"kind": "consultation", "title": "户口怎样迁入", "body": "需要哪些材料？", "lead": "sthjj", "place": ""},
]
COUNT = 400


@pytest.fixture
def cases(town: Office, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Of two months, so that many are under way."""
    monkeypatch.setattr(writing, "SPAN", datetime.timedelta(days=60))
    assert write_cases(COUNT, letters=LETTERS) == COUNT
    return list(Case.objects.select_related("policy", "identity", "lead_unit").order_by("pk"))


def test_they_are_as_the_services_would_have_left_them(town: Office, cases: list[Case]) -> None:
    states = Counter(case.state for case in cases)
    assert set(states) >= {state for state in CaseState if state not in ("withdrawn",)}
    assert [case.register_number for case in cases if case.register_year == cases[-1].register_year][-1] == (
        Register.objects.get(year=cases[-1].register_year).last
    )
    names = {row.event for row in ROWS} | {"registered", "withdrawal_asked"}
    for case in cases:
        wanted = {(item.step, item.to.unit.pk, str(item.to.role), item.due_on) for item in wanted_items(case)}
        there = WorkItem.objects.filter(source=case.uid, state="open", kind="do")
        assert {(item.step, item.unit_id, item.role, item.due_on) for item in there} == wanted, case.state
        running = {clock.stage: clock for clock in case.clocks.filter(stopped_at=None, assignment=None)}
        if case.state in OPEN:
            shown = next((running[stage].due_on for stage in LEADING_STAGES if stage in running), None)
            assert case.due_on == shown
            assert shown is not None
        for clock in running.values():
            rule = rule_of(case, clock.stage)
            assert rule is not None
            expected = due_of(rule, start=clock.started_on, expedited=case.expedited, extra_days=clock.extra_days)
            assert clock.due_on == expected.due
        if case.state in ENDED - {CaseState.CLOSED}:
            assert not running
        lead = case.assignments.filter(part=Part.LEAD).first()
        assert (lead is not None) == (case.lead_unit is not None)
        if case.state in (CaseState.ANSWERED, CaseState.CLOSED):
            assert lead is not None
            assert lead.state == AssignmentState.DONE
        events = DomainEvent.objects.filter(subject=case.subject).order_by("id")
        assert {event.name for event in events} <= names
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert events.last().leaf_hash == leaf_hash(leaf_bytes(events.last()))  # type: ignore[union-attr]
        assert local_date(case.received_at) <= today()
        assert json.loads(CaseKey.of(case).decrypt("identity", bytes(case.identity.box)))["name"]


def test_life_goes_on_with_them(town: Office, cases: list[Case]) -> None:
    """Something can be done with each that is under way, and the queue's views find them."""
    for state in (CaseState.REGISTERED, CaseState.ACCEPTED, CaseState.RETURNING, CaseState.CHECKING):
        case = next(case for case in cases if case.state == state)
        assert [offer for offer in offers(case, town["dispatcher"]) if not offer.refusal]
    registered = next(case for case in cases if case.state == CaseState.REGISTERED)
    assert town.do("dispatcher", "accept", registered).state == CaseState.ACCEPTED
    dispatcher = town["dispatcher"]
    for view in standing_views(dispatcher):
        if view.code in ("to_decide", "to_dispatch", "overdue", "to_check", "returns", "ended"):
            assert cases_in(view, dispatcher, today()).exists(), view.code


def test_the_command_says_how_far_it_is(town: Office, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("internal_bridge.desk.management.commands.seed.read_letters", lambda: LETTERS)
    call_command("seed", scale="cases=20")
    call_command("seed", scale="cases=20")
    out = capsys.readouterr().out
    assert "20 of 20 cases" in out
    assert "There are 40 cases now." in out
    assert Case.objects.aggregate(last=Max("register_number"))["last"]


def test_the_queue_asks_as_often_for_more_of_them(town: Office, cases: list[Case]) -> None:
    def counts() -> list[int]:
        found = []
        for username in ("dispatcher", f"handler.{LEAD}", "inspector"):
            client = Client()
            client.force_login(town[username])
            client.get("/cases/")
            for path in ("/", "/cases/", "/cases/?view=ended", "/cases/?view=all&light=red", "/cases/?q=路灯"):
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(path).status_code == 200
                found.append(len(captured))
        return found

    few = counts()
    write_cases(2 * COUNT, letters=LETTERS)
    assert counts() == few
