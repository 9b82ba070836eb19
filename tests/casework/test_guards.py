"""When an action is refused although the state allows it: each reason, with the moment at which it turns."""

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.workdays import BEIJING
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import InvalidFields, Refused, StaleVersion
from tests.casework.expected import FIELDS
from tests.casework.office import ASSISTING, LEAD
from tests.casework.situations import Standing, standing

pytestmark = pytest.mark.django_db

HANDLER, HEAD = f"handler.{LEAD}", f"head.{LEAD}"
# National Day of 2026 is off from 1 to 7 October; 8 October is a Thursday, and Saturday the 10th makes up for a day off.
BEFORE_HOLIDAY = "2026-09-30"


@contextlib.contextmanager
def day(date: str, time: str = "10:00:00") -> Iterator[None]:
    """It is then, in Beijing."""
    with time_machine.travel(datetime.datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=BEIJING), tick=False):
        yield


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An office whose keys are older than the days on which it is visited."""
    with django_db_blocker.unblock(), day("2026-09-01"), standing(tmp_path_factory.mktemp("office")) as made:
        yield made


def refusal(town: Standing, who: str, action: str, case: Case, **fields: object) -> str:
    """Why it is refused, or nothing when it is done."""
    try:
        town.do(who, action, case, **fields)
    except Refused as refused:
        # Its words take what comes with it.
        return refused.code if str(WORDS[refused.code]) % refused.params else "no words"
    return ""


def registered(town: Standing, on: str = BEFORE_HOLIDAY, **letter: object) -> Case:
    with day(on, "09:00:00"):
        return town.office.register(town.peer, **letter)


def dispatched(town: Standing, on: str = BEFORE_HOLIDAY, **letter: object) -> Case:
    case = registered(town, on, **letter)
    with day(on):
        case = town.do("dispatcher", "accept", case)
        return town.do("dispatcher", "dispatch", case, lead_unit=LEAD, assisting_units=[ASSISTING])


def in_progress(town: Standing, on: str = BEFORE_HOLIDAY, **letter: object) -> Case:
    case = dispatched(town, on, **letter)
    with day(on):
        return town.do(HANDLER, "sign", case)


def checking(town: Standing, **letter: object) -> Case:
    case = in_progress(town, **letter)
    with day(BEFORE_HOLIDAY):
        case = town.do(HANDLER, "draft_reply", case)
        return town.do(HEAD, "approve", case)


def test_every_reason_is_tried_here():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in WORDS if f'"{code}"' not in source] == []


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (("2026-09-30", "23:59:59"), ""),
        (("2026-10-05", "12:00:00"), ""),
        (("2026-10-08", "23:59:59"), ""),
        (("2026-10-09", "00:00:00"), "recall_too_late"),
    ],
)
def test_a_dispatch_by_rule_is_recalled_within_one_working_day_over_a_holiday_too(town, at, said):
    case = registered(town, kind="consultation", unit_code=LEAD)
    assert case.state == "dispatched"
    with day(*at):
        assert refusal(town, "dispatcher", "recall", case) == said


def test_what_a_person_has_dispatched_is_not_recalled_even_if_a_rule_had_it_before(town):
    assert refusal(town, "dispatcher", "recall", dispatched(town)) == "not_auto_dispatched"
    case = registered(town, kind="consultation", unit_code=LEAD)
    with day(BEFORE_HOLIDAY):
        case = town.do(HANDLER, "return", case)
        case = town.do("dispatcher", "agree_return", case)
        case = town.do("dispatcher", "dispatch", case, lead_unit=LEAD)
        assert refusal(town, "dispatcher", "recall", case) == "not_auto_dispatched"


# Service line: 2 working days; petition law: 5 (2022 §23(3)).
@pytest.mark.parametrize(
    ("kind", "last", "after"), [("complaint", "2026-10-09", "2026-10-10"), ("suggestion", "2026-10-13", "2026-10-14")]
)
@pytest.mark.parametrize("who", [HANDLER, f"head.{ASSISTING}"])
def test_a_unit_gives_it_back_until_the_limits_last_minute(town, kind, last, after, who):
    case = dispatched(town, kind=kind)
    with day(after, "00:00:00"):
        assert refusal(town, who, "return", case) == "return_too_late"
    with day(last, "23:59:59"):
        assert refusal(town, who, "return", case) == ""


# Complaint of 7 September 2026: due on Monday the 14th.
@pytest.mark.parametrize(("at", "said"), [(("2026-09-14", "23:59:59"), ""), (("2026-09-15", "00:00:00"), "limit_passed")])
@pytest.mark.parametrize("action", ["request_extension", "pause"])
def test_what_has_ended_is_neither_extended_nor_paused(town, action, at, said):
    with day("2026-09-07"):
        case = town.office.register(town.peer)
        for who, what in (("dispatcher", "accept"), ("dispatcher", "dispatch"), (HANDLER, "sign")):
            case = town.do(who, what, case, **({"complexity": "simple"} if what == "accept" else {}))
    with day(*at):
        assert refusal(town, HANDLER, action, case) == said


def test_a_case_that_is_dispatched_anew_may_be_given_back_anew(town):
    case = dispatched(town)
    with day("2026-10-09"):
        case = town.do("dispatcher", "agree_return", town.do(HANDLER, "return", case))
    with day("2026-10-12"):
        case = town.do("dispatcher", "dispatch", case, lead_unit=LEAD)
    with day("2026-10-14"):
        assert refusal(town, HANDLER, "return", case) == ""


def test_a_limit_is_extended_once_and_one_wish_waits_at_a_time(town):
    case = in_progress(town)
    with day("2026-10-08"):
        assert refusal(town, HEAD, "grant_extension", case) == "no_extension_pending"
        case = town.do(HANDLER, "request_extension", case, days=3, reason="需要检测")
        assert refusal(town, HANDLER, "request_extension", case) == "extension_pending"
        case = town.do(HEAD, "refuse_extension", case)
        case = town.do(HANDLER, "request_extension", case, days=3, reason="需要检测")
        case = town.do(HEAD, "grant_extension", case)
        assert refusal(town, HANDLER, "request_extension", case) == "extended_already"


@pytest.mark.parametrize(("kind", "most"), [("complaint", 10), ("report", 30)])
def test_an_extension_stays_within_the_rule(town, kind, most):
    case = in_progress(town, kind=kind)
    with day("2026-10-08"):
        with pytest.raises(InvalidFields) as refused:
            town.do(HANDLER, "request_extension", case, days=most + 1, reason="需要检测")
        assert list(refused.value.errors) == ["days"]
        assert refusal(town, HANDLER, "request_extension", case, days=most, reason="需要检测") == ""


def test_a_rule_that_allows_no_extension_grants_none(town, monkeypatch):
    case = in_progress(town)
    monkeypatch.setattr("internal_bridge.casework.life.handling.rule_of", lambda *_: None)
    with day("2026-10-08"):
        assert refusal(town, HANDLER, "request_extension", case) == "no_extension_allowed"


def test_an_extension_that_nobody_has_decided_on_does_not_pass_to_the_next_unit(town):
    case = in_progress(town)
    with day("2026-10-08"):
        case = town.do(HANDLER, "request_extension", case, days=3, reason="需要检测")
        case = town.do("dispatcher", "agree_return", town.do(HANDLER, "return", case))
        case = town.do("dispatcher", "dispatch", case, lead_unit="jyj")
        case = town.do("handler.jyj", "sign", case)
        assert refusal(town, "head.jyj", "grant_extension", case) == "no_extension_pending"
        assert refusal(town, "handler.jyj", "request_extension", case) == ""


def test_a_pause_is_not_paused_and_ends_before_the_case_goes_on(town):
    case = in_progress(town)
    with day("2026-10-08"):
        assert refusal(town, HANDLER, "resume", case) == "not_paused"
        case = town.do(HANDLER, "pause", case)
        for action, said in (("pause", "paused"), ("return", "resume_first"), ("draft_reply", "resume_first")):
            assert refusal(town, HANDLER, action, case) == said
        # The assisting unit's part does not wait for the lead's clock.
        case = town.do(f"handler.{ASSISTING}", "return", case)
        assert refusal(town, HANDLER, "resume", case) == ""
        assert refusal(town, HANDLER, "draft_reply", case) == ""


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ({"allow_publication": False}, "publication_not_allowed"),
        ({"kind": "report", "allow_publication": True}, "report_never_published"),
        ({"kind": "report", "allow_publication": False}, "report_never_published"),
        ({"allow_publication": True}, ""),
    ],
)
def test_a_reply_is_published_only_with_consent_and_that_to_a_report_never(town, letter, said):
    case = checking(town, **letter)
    with day("2026-10-08"):
        assert refusal(town, "dispatcher", "publish", case) == said
        if said:
            case = town.do("dispatcher", "answer_privately", case)
            assert refusal(town, "dispatcher", "withdraw_publication", case) == "not_published"


def test_a_published_reply_is_withdrawn_once_and_then_not_corrected(town):
    case = checking(town)
    with day("2026-10-08"):
        case = town.do("dispatcher", "publish", case)
        case = town.do("dispatcher", "withdraw_publication", case)
        for action in ("withdraw_publication", "revise_publication"):
            assert refusal(town, "dispatcher", action, case) == "not_published"


def test_no_answer_without_a_draft_of_this_round(town):
    case = checking(town)
    with day("2026-10-08"):
        case = town.do("dispatcher", "rehandle", town.do("dispatcher", "publish", case))
        # No way leads here; the guard stands for a mistake in the table.
        Case.objects.filter(pk=case.pk).update(state="checking")
        assert refusal(town, "dispatcher", "answer_privately", case) == "no_draft"


def test_an_opinion_comes_after_signing_and_once(town):
    case, assistant = dispatched(town), f"handler.{ASSISTING}"
    with day("2026-10-08"):
        assert refusal(town, assistant, "give_opinion", case) == "sign_first"
        case = town.do(assistant, "give_opinion", town.do(assistant, "sign", case))
        assert refusal(town, assistant, "give_opinion", case) == "opinion_given"


def test_a_withdrawal_is_decided_on_once_it_is_asked_for(town):
    case = in_progress(town)
    with day("2026-10-08"):
        for action in ("agree_withdrawal", "decline_withdrawal"):
            assert refusal(town, "dispatcher", action, case) == "no_withdrawal_asked"
        town.ask_to_withdraw(case)
        case = town.do("dispatcher", "decline_withdrawal", case)
        assert refusal(town, "dispatcher", "agree_withdrawal", case) == "no_withdrawal_asked"


def test_a_request_is_answered_once_it_is_there(town):
    case = in_progress(town)
    with day("2026-10-08"):
        case = town.do(HANDLER, "draft_reply", case, **FIELDS["draft_reply"])
        case = town.do(HEAD, "approve", case, **FIELDS["approve"])
        case = town.do("dispatcher", "answer_privately", case)
        assert refusal(town, "dispatcher", "answer_request", case) == "no_request"
        Case.objects.filter(pk=case.pk).update(review_asked_at=timezone.now())
        assert refusal(town, "dispatcher", "answer_request", case) == ""


def test_a_unit_that_has_the_case_is_not_kept_out(town):
    # ``unit_has_it`` turns with the return: tried with the exclusions.
    assert "unit_has_it" in WORDS


@pytest.mark.parametrize("unit", [LEAD, ASSISTING, "jyj", "nowhere"])
def test_one_acts_for_no_unit_but_ones_own(town, unit):
    """Given another's unit, or none there is, nothing happens: neither for it nor for the own one."""
    case = dispatched(town)
    with day("2026-10-08"):
        if unit == LEAD:
            assert town.do(HANDLER, "sign", case, unit=unit).state == "in_progress"
            return
        with pytest.raises(InvalidFields) as refused:
            town.do(HANDLER, "sign", case, unit=unit)
        assert list(refused.value.errors) == ["unit"]


def test_a_stale_version_is_refused_before_any_reason(town):
    case = in_progress(town)
    with day("2026-10-08"), pytest.raises(StaleVersion):
        town.office.do(HANDLER, "resume", case, version=case.version - 1, **FIELDS.get("resume", {}))
