"""One limit, told alike to citizen, handler, head, dispatcher and inspector: in lists, on paper, in boxes and by programs."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from core.workdays import local_date
from internal_bridge.casework.life.standing import clock_state, deadlines_of
from internal_bridge.casework.models import Case, CaseClock
from internal_bridge.casework.presenters.head import Head
from internal_bridge.casework.presenters.limits import limit_rows
from internal_bridge.casework.presenters.prints import LimitLine
from internal_bridge.casework.presenters.queue import queue_rows, rows_of
from internal_bridge.casework.queue.standing import of_light
from internal_bridge.policies.enums import Light, Stage
from internal_bridge.policies.services import light_of
from internal_bridge.workflow.models import WorkItem
from tests.casework.clocks import HANDLER, HEAD, moment, signed, to_read
from tests.casework.programs import Program
from tests.casework.situations import Standing, standing

pytestmark = pytest.mark.django_db

# What is done with a complaint of 7 September 2026, due on Monday the 14th; seen on which day; its state, date, light, looks.
STANDINGS = {
    "with time": ("", "2026-09-08", "running", "2026-09-14", "green", "norm"),
    "one working day before": ("", "2026-09-11", "running", "2026-09-14", "yellow", "soon"),
    "on the last day": ("", "2026-09-14", "running", "2026-09-14", "yellow", "today"),
    "the day after": ("", "2026-09-15", "overdue", "2026-09-14", "red", "over"),
    "paused": ("pause", "2026-09-10", "paused", "2026-09-14", "none", "pause"),
    "paused for long": ("pause", "2026-10-09", "paused", "2026-09-14", "none", "pause"),
    "resumed": ("pause resume", "2026-09-15", "running", "2026-09-16", "yellow", "soon"),
    "extended": ("extend", "2026-09-15", "running", "2026-09-17", "green", "ext"),
    "extended and over": ("extend", "2026-09-18", "overdue", "2026-09-17", "red", "over"),
    "answered in time": ("answer", "2026-09-20", "met", "2026-09-14", "none", "done"),
}
DONE = {
    "pause": (("2026-09-09", HANDLER, "pause", {}),),
    "resume": (("2026-09-11", HANDLER, "resume", {}),),
    "extend": (
        ("2026-09-10", HANDLER, "request_extension", {"days": 3, "reason": "需要检测"}),
        ("2026-09-10", HEAD, "grant_extension", {}),
    ),
    "answer": (
        ("2026-09-14", HANDLER, "draft_reply", {}),
        ("2026-09-14", HEAD, "approve", {}),
        ("2026-09-14", "dispatcher", "answer_privately", {}),
    ),
}


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An office whose keys are older than the days on which it is visited."""
    with django_db_blocker.unblock(), moment("2026-09-01"), standing(tmp_path_factory.mktemp("office")) as made:
        CaseClock.objects.update(stopped_at=made.complaint.received_at)
        yield made


@pytest.mark.parametrize("name", STANDINGS)
def test_all_exits_say_the_same_of_the_answers_limit(town, name):
    journey, on, state, due, light, look = STANDINGS[name]
    case = signed(town, "2026-09-07")
    for step in journey.split():
        for day, who, action, fields in DONE[step]:
            with moment(day):
                case = town.do(who, action, case, **fields)
    with moment(on):
        case, today = Case.objects.select_related("lead_unit", "handler").get(pk=case.pk), local_date(timezone.now())
        clock = case.clocks.get(stage="answer", dropped=False)
        # The citizen.
        told = next(row for row in deadlines_of(case, today) if row["stage"] == "answer")
        assert (told["state"], told["due"]) == (state, due)
        assert clock_state(case, clock, today) == state
        # Programs.
        for who in ("dispatcher", "inspector", HANDLER, HEAD):
            answer = Program(town.people[who]).get(f"{case.number}/").json()
            row = next(row for row in answer["deadlines"] if row["stage"] == "answer")
            assert (row["state"], row["due"], answer["light"]) == (state, due, light), who
            assert answer["paused"] == (state == "paused")
        # Pages: the head, the table of limits, the queue, its filters, the printed sheet.
        clocks = list(case.clocks.select_related("assignment__unit"))
        head = Head.of(case, clocks, [], list(case.entries.all()))
        (listed,) = rows_of(list(queue_rows(Case.objects.filter(pk=case.pk), today)), today)
        assert (head.light, listed.light) == (light, light)
        row = next(row for row in limit_rows(case, clocks, today) if row.stage == Stage.ANSWER.label)
        assert {head.due.look, listed.due.look, row.due.look} == {look}
        found = {each.value for each in Light if Case.objects.filter(of_light(each, today), pk=case.pk).exists()}
        assert found == {light}
        with translation.override("en"):
            assert LimitLine.of(clock, case, today).state == {"met": "kept"}.get(state, state)
        assert Case.objects.overdue(today).filter(pk=case.pk).exists() == (state == "overdue")
        # The boxes: what is paused has no light there.
        rows = WorkItem.objects.open().filter(source=case.uid, step="handle")
        lights = {light_of(item.due_on, today=today).value for item in rows}
        assert lights == ({light} if state != "met" else set())
        assert to_read(case) == set()
