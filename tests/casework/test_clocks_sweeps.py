"""What the clock does by itself: reminders, urgings, follow-ups, the end of pauses, of rights and of cases.

September 2026: the 7th is a Monday, Sunday the 20th makes up for a holiday, Friday the 25th is the Mid-Autumn Festival.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from internal_bridge.casework.clockwork import endings
from internal_bridge.casework.clockwork import notices as issuing
from internal_bridge.casework.models import Case, CaseClock, ClockNotice
from internal_bridge.workflow.models import WorkItem
from tests.casework.clocks import HANDLER, HEAD, due, happened, moment, notices, signed, sweep, taken, to_read, told
from tests.casework.office import ASSISTING, LEAD
from tests.casework.situations import Standing, standing
from tests.proofs import proves

pytestmark = [pytest.mark.django_db, pytest.mark.db]

ANSWERED = ((HANDLER, "sign"), (HANDLER, "draft_reply"), (HEAD, "approve"), ("dispatcher", "answer_privately"))


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An office whose keys are older than the days on which it is visited."""
    with django_db_blocker.unblock(), moment("2026-09-01"), standing(tmp_path_factory.mktemp("office")) as made:
        # The two cases that stand there are no business of these tests.
        CaseClock.objects.update(stopped_at=made.complaint.received_at)
        yield made


@proves("hotline", "answer", "sign")
def test_handler_and_head_are_reminded_one_working_day_before_and_urged_the_day_after_once_and_in_office_hours(town):
    case = signed(town, "2026-09-07")
    assert due(case) == "2026-09-14"

    assert "issue_notices" not in sweep("2026-09-10", "17:59:59") | sweep("2026-09-11", "07:59:59")
    assert sweep("2026-09-11", "08:00:00")["issue_notices"] == 1
    assert to_read(case) == {("limit_near", "handler", LEAD), ("limit_near", "head", LEAD)}
    for day, hour in (("2026-09-11", "08:01:00"), ("2026-09-12", "10:00:00"), ("2026-09-14", "17:00:00")):
        assert sweep(day, hour) == {}
    assert sweep("2026-09-15", "07:59:59") == {}
    assert sweep("2026-09-15", "08:00:00") == {"issue_notices": 1}
    assert sweep("2026-09-16") == {}

    assert notices(case) == [("answer", "reminder", "2026-09-11"), ("answer", "urging", "2026-09-15")]
    assert {(step, role) for step, role, _unit in to_read(case)} >= {("limit_passed", "handler"), ("limit_passed", "head")}
    assert happened(case, "limit_near", "limit_passed") == ["limit_near", "limit_passed"]
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_make_up_sunday_is_a_day_for_notices_and_a_holiday_is_none(town):
    case = signed(town, "2026-09-14")
    assert due(case) == "2026-09-20"
    assert sweep("2026-09-18")["issue_notices"] == 1
    late = signed(town, "2026-09-17")
    assert due(late) == "2026-09-23"
    with moment("2026-09-17"):
        other = town.office.register(town.peer, kind="consultation")

    # Friday the 25th and the weekend are off: what was due then is said on Monday.
    assert "issue_notices" not in sweep("2026-09-25") | sweep("2026-09-27")
    assert sweep("2026-09-28")["issue_notices"] >= 3
    assert ("answer", "urging", "2026-09-21") in notices(case)
    assert notices(late) == [("answer", "urging", "2026-09-24")]
    assert {stage for stage, _kind, _day in notices(other)} == {"dispatch", "answer"}


def test_after_an_outage_everything_is_said_once_in_order_with_its_day_and_what_is_overtaken_is_not(town):
    cases = [taken(town, "2026-09-08", assisting=(ASSISTING,)), taken(town, "2026-09-07")]
    with moment("2026-09-08"):
        waiting = town.office.register(town.peer)
        suggestion = town.office.register(town.peer, kind="suggestion")

    found = sweep("2026-09-24")

    assert notices(cases[0]) == [
        ("sign", "urging", "2026-09-10"),
        ("sign", "urging", "2026-09-10"),
        ("assist", "urging", "2026-09-11"),
        ("answer", "urging", "2026-09-16"),
    ]
    assert notices(waiting) == [("dispatch", "urging", "2026-09-10"), ("answer", "urging", "2026-09-16")]
    assert notices(suggestion) == [("dispatch", "urging", "2026-09-24")]
    rows = list(ClockNotice.objects.filter(clock__case__in=cases, clock__stage="answer").order_by("pk"))
    assert [row.clock.case_id for row in rows] == [cases[1].pk, cases[0].pk]
    assert {row.issued_at.isoformat() for row in rows} == {"2026-09-24T02:00:00+00:00"}
    assert to_read(cases[0]) == {
        ("sign_late", "head", LEAD), ("sign_late", "head", ASSISTING),
        ("opinion_late", "handler", ASSISTING), ("opinion_late", "head", ASSISTING),
        ("limit_passed", "handler", LEAD), ("limit_passed", "head", LEAD),
    }  # fmt: skip
    assert to_read(waiting) == {("dispatch_late", "dispatcher", "yls"), ("limit_passed", "dispatcher", "yls")}
    assert found["issue_notices"] == 9
    assert sweep("2026-09-24", "10:01:00") == {}


def test_of_a_case_about_the_dispatchers_own_office_its_deputies_are_told(town):
    with moment("2026-09-07"):
        case = town.office.register(town.peer, about_unit_code="xfj")
    sweep("2026-09-09")
    assert to_read(case) == {("dispatch_late", "dispatcher", "xfj")}
    box = WorkItem.objects.box(town.people["dispatcher.zfb"], "toread")
    assert box.filter(source=case.uid).exists()
    assert not WorkItem.objects.box(town.people["dispatcher"], "toread").filter(source=case.uid).exists()


def test_what_the_clock_has_laid_before_people_goes_with_its_cause(town):
    case = taken(town, "2026-09-07", assisting=(ASSISTING,))
    sweep("2026-09-10")
    assert ("sign_late", "head", LEAD) in to_read(case)
    with moment("2026-09-10", "11:00:00"):
        town.do(HANDLER, "sign", case)
    assert to_read(case) == {
        ("sign_late", "head", ASSISTING), ("opinion_late", "handler", ASSISTING), ("opinion_late", "head", ASSISTING)
    }  # fmt: skip
    sweep("2026-09-11")
    with moment("2026-09-11", "11:00:00"):
        case = town.do(HANDLER, "request_extension", case, days=3, reason="需要检测")
        case = town.do(HEAD, "grant_extension", case)
    assert not {step for step, _role, _unit in to_read(case)} & {"limit_near", "limit_passed"}

    # The limit that there is now has a reminder of its own, and no urging before its end.
    assert due(case) == "2026-09-17"
    assert "issue_notices" not in sweep("2026-09-15")
    sweep("2026-09-16")
    assert notices(case)[-1] == ("answer", "reminder", "2026-09-16")
    with moment("2026-09-16", "11:00:00"):
        for who, action in ANSWERED[1:]:
            case = town.do(who, action, case)
    assert to_read(case) == set()


def test_while_a_case_is_paused_nobody_is_reminded_or_urged(town):
    case = signed(town, "2026-09-07")
    sweep("2026-09-11")
    with moment("2026-09-11", "11:00:00"):
        case = town.do(HANDLER, "pause", case)
    assert to_read(case) == set()
    assert {item.due_on for item in WorkItem.objects.open().filter(source=case.uid, kind="do")} == {None}
    for day in ("2026-09-15", "2026-09-22", "2026-10-20"):
        sweep(day)
    assert notices(case) == [("answer", "reminder", "2026-09-11")]


@proves("hotline", "follow_up", "closing")
def test_the_day_after_the_answer_the_dispatcher_is_to_call_and_after_fifteen_days_the_clock_closes(town):
    case = taken(town, "2026-09-07", *ANSWERED)
    assert (due(case, "follow_up"), due(case, "closing")) == ("2026-09-08", "2026-09-22")

    sweep("2026-09-08")
    assert to_read(case) == {("follow_up", "dispatcher", "yls")}
    assert sweep("2026-09-22", "23:59:59") == {}
    # Not bound to office hours.
    assert sweep("2026-09-23", "00:00:00") == {"close_cases": 1}
    assert sweep("2026-09-23", "00:01:00") == {}

    case = Case.objects.get(pk=case.pk)
    assert (case.state, to_read(case)) == ("closed", set())
    assert notices(case) == [("follow_up", "follow_up", "2026-09-08")]
    assert happened(case, "closed") == ["closed"]
    assert [data["params"] for data in told(case, "closed")] == [{"answer": 1}]
    assert not case.clocks.filter(stopped_at=None).exists()


def test_what_a_dispatcher_has_handled_again_is_not_closed_by_the_clock(town):
    case = taken(town, "2026-09-07", *ANSWERED)
    with moment("2026-09-22"):
        case = town.do("dispatcher", "rehandle", case)
    assert "close_cases" not in sweep("2026-10-09")
    assert Case.objects.get(pk=case.pk).state == "in_progress"


def test_a_case_that_cannot_be_closed_does_not_keep_the_others_open(town, monkeypatch):
    cases = [taken(town, "2026-09-07", *ANSWERED), taken(town, "2026-09-08", *ANSWERED)]
    inner = endings.perform_automatically

    def stumble(case: Case, *given: Any, **named: Any) -> None:
        if case.pk == cases[0].pk:
            raise RuntimeError("a broken row")
        inner(case, *given, **named)

    monkeypatch.setattr(endings, "perform_automatically", stumble)
    assert sweep("2026-09-28")["close_cases"] == 1
    monkeypatch.undo()
    assert sweep("2026-09-28")["close_cases"] == 1
    assert {case.state for case in Case.objects.filter(pk__in=[case.pk for case in cases])} == {"closed"}


def test_a_right_that_nobody_used_is_no_broken_limit(town):
    case = taken(town, "2026-09-07")
    sweep("2026-09-10")
    clock = case.clocks.get(stage="return")
    assert clock.stopped_at is not None
    assert clock.dropped


def test_a_batch_takes_as_many_statements_for_many_cases_as_for_few(town):
    def statements(many: int) -> int:
        with transaction.atomic():
            for _count in range(many):
                with moment("2026-09-07"):
                    town.office.register(town.peer)
            with moment("2026-09-15"), CaptureQueriesContext(connection) as queries:
                assert issuing.issue_notices() >= 2 * many
            transaction.set_rollback(True)
        return len(queries)

    assert statements(6) <= statements(2)
