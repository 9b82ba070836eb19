"""A new edition of the work calendar: what runs is counted again, once, and whoever has to know is told what moved and why."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core.events import events_of
from core.models import AuditRecord
from core.workdays import YearNotice, is_announced, one_calendar, replay
from internal_bridge.casework.models import CalendarRecount, Case, CaseClock
from internal_bridge.casework.presenters.timeline import plain_course
from internal_bridge.casework.services import recounting
from internal_bridge.policies.models import CalendarDay
from internal_bridge.policies.registry import recounted
from internal_bridge.policies.services import current_edition
from internal_bridge.policies.services.calendar import end_day, enter_year, set_day
from internal_bridge.workflow.models import WorkItem
from tests.casework.clocks import HANDLER, due, moment, signed, sweep, taken, told
from tests.casework.office import ASSISTING
from tests.casework.situations import Standing, standing

pytestmark = [pytest.mark.django_db, pytest.mark.db]

day = datetime.date.fromisoformat
FLOOD = {"day": day("2026-09-10"), "works": False, "reason": "暴雨红色预警，全市停工"}


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """An office whose keys are older than the days on which it is visited; its clocks stand by the edition of now."""
    with django_db_blocker.unblock(), moment("2026-09-01"), standing(tmp_path_factory.mktemp("office")) as made:
        CaseClock.objects.update(stopped_at=made.complaint.received_at)
        assert sweep("2026-09-01") == {}
        yield made


def change(town: Standing, on: str = "2026-09-09") -> int:
    """The city is flooded: one day is off. The edition that comes of it."""
    with moment(on):
        set_day(by=town.people["sysadmin"], version=current_edition(), **FLOOD)
        return current_edition()


def audited() -> list[dict[str, Any]]:
    return [record.params for record in AuditRecord.objects.filter(action="calendar.recounted").order_by("pk")]


def test_a_day_that_the_city_sets_moves_the_limits_that_run_and_leaves_an_explained_trail(town):
    case = taken(town, "2026-09-07", (HANDLER, "sign"), assisting=(ASSISTING,))
    later = signed(town, "2026-09-14")
    with moment("2026-09-08"):
        met = town.office.register(town.peer)
    before = audited()
    edition = change(town)
    assert (recounted(edition).done, recounted(edition).finished_at) == (0, None)

    assert sweep("2026-09-09")["recount_cases"] == recounted(edition).total
    assert "recount_cases" not in sweep("2026-09-09", "10:01:00")

    fresh = Case.objects.get(pk=case.pk)
    assert (due(case), fresh.due_on.isoformat(), fresh.version) == ("2026-09-15", "2026-09-15", case.version + 1)
    (event,) = [event for event in events_of(case.subject) if event.name == "recounted"]
    assert event.actor is None
    assert event.params["edition"] == edition
    assert {"stage": "answer", "old": "2026-09-14", "new": "2026-09-15"} in event.params["moved"]
    note = next(entry.note for entry in plain_course(case) if entry.name == "recounted")
    assert "2026-09-14" in note
    assert "2026-09-15" in note
    (data,) = told(case, "recounted")
    answer = next(row for row in data["deadlines"] if row["stage"] == "answer")
    assert (data["params"], answer["due"]) == ({"due": "2026-09-15"}, "2026-09-15")
    assert "day_overridden" in [step["code"] for step in answer["explanation"]]
    items = WorkItem.objects.open().filter(source=case.uid, kind="do", step="handle")
    assert [item.due_on.isoformat() for item in items] == ["2026-09-15"]
    # What did not move is told to nobody; what was met stays as it was.
    assert told(later, "recounted") == []
    assert Case.objects.get(pk=later.pk).version == later.version
    assert due(met) == "2026-09-16"
    assert not met.clocks.filter(stage="registration", dropped=True).exists()
    assert set(CaseClock.objects.filter(stopped_at=None).values_list("calendar_edition", flat=True)) == {edition}

    run = CalendarRecount.objects.get(edition=edition)
    assert audited() == [*before, {"cases": run.cases, "moved": 2, "overtaken": False}]
    progress = recounted(edition)
    assert (progress.done, progress.changed, progress.finished_at) == (progress.total, 2, run.finished_at)


def test_what_is_registered_after_the_change_is_counted_by_it_at_once(town):
    edition = change(town)
    sweep("2026-09-09")
    case = signed(town, "2026-09-09")
    assert (due(case), set(case.clocks.values_list("calendar_edition", flat=True))) == ("2026-09-17", {edition})
    assert "recount_cases" not in sweep("2026-09-09", "11:00:00")


def test_a_date_of_an_unannounced_year_is_provisional_until_the_notice_comes(town):
    year = next(year for year in range(2027, 2040) if not is_announced(year))
    new_year = datetime.date(year, 1, 1)
    days = [new_year + datetime.timedelta(days=number) for number in range(31)]
    saturday = next(each for each in days[7:] if each.weekday() == 5)
    start = saturday - datetime.timedelta(days=60)
    moves = signed(town, start.isoformat(), kind="suggestion")
    stays = signed(town, (start + datetime.timedelta(days=3)).isoformat(), kind="suggestion")
    monday = saturday + datetime.timedelta(days=2)
    assert (due(moves), due(stays)) == (monday.isoformat(), (monday + datetime.timedelta(days=1)).isoformat())
    clock = stays.clocks.get(stage="answer", stopped_at=None)
    assert (clock.provisional, moves.clocks.get(stage="answer", stopped_at=None).provisional) == (True, True)
    now = (start + datetime.timedelta(days=20)).isoformat()
    with moment(now):
        said = YearNotice(year, ((new_year, "new_year"),), ((saturday, "new_year"),))
        enter_year(by=town.people["sysadmin"], said=said, notice="国办发明电〔2026〕7号", version=current_edition())

    sweep(now)

    now_clock = moves.clocks.get(stage="answer", stopped_at=None)
    assert (now_clock.due_on, now_clock.provisional) == (saturday, False)
    assert now_clock.explanation[-1] == {"code": "calendar_announced", "params": {}}
    with one_calendar():
        assert replay(now_clock.explanation) == now_clock.due_on
    # A date that stays is no news, but it is certain now.
    same = stays.clocks.get(stage="answer", stopped_at=None)
    assert (same.pk, same.due_on, same.provisional) == (clock.pk, clock.due_on, False)
    assert told(stays, "recounted") == []
    assert len(told(moves, "recounted")) == 1


def test_many_cases_are_counted_again_in_batches_and_an_edition_that_is_overtaken_is_ended(town, monkeypatch):
    monkeypatch.setattr(recounting, "BATCH", 2)
    monkeypatch.setattr(recounting, "TOGETHER", 1)
    cases = [signed(town, "2026-09-07") for _number in range(3)]
    first = change(town)
    assert sweep("2026-09-09")["recount_cases"] == 2
    assert recounted(first).finished_at is None
    # It was a mistake.
    with moment("2026-09-09", "10:05:00"):
        row = CalendarDay.objects.get(day=FLOOD["day"], ended_at=None)
        end_day(by=town.people["sysadmin"], uid=row.uid, reason="误设", version=first)
        second = current_edition()
    while recounted(second).finished_at is None:
        assert sweep("2026-09-09", "10:06:00").get("recount_cases", 0) <= 2
    assert [due(case) for case in cases] == ["2026-09-14"] * 3
    assert [(run.edition, run.finished_at is not None) for run in CalendarRecount.objects.filter(edition__gte=first)] == [
        (first, True), (second, True)
    ]  # fmt: skip
    assert [params["overtaken"] for params in audited()[-2:]] == [True, False]


def test_the_calendar_says_how_far_the_limits_have_been_counted_again(town):
    taken(town, "2026-09-07", (HANDLER, "sign"))
    change(town)
    client = Client(headers={"accept-language": "zh-hans"})
    with moment("2026-09-09"):
        client.force_login(town.people["sysadmin"])
        assert "正在重新计算期限" in client.get("/calendar/").content.decode()
    sweep("2026-09-09")
    with moment("2026-09-09"):
        client.force_login(town.people["sysadmin"])
        assert "都已按本版计算，其中" in client.get("/calendar/").content.decode()
        client.force_login(town.people[HANDLER])
        assert "已按本版计算" not in client.get("/calendar/").content.decode()
