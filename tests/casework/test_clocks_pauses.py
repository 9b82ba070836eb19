"""Pauses, extensions and urgency move the answer's limit, always counted from its own start.

September 2026: the 7th is a Monday, Sunday the 20th makes up for a holiday, Friday the 25th is the Mid-Autumn Festival, and
1 to 7 October are off.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.workdays import BEIJING, local_date
from internal_bridge.casework.enums import PauseReason
from internal_bridge.casework.life.pausing import begin_pause, end_pause
from internal_bridge.casework.life.recounting import recount_answer, recount_by_calendar
from internal_bridge.casework.life.timing import pauses_of
from internal_bridge.casework.models import Case, CaseClock, CasePause
from internal_bridge.workflow.models import WorkItem
from tests.casework.clocks import HANDLER, HEAD, due, moment, signed, sweep, taken, told
from tests.casework.office import ASSISTING, LEAD
from tests.casework.situations import Standing, standing
from tests.proofs import proves

pytestmark = [pytest.mark.django_db, pytest.mark.db]

WAITING = {"reason": "waiting_for_petitioner", "text": "请补充材料。"}


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An office whose keys are older than the days on which it is visited."""
    with django_db_blocker.unblock(), moment("2026-09-01"), standing(tmp_path_factory.mktemp("office")) as made:
        CaseClock.objects.update(stopped_at=made.complaint.received_at)
        yield made


# A case of 7 September goes through this; then its answer is due on this day.
JOURNEYS = {
    "as it came": ("complaint", "", "2026-09-14"),
    "paused two days": ("complaint", "pause 09-09, resume 09-11", "2026-09-16"),
    "paused and resumed on one day": ("complaint", "pause 09-09, resume 09-09", "2026-09-14"),
    "paused over a weekend": ("complaint", "pause 09-11, resume 09-14", "2026-09-15"),
    "paused on the last day": ("complaint", "pause 09-14, resume 09-17", "2026-09-17"),
    "paused over the holiday": ("complaint", "pause 09-09, resume 10-08", "2026-10-12"),
    "paused twice": ("complaint", "pause 09-08, resume 09-09, pause 09-10, resume 09-11", "2026-09-16"),
    "extended": ("complaint", "extend 09-10", "2026-09-17"),
    "extended over a make-up Sunday": ("complaint", "pause 09-09, resume 09-11, extend 09-14", "2026-09-20"),
    "paused, extended, paused": (
        "complaint", "pause 09-09, resume 09-11, extend 09-14, pause 09-18, resume 09-22", "2026-09-23",
    ),
    "extended in a pause": ("complaint", "pause 09-09, extend 09-10, resume 09-11", "2026-09-20"),
    "ended by the clock": ("complaint", "wait 09-09, sweep 09-25", "2026-09-30"),
    "ended by the clock after an outage": ("complaint", "wait 09-09, sweep 10-15", "2026-09-30"),
    "resumed by the handler after its last day": ("complaint", "wait 09-09, resume 10-15", "2026-09-30"),
    "a suggestion in calendar days": ("suggestion", "pause 09-09, resume 09-19", "2026-11-16"),
    "a suggestion that would end on a day off": ("suggestion", "pause 09-09, resume 09-17", "2026-11-16"),
    "another kind in a pause": ("complaint", "pause 09-09, to help 09-10, resume 09-11", "2026-09-16"),
    "another instrument in a pause": ("complaint", "pause 09-09, to suggestion 09-10, resume 09-11", "2026-11-09"),
    "back again in a pause": ("complaint", "pause 09-09, to suggestion 09-10, to help 09-10, resume 09-11", "2026-09-16"),
    "an extension is kept by another kind": ("complaint", "extend 09-10, to help 09-10", "2026-09-17"),
    "an extension is no longer than the rule allows": ("suggestion", "extend30 09-10, to help 09-11", "2026-09-28"),
    "urgent": ("complaint", "urgent 09-09", "2026-09-09"),
    "urgent on a day off": ("complaint", "urgent 09-12", "2026-09-14"),
    "urgent when it is late": ("complaint", "urgent 09-16", "2026-09-14"),
    "urgent and urgent no more": ("complaint", "urgent 09-09, calm 09-10", "2026-09-14"),
    "urgent and another complexity later": ("complaint", "urgent 09-09, deep 09-10", "2026-09-09"),
    "handled again": ("complaint", "answer 09-09, again 09-21", "2026-09-29"),
    "handled again after a pause": ("complaint", "pause 09-08, resume 09-09, answer 09-09, again 09-21", "2026-09-29"),
    "paused when handled again": ("complaint", "answer 09-09, again 09-21, pause 09-22, resume 09-24", "2026-10-08"),
}  # fmt: skip
ACTS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "pause": ((HANDLER, "pause", {}),),
    "wait": ((HANDLER, "pause", WAITING),),
    "resume": ((HANDLER, "resume", {}),),
    "extend": ((HANDLER, "request_extension", {"days": 3, "reason": "需要检测"}), (HEAD, "grant_extension", {})),
    "extend30": ((HANDLER, "request_extension", {"days": 30, "reason": "需要检测"}), (HEAD, "grant_extension", {})),
    "urgent": (("dispatcher", "reclassify", {"urgent": True, "reason": "管道爆裂"}),),
    "calm": (("dispatcher", "reclassify", {"urgent": False, "reason": "已抢修"}),),
    "deep": (("dispatcher", "reclassify", {}),),
    "answer": ((HANDLER, "draft_reply", {}), (HEAD, "approve", {}), ("dispatcher", "answer_privately", {})),
    "again": (("dispatcher", "rehandle", {}),),
}


def travel(town: Standing, case: Case, journey: str) -> Case:
    for step in filter(None, journey.split(", ")):
        *what, on = step.split()
        if what == ["sweep"]:
            sweep(f"2026-{on}")
            continue
        acts = ACTS.get(what[0], ())
        if what[0] == "to":
            acts = (("dispatcher", "reclassify", {"kind": what[1], "reason": "重新定性"}),)
        with moment(f"2026-{on}"):
            for who, action, fields in acts:
                case = town.do(who, action, case, **fields)
    return Case.objects.get(pk=case.pk)


@proves("hotline", "answer")
@proves("petition_2022", "answer")
@pytest.mark.parametrize("name", JOURNEYS)
def test_the_answers_limit_after_pauses_extensions_and_decisions(town, name):
    kind, journey, expected = JOURNEYS[name]
    case = travel(town, signed(town, "2026-09-07", kind=kind), journey)

    clock = case.clocks.get(stage="answer", stopped_at=None)
    assert (clock.due_on.isoformat(), case.due_on.isoformat(), case.paused_at) == (expected, expected, None)
    assert {str(item.due_on) for item in WorkItem.objects.open().filter(source=case.uid, step="handle")} == {expected}
    # Counting once more changes nothing.
    with transaction.atomic(), moment("2026-10-20"):
        assert recount_by_calendar(case, case.received_at) == []
    assert case.clocks.filter(stage="answer", stopped_at=None).get().pk == clock.pk


def test_the_petitioner_and_the_office_hear_of_the_pause_its_ground_and_the_new_date(town):
    case = signed(town, "2026-09-07")
    case = travel(town, case, "pause 09-09")
    (paused,) = told(case, "paused")
    assert {row["stage"]: row["state"] for row in paused["deadlines"]}["answer"] == "paused"
    # Nothing is overdue in a pause, however long it lasts.
    with moment("2026-10-20"):
        assert not Case.objects.filter(pk=case.pk).overdue(datetime.date(2026, 10, 20)).exists()
    case = travel(town, case, "resume 09-11")
    (resumed,) = told(case, "resumed")
    assert resumed["params"] == {"days": 2, "due": "2026-09-16"}
    answer = next(row for row in resumed["deadlines"] if row["stage"] == "answer")
    assert (answer["due"], answer["state"]) == ("2026-09-16", "running")
    assert {"code": "pause_left_out", "params": {"days": 2, "from": "2026-09-10", "to": "2026-09-11"}} in answer["explanation"]


def test_a_pause_for_papers_ends_with_its_last_day_by_the_clock_the_others_with_their_cause(town):
    case = travel(town, signed(town, "2026-09-07"), "wait 09-09")
    other = travel(town, signed(town, "2026-09-07"), "pause 09-09")
    assert case.pauses.get().until.isoformat() == "2026-09-24"
    assert "resume_cases" not in sweep("2026-09-24", "23:59:59")
    assert sweep("2026-09-25", "00:00:00")["resume_cases"] == 1
    assert "resume_cases" not in sweep("2026-09-25", "00:01:00")
    pause = case.pauses.get()
    assert (pause.last_on.isoformat(), local_date(pause.ended_at).isoformat()) == ("2026-09-24", "2026-09-25")
    assert told(case, "resumed")[0]["params"] == {"days": 15, "due": "2026-09-30"}
    assert other.pauses.get().ended_at is None


def test_the_assisting_units_stand_still_too_and_what_was_late_before_the_pause_stays_late(town):
    steps = ((f"handler.{ASSISTING}", "sign"), (HANDLER, "sign"))
    early, late, unsigned = (taken(town, "2026-09-07", *these, assisting=(ASSISTING,)) for these in (steps, steps, steps[1:]))
    assert due(early, "assist") == "2026-09-09"
    early = travel(town, early, "pause 09-08, resume 09-10")
    late = travel(town, late, "pause 09-10, resume 09-11")
    unsigned = travel(town, unsigned, "pause 09-08, resume 09-10")
    assert (due(early, "assist"), due(late, "assist"), due(unsigned, "sign")) == ("2026-09-11", "2026-09-09", "2026-09-08")
    assert (due(early), due(late)) == ("2026-09-16", "2026-09-15")
    # It follows the answer's limit where that comes before it.
    urgent = taken(town, "2026-09-07", *steps, assisting=(ASSISTING,))
    urgent = travel(town, urgent, "urgent 09-08")
    assert (due(urgent), due(urgent, "assist")) == ("2026-09-08", "2026-09-07")


def test_a_case_that_ends_in_a_pause_leaves_none_open(town):
    case = travel(town, signed(town, "2026-09-07"), "pause 09-09")
    with moment("2026-09-10"):
        town.ask_to_withdraw(case)
        case = town.do("dispatcher", "agree_withdrawal", case)
    assert (case.paused_at, case.pauses.get().last_on.isoformat()) == (None, "2026-09-10")


def test_a_granted_extension_is_never_shown_as_overdue_and_told_with_its_reason(town):
    case = signed(town, "2026-09-07")
    with moment("2026-09-14", "23:00:00"):
        case = town.do(HANDLER, "request_extension", case, days=3, reason="需要检测")
    # Asked for in time, decided on the day after.
    with moment("2026-09-15"):
        case = town.do(HEAD, "grant_extension", case)
    (extended,) = told(case, "extended")
    answer = next(row for row in extended["deadlines"] if row["stage"] == "answer")
    assert (extended["params"], answer["state"]) == ({"days": 3, "due": "2026-09-17"}, "running")
    assert {"code": "extended", "params": {"days": 3}} in answer["explanation"]


def test_why_an_urgent_case_is_due_then_is_said_with_the_day_on_which_it_was_marked(town):
    case = travel(town, signed(town, "2026-09-07"), "urgent 09-09")
    clock = case.clocks.get(stage="answer", stopped_at=None)
    assert (clock.started_on.isoformat(), clock.expedited_on.isoformat()) == ("2026-09-07", "2026-09-09")
    assert clock.explanation[0] == {"code": "same_day", "params": {"from": "2026-09-09"}}


@proves("hotline", "recall")
@pytest.mark.parametrize("kind", ["suggestion", "report"])
def test_what_is_said_to_be_of_another_kind_keeps_the_limit_of_its_recall(town, kind):
    with moment("2026-09-07"):
        case = town.office.register(town.peer, kind="consultation", unit_code=LEAD)
        assert due(case, "recall") == "2026-09-08"
        case = town.do("dispatcher", "reclassify", case, kind=kind, reason="重新定性")
    assert due(case, "recall") == "2026-09-08"
    sweep("2026-09-09")
    with moment("2026-09-09"), pytest.raises(Exception, match="recall_too_late"):
        town.do("dispatcher", "recall", case)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["complaint", "suggestion"]),
    steps=st.lists(
        st.tuples(st.sampled_from(["pause", "extend", "urgent"]), st.integers(0, 9), st.integers(0, 20)), max_size=5
    ),
)
def test_whatever_is_paused_no_limit_is_shortened_by_it_and_counting_again_changes_nothing(case_of, kind, steps):
    with transaction.atomic():
        case = Case.objects.get(pk=case_of[kind].pk)
        at = datetime.datetime(2026, 9, 7, 10, tzinfo=BEIJING)
        for step, gap, length in steps:
            at += datetime.timedelta(days=gap)
            before = case.due_on
            if step == "pause":
                begin_pause(case, at, PauseReason.FORCE_MAJEURE)
                recount_answer(case, at)
                assert case.due_on == before
                at += datetime.timedelta(days=length)
                left_out = end_pause(case, at)
                recount_answer(case, at)
                assert left_out == length
                assert case.due_on >= before
                if local_date(at) - datetime.timedelta(days=length) > before:
                    # The pause began when the limit was over.
                    assert case.due_on == before
            elif step == "extend":
                recount_answer(case, at, extra_days=length)
            else:
                case.expedited = True
                recount_answer(case, at)
                assert case.due_on <= before or case.clocks.get(stage="answer", stopped_at=None).extra_days
            clock = case.clocks.get(stage="answer", stopped_at=None)
            assert clock.due_on == case.due_on >= clock.started_on
            assert recount_by_calendar(case, at) == []
        assert len(pauses_of(case)) == CasePause.objects.filter(case=case).count()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def case_of(town: Standing) -> dict[str, Case]:
    """A complaint and a suggestion that are being handled."""
    return {kind: signed(town, "2026-09-07", kind=kind) for kind in ("complaint", "suggestion")}
