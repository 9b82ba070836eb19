"""The city's calendar: what is changed in it counts everywhere from the next request on, is kept, and is told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.models import AuditRecord
from core.workdays import (
    YearNotice,
    add_working_days,
    announced_years,
    days_from,
    is_announced,
    is_working_day,
    one_calendar,
)
from internal_bridge.policies.models import AnnouncedYear, CalendarDay, CalendarEdition
from internal_bridge.policies.services import calendar as services
from internal_bridge.policies.services import current_edition
from internal_bridge.policies.services.calendar import StaleVersion, end_day, end_year, enter_year, set_day
from internal_bridge.policies.tasks import notice_announced_years
from tests.org.town import make_administrator, make_person, make_post, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.db]

day = datetime.date.fromisoformat


@pytest.fixture
def city():
    return make_unit("yls", "云岭市")


@pytest.fixture
def sysadmin(city):
    return make_administrator(city)


FLOOD = {"day": day("2026-11-30"), "works": False, "reason": "暴雨红色预警，全市停工"}
NEXT_YEAR = announced_years()[-1] + 1
FIRST_SATURDAY = next(
    day for day in days_from(datetime.date(NEXT_YEAR, 1, 2), datetime.date(NEXT_YEAR, 1, 8)) if day.weekday() == 5
)
NEXT = YearNotice(NEXT_YEAR, ((datetime.date(NEXT_YEAR, 1, 1), "new_year"),), ((FIRST_SATURDAY, "new_year"),))
NOTICE = "国办发明电〔2026〕7号"


def test_the_calendar_begins_as_it_is_announced():
    assert (current_edition(), CalendarEdition.objects.get().change) == (1, "begun")
    assert is_working_day(day("2026-10-10"))


def test_a_day_that_is_set_counts_and_stops_counting_when_it_is_taken_back(sysadmin):
    row = set_day(by=sysadmin, version=1, **FLOOD)

    assert (current_edition(), is_working_day(FLOOD["day"])) == (2, False)
    counted = add_working_days(day("2026-11-27"), 1)
    assert (counted.due, counted.steps[2].code) == (day("2026-12-01"), "day_overridden")

    end_day(by=sysadmin, uid=row.uid, reason="预警解除", version=2)

    assert (current_edition(), is_working_day(FLOOD["day"])) == (3, True)
    row.refresh_from_db()
    assert (row.ended_by, row.end_reason) == (sysadmin, "预警解除")
    changes = [(edition.number, edition.change, edition.about, edition.made_by) for edition in CalendarEdition.objects.all()]
    assert changes == [(3, "day_ended", "2026-11-30", sysadmin), (2, "day_set", "2026-11-30", sysadmin), (1, "begun", "", None)]
    # What an edition was, it stays.
    assert not CalendarEdition.objects.get(number=2).calendar().is_working_day(FLOOD["day"])
    told = AuditRecord.objects.filter(action__startswith="calendar.").order_by("id").values_list("action", "subject", "actor")
    subject = "calendar-day:2026-11-30"
    assert list(told) == [("calendar.day_set", subject, sysadmin.pk), ("calendar.day_ended", subject, sysadmin.pk)]


def test_a_year_entered_by_hand_is_announced_until_it_is_taken_back(sysadmin):
    assert add_working_days(datetime.date(NEXT_YEAR - 1, 12, 31), 1).provisional

    row = enter_year(by=sysadmin, said=NEXT, notice=NOTICE, version=1)

    assert is_announced(NEXT_YEAR)
    assert not add_working_days(datetime.date(NEXT_YEAR - 1, 12, 31), 1).provisional
    assert is_working_day(NEXT.make_up_days[0][0])
    end_year(by=sysadmin, uid=row.uid, reason="年份错误", version=2)
    assert not is_announced(NEXT_YEAR)
    assert AnnouncedYear.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"reason": " "}, "reason", id="no reason"),
        pytest.param({"day": day("2026-11-28")}, "works", id="a Saturday is a day off anyway"),
        pytest.param({"works": True}, "works", id="a Monday is a working day anyway"),
        pytest.param({"day": day("2019-11-29")}, "day", id="long ago"),
        pytest.param({"day": day("2099-11-30")}, "day", id="far ahead"),
    ],
)
def test_what_changes_nothing_or_has_no_reason_is_refused(sysadmin, change, field):
    with pytest.raises(ValidationError) as refused:
        set_day(by=sysadmin, version=1, **FLOOD | change)

    assert list(refused.value.error_dict) == [field]
    assert current_edition() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param(YearNotice(2027, ((day("2026-12-31"), "new_year"),), ()), "text", id="another year"),
        pytest.param(YearNotice(2027, ((day("2027-01-01"), "new_year"),) * 2, ()), "text", id="twice off"),
        pytest.param(
            YearNotice(2027, ((day("2027-01-02"), "new_year"),), ((day("2027-01-02"), "new_year"),)),
            "text",
            id="off and at work",
        ),
        pytest.param(YearNotice(2027, (), ()), "text", id="nothing"),
        pytest.param(YearNotice(2099, ((day("2099-01-01"), "new_year"),), ()), "year", id="far ahead"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(sysadmin, said, field):
    with pytest.raises(ValidationError) as refused:
        enter_year(by=sysadmin, said=said, notice=NOTICE, version=1)

    assert list(refused.value.error_dict) == [field]


def test_only_the_system_administrator_changes_it_and_only_what_was_looked_at(sysadmin, city):
    handler = make_person("赵敏", make_post(city), login="zhaomin").user
    with pytest.raises(PermissionDenied):
        set_day(by=handler, version=1, **FLOOD)
    row = set_day(by=sysadmin, version=1, **FLOOD)
    for change in (
        lambda: set_day(by=sysadmin, version=1, **FLOOD | {"day": day("2026-12-01")}),
        lambda: end_day(by=sysadmin, uid=row.uid, reason="解除", version=1),
        lambda: enter_year(by=sysadmin, said=NEXT, notice=NOTICE, version=1),
    ):
        with pytest.raises(StaleVersion) as stale:
            change()
        assert stale.value.version == 2
    with pytest.raises(ValidationError):
        set_day(by=sysadmin, version=2, **FLOOD | {"works": True})


def test_a_request_counts_by_one_calendar_and_the_next_one_by_the_new(sysadmin, django_assert_num_queries):
    with one_calendar():
        with django_assert_num_queries(1):
            assert is_working_day(FLOOD["day"])
            assert current_edition() == 1
        # Another process changes it.
        CalendarEdition.objects.create(
            number=2, change="day_set", made_at=datetime.datetime.now(datetime.UTC), announced="",
            additions={"days": {"2026-11-30": False}, "years": []},
        )  # fmt: skip
        assert is_working_day(FLOOD["day"])
    with one_calendar():
        assert not is_working_day(FLOOD["day"])
        # Who changes it oneself counts by it at once.
        row = CalendarDay.objects.create(
            day=FLOOD["day"], works=False, made_by=sysadmin, made_at=datetime.datetime.now(datetime.UTC)
        )
        end_day(by=sysadmin, uid=row.uid, reason="解除", version=2)
        assert is_working_day(FLOOD["day"])


def test_an_update_of_the_package_is_noticed_once(monkeypatch):
    assert not notice_announced_years()
    monkeypatch.setattr(services, "announced_fingerprint", lambda: "f" * 64)

    assert [notice_announced_years(), notice_announced_years()] == [True, False]
    assert (current_edition(), CalendarEdition.objects.first().change) == (2, "announced")
    assert AuditRecord.objects.get(action="calendar.announced").actor is None
