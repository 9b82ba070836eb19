"""What follows an action besides the new state: limits, what the petitioner is told, and what a rule dispatches."""

import contextlib
import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from core.events import events_of
from core.workdays import BEIJING
from internal_bridge.casework.enums import Action
from internal_bridge.casework.life.table import TRANSITIONS
from internal_bridge.casework.models import Case
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.exchange.validation import validate_data
from internal_bridge.org.models import Unit
from internal_bridge.workflow.models import WorkItem
from tests.casework.expected import SITUATIONS, TABLE, Situation, expected
from tests.casework.office import ASSISTING, LEAD
from tests.casework.situations import Standing, standing
from tests.proofs import proves

pytestmark = pytest.mark.django_db

HANDLER, HEAD = f"handler.{LEAD}", f"head.{LEAD}"
# What the petitioner is told of an action: the event, and the words that come with it. What is not here is not told.
TOLD: dict[str, tuple[str, str]] = {
    "accept": ("accepted", ""),
    "refuse": ("refused", "reason"),
    "redirect": ("redirected", "reason"),
    "dispatch": ("dispatched", ""),
    "sign": ("signed", ""),
    "grant_extension": ("extended", "reason"),
    "ask_petitioner": ("asked", "question"),
    "pause": ("paused", "reason"),
    "resume": ("resumed", ""),
    "publish": ("answered", "reply"),
    "answer_privately": ("answered", "reply"),
    "agree_withdrawal": ("withdrawn", ""),
    "decline_withdrawal": ("withdrawal_declined", "reason"),
    "rehandle": ("rehandled", ""),
    "answer_request": ("request_answered", "reason"),
    "close": ("closed", ""),
}


@contextlib.contextmanager
def day(date: str) -> Iterator[None]:
    """It is ten o'clock then, in Beijing."""
    with time_machine.travel(datetime.datetime.fromisoformat(f"{date}T10:00:00").replace(tzinfo=BEIJING), tick=False):
        yield


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An office whose keys are older than the days on which it is visited."""
    with django_db_blocker.unblock(), day("2026-09-01"), standing(tmp_path_factory.mktemp("office")) as made:
        yield made


def messages(case: Case) -> list[tuple[str, dict[str, Any]]]:
    rows = OutgoingMessage.objects.filter(stream__name=case.subject).order_by("seq")
    return [(row.type.rpartition("bridge.")[2], json.loads(bytes(row.payload))["data"]) for row in rows]


def limits(case: Case, *stages: str) -> dict[str, str]:
    running = case.clocks.filter(stopped_at=None, assignment=None)
    return {clock.stage: clock.due_on.isoformat() for clock in running if not stages or clock.stage in stages}


def walk(town: Standing, case: Case, *steps: tuple[str, str]) -> Case:
    for who, action in steps:
        case = town.do(who, action, case)
    return case


def first_situation(action: str) -> tuple[Situation, str]:
    """The first situation in which the table lets somebody do it, and who."""
    by, _sources, _to = TABLE[action]
    return next((each, who) for each in SITUATIONS for who in by if expected(each, who, action) == "done")


@pytest.mark.parametrize("action", sorted(action for action, row in TABLE.items() if row[0]))
def test_the_petitioner_is_told_what_they_should_know_and_nothing_else(town, action):
    situation, who = first_situation(action)
    case = town.bring(situation)
    before = len(messages(case))

    town.do("dispatcher" if who == "dispatcher" else f"{who}.{LEAD}", action, case)

    sent = messages(case)[before:]
    status = [data["event"] for _type, data in sent if "event" in data]
    words = [data["kind"] for _type, data in sent if "kind" in data]
    event, kind = TOLD.get(action, ("", ""))
    assert (status, words) == ([event] * bool(event), [kind] * bool(kind))
    assert event == TRANSITIONS[Action(action)].told or action == "reclassify"
    # An answer can be rated.
    assert ["rating.offered" in type for type, _data in sent].count(True) == (action in ("publish", "answer_privately"))
    for type, data in sent:
        validate_data(type.removeprefix("cn.zhengqiao.").removesuffix(".v1"), 1, data)


def test_a_new_kind_is_told_a_new_complexity_is_not(town):
    case = town.do("dispatcher", "reclassify", town.complaint, kind="help", reason="是求助")

    assert [data["params"] for _type, data in messages(case)][-1] == {"kind": "help"}


@pytest.mark.parametrize(
    ("letter", "dispatched"),
    [
        ({"kind": "consultation", "unit_code": LEAD}, True),
        ({"kind": "consultation", "unit_code": ""}, False),
        ({"kind": "consultation", "unit_code": "nowhere"}, False),
        ({"kind": "consultation", "unit_code": "deaf"}, False),
        ({"kind": "consultation", "unit_code": "gone"}, False),
        ({"kind": "consultation", "unit_code": LEAD, "about_unit_code": LEAD}, False),
        *[({"kind": kind, "unit_code": LEAD}, False) for kind in ("complaint", "report", "suggestion", "help")],
    ],
)
def test_a_rule_dispatches_consultations_that_name_a_unit_which_may_have_them(town, letter, dispatched):
    Unit.objects.update_or_create(code="deaf", defaults=_unit("deaf", accepts_petitions=False))
    Unit.objects.update_or_create(code="gone", defaults=_unit("gone", accepts_petitions=True, valid_to="2026-01-01"))

    case = town.office.register(town.peer, **letter)

    names = [event.name for event in events_of(case.subject)]
    items = [(item.step, item.unit.code) for item in WorkItem.objects.open().filter(source=case.uid, kind="do")]
    if dispatched:
        assert (case.state, names, items) == ("dispatched", ["registered", "accepted", "dispatched"], [("sign", LEAD)])
        assert [data["event"] for _type, data in messages(case)] == ["registered", "accepted", "dispatched"]
    else:
        assert (case.state, names, [step for step, _unit in items]) == ("registered", ["registered"], ["decide"])


@proves("hotline", "answer", "return")
def test_the_answers_limit_runs_on_over_a_return(town):
    with day("2026-09-07"):
        case = town.office.register(town.peer)
        case = walk(town, case, ("dispatcher", "accept"))
        assert limits(case, "answer") == {"answer": "2026-09-23"}
    with day("2026-09-08"):
        case = town.do("dispatcher", "dispatch", case, lead_unit=LEAD)
        case = walk(town, case, (HANDLER, "return"), ("dispatcher", "agree_return"))
        assert (limits(case, "answer"), case.due_on.isoformat()) == ({"answer": "2026-09-23"}, "2026-09-23")


@proves("hotline", "answer")
def test_an_extension_of_n_makes_the_limit_l_plus_n_from_the_same_start(town):
    with day("2026-09-07"):
        case = town.office.register(town.peer)
        case = town.do("dispatcher", "dispatch", town.do("dispatcher", "accept", case, complexity="simple"), lead_unit=LEAD)
        case = town.do(HANDLER, "sign", case)
        assert case.due_on.isoformat() == "2026-09-14"
    with day("2026-09-10"):
        case = town.do(HANDLER, "request_extension", case, days=3, reason="需要检测")
        case = town.do(HEAD, "grant_extension", case)

    assert case.due_on.isoformat() == "2026-09-17"
    told = [data for _type, data in messages(case) if data.get("event") == "extended"][-1]
    assert told["params"] == {"days": 3, "due": "2026-09-17"}
    assert {item.due_on.isoformat() for item in WorkItem.objects.open().filter(source=case.uid, step="handle")} == {
        "2026-09-17"
    }


@proves("hotline", "answer")
def test_a_second_handling_has_the_whole_limit_anew(town):
    with day("2026-09-07"):
        case = town.office.register(town.peer)
        case = town.do("dispatcher", "dispatch", town.do("dispatcher", "accept", case, complexity="simple"), lead_unit=LEAD)
        steps = ((HANDLER, "sign"), (HANDLER, "draft_reply"), (HEAD, "approve"), ("dispatcher", "answer_privately"))
        case = walk(town, case, *steps)
    with day("2026-09-14"):
        case = town.do("dispatcher", "rehandle", case)

    # Sunday the 20th makes up for a holiday.
    assert (case.round, limits(case)) == (2, {"answer": "2026-09-20"})
    assert [item.round for item in WorkItem.objects.open().filter(source=case.uid, step="handle")] == [2]


def test_a_decision_on_the_kind_counts_each_limit_from_its_own_event(town):
    with day("2026-09-07"):
        case = town.office.register(town.peer, kind="suggestion")
        assert limits(case) == {"dispatch": "2026-09-22"}
    with day("2026-09-09"):
        # The service line's limits start with the receipt, not with the decision.
        case = town.do("dispatcher", "reclassify", case, kind="help", reason="是求助")
        assert limits(case) == {"dispatch": "2026-09-08", "answer": "2026-09-14"}
        case = town.do("dispatcher", "reclassify", case, kind="suggestion", reason="还是建议")
        # Under petition law nothing is to be answered before it is accepted.
        assert limits(case) == {"dispatch": "2026-09-22"}
    with day("2026-09-10"):
        case = town.do("dispatcher", "accept", case)
        case = town.do("dispatcher", "reclassify", case, kind="help", reason="是求助")
        case = town.do("dispatcher", "reclassify", case, kind="report", reason="是举报")
    assert limits(case, "answer") == {"answer": "2026-11-09"}
    assert case.withhold_identity


@proves("hotline", "registration", "answer")
def test_what_was_met_is_not_begun_again_by_another_complexity(town):
    with day("2026-09-07"):
        case = town.office.register(town.peer)
        case = town.do("dispatcher", "dispatch", town.do("dispatcher", "accept", case, complexity="simple"), lead_unit=LEAD)
    with day("2026-09-09"):
        case = town.do("dispatcher", "reclassify", case, complexity="investigation", reason="涉及多个部门")

    assert limits(case) == {"answer": "2026-09-23"}
    stages = [deadline["stage"] for deadline in messages(town.do(HANDLER, "sign", case))[-1][1]["deadlines"]]
    assert sorted(stages) == ["answer", "forwarding", "registration"]


def test_a_case_that_becomes_urgent_is_urgent_in_the_boxes_too(town):
    case = town.do(
        "dispatcher", "dispatch", town.do("dispatcher", "accept", town.complaint), lead_unit=LEAD, assisting_units=[ASSISTING]
    )

    case = town.do("dispatcher", "reclassify", case, urgent=True, reason="管道爆裂")

    assert {item.urgent for item in WorkItem.objects.open().filter(source=case.uid, kind="do")} == {True}


def test_what_becomes_of_each_unit_is_written_once(town):
    case = town.bring(Situation("answered", "done"))

    assert [(row.unit.code, row.part, row.state) for row in case.assignments.all()] == [
        (LEAD, "lead", "done"),
        (ASSISTING, "assisting", "done"),
    ]
    names = [event.name for event in events_of(case.subject)]
    assert names == [
        "registered", "accepted", "dispatched", "signed", "opinion_given", "signed", "drafted", "approved", "published",
    ]  # fmt: skip


def _unit(code: str, **fields: Any) -> dict[str, Any]:
    root = Unit.objects.get(code="yls")
    plain = {"name": code, "short_name": code, "kind": "government_department", "parent": root, "path": f"{root.path}{code}/"}
    return plain | {"valid_from": "2020-01-01"} | fields
