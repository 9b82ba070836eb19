"""The figures that the office tells the public: of what happened on a day, by plain queries, told once until they change."""

import datetime
import json

import pytest
import time_machine
from django.utils import timezone

from core.workdays import BEIJING, local_date
from internal_bridge.casework.figures import figures_of
from internal_bridge.casework.models import ToldDay
from internal_bridge.casework.services import take_rating
from internal_bridge.casework.tasks import tell_figures
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.exchange.validation import validate_data
from tests.casework.office import LEAD, OTHER, REPLY

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]


def told():
    rows = OutgoingMessage.objects.filter(stream__name="stats").order_by("seq")
    return [json.loads(bytes(row.payload))["data"] for row in rows]


def of_unit(figures, code):
    return next((row for row in figures["units"] if row["unit"]["code"] == code), None)


def rate(case, score):
    content = {"score": score, "comment": ""}
    take_rating(uid=str(case.uid), at=timezone.now(), answer=case.replies.count(), by="code", content=content)


@pytest.mark.db
def test_what_happened_on_a_day_is_counted_once_and_by_the_unit_that_did_it(peer, town, django_assert_num_queries):
    first = town.bring(town.register(peer), "answered")
    town.bring(town.register(peer, kind="help"), "in_progress")
    town.bring(town.register(peer), "registered")
    back = town.bring(town.register(peer), "accepted")
    town.do("dispatcher", "dispatch", back, lead_unit=OTHER)
    town.do(f"handler.{OTHER}", "return", back, reason="不属我局职责")
    town.do("dispatcher", "agree_return", back)
    rate(first, 2)

    today = local_date(timezone.now())
    with django_assert_num_queries(8):
        figures = figures_of(today)
    kinds = {row["kind"]: (row["received"], row["answered"]) for row in figures["kinds"]}
    assert (kinds["complaint"], kinds["help"], kinds["report"]) == ((3, 1), (1, 0), (0, 0))
    # The returned case counts for nobody.
    assert of_unit(figures, OTHER) is None
    assert of_unit(figures, LEAD) | {"unit": ""} == {
        "unit": "", "received": 2, "answered": 1, "on_time": 1, "rehandled": 0, "rated": 1, "satisfied": 0,
        "days": [{"days": 0, "n": 1}],
    }  # fmt: skip

    case = town.do("dispatcher", "rehandle", first, reason="来信人不满意")
    for who, action, fields in (
        (f"handler.{LEAD}", "draft_reply", {"text": REPLY, "public_text": ""}),
        (f"head.{LEAD}", "approve", {"opinion": "同意。"}),
        ("dispatcher", "answer_privately", {}),
    ):
        case = town.do(who, action, case, **fields)
    rate(case, 5)
    row = of_unit(figures_of(today), LEAD)
    assert (row["answered"], row["rehandled"], row["rated"], row["satisfied"]) == (2, 1, 2, 1)


def test_an_answer_after_its_limit_is_late_and_its_days_are_working_days(peer, town):
    now = timezone.now()
    case = town.bring(town.register(peer), "checking")
    due = case.clocks.get(stage="answer", dropped=False).due_on
    late = datetime.datetime.combine(due + datetime.timedelta(days=1), datetime.time(10), BEIJING)
    with time_machine.travel(late, tick=False):
        town.do("dispatcher", "answer_privately", case)
        row = of_unit(figures_of(local_date(late)), LEAD)
    assert (row["answered"], row["on_time"]) == (1, 0)
    (days,) = row["days"]
    assert 0 < days["days"] <= (local_date(late) - local_date(now)).days
    assert figures_of(local_date(late) + datetime.timedelta(days=1))["units"] == []


@pytest.mark.db
def test_days_are_told_as_the_bridge_takes_them_and_again_only_when_they_are_others(peer, town):
    case = town.bring(town.register(peer), "answered")
    assert (tell_figures(), tell_figures()) == (1, 0)
    rate(case, 4)
    assert tell_figures() == 1

    messages = told()
    assert len(messages) == 2
    for data in messages:
        validate_data("statistics.daily", 1, data)
    assert of_unit(messages[1], LEAD)["satisfied"] == 1
    assert ToldDay.objects.count() == 1


def test_days_on_which_nobody_told_anything_are_told_later_the_latest_first(peer, town):
    town.register(peer)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=20), tick=False):
        assert tell_figures() == 21
        assert tell_figures() == 0
    dates = [data["date"] for data in told()]
    assert dates == sorted(dates, reverse=True)


def test_an_office_without_a_case_tells_nothing(peer):
    assert tell_figures() == 0
