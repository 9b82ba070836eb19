"""The page of the work calendar: read by everybody, written by the system administrator, and notices read as they stand."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core.idempotency import new_key
from core.workdays import ANNOUNCED, WorkCalendar, days_from
from internal_bridge.policies.announcements import read_notice
from internal_bridge.policies.models import AnnouncedYear, CalendarDay
from internal_bridge.policies.services import current_edition
from internal_bridge.policies.services.calendar import enter_year, set_day
from tests.org.town import make_administrator, make_person, make_post, make_unit

day = datetime.date.fromisoformat
NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""
NOTICE_2025 = """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""
NEXT = """元旦：2027-01-01至2027-01-03放假，共3天
春节：2月5日（周五）至11日（周四）放假调休，共7天。
1月31日（周日）、2月13日（周六）上班。"""


@pytest.mark.parametrize(("text", "year"), [(NOTICE_2026, 2026), (NOTICE_2025, 2025)])
def test_a_notice_is_read_as_the_state_council_wrote_it(text, year):
    entered = WorkCalendar.with_additions({}, [read_notice(text, year)])

    days = days_from(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    assert [each for each in days if entered.is_working_day(each) != ANNOUNCED.is_working_day(each)] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("元旦：1月1日（周四）放假", "2027-01-01", id="2027 begins on a Friday"),
        pytest.param("元旦：1月1日至3日放假，共4天", "共4天", id="counts do not agree"),
        pytest.param("元旦：1月3日至1日放假", "1月3日至1日", id="ends before it begins"),
        pytest.param("元旦：2月30日放假", "2-30", id="no such day"),
        pytest.param("1月1日放假", "1月1日放假", id="no holiday"),
    ],
)
def test_a_notice_that_contradicts_itself_is_not_read(text, problem):
    with pytest.raises(ValidationError) as refused:
        read_notice(text, 2027)

    [message] = refused.value.messages
    assert problem in message


@pytest.fixture
def city(db):
    return make_unit("yls", "云岭市")


@pytest.fixture
def sysadmin(city):
    return make_administrator(city)


@pytest.fixture
def client(sysadmin):
    return logged_in(sysadmin)


@pytest.fixture
def reader(city):
    return logged_in(make_person("赵敏", make_post(city), login="zhaomin").user)


def logged_in(user):
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(user)
    return client


def page(client, year=2026):
    return client.get(reverse("workcalendar:year"), {"year": year}).content.decode()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def cell(html, date):
    """The cell of a day: its class and what a screen reader says of it."""
    look, inside = re.search(rf'<td class="zq-day zq-day--(\w+)"[^>]*>(<time datetime="{date}".*?)</td>', html, re.S).groups()
    return look, words(re.sub(r"<b aria-hidden.*?</b>", "", inside)).strip()


def send(client, name, args=(), **fields):
    return client.post(reverse(f"workcalendar:{name}", args=args), {"idempotency_key": new_key(), "version": 1, **fields})


def test_everybody_reads_what_each_day_is_in_words_and_in_shapes(reader):
    html = page(reader)

    assert cell(html, "2026-10-01") == ("holiday", "1 国庆节、休息日")
    assert cell(html, "2026-10-10") == ("make_up", "10 国庆节、调休上班")
    assert cell(html, "2026-11-28") == ("weekend", "28")
    assert cell(html, "2026-11-30") == ("working", "30")
    assert html.count("<caption>") == 12
    assert "2026-02-15至2026-02-23，共9天" in words(html)
    assert reverse("workcalendar:set_day") not in html
    assert "暂定" not in html
    assert "暂定" in page(reader, 2028)
    for name in ("set_day", "enter_year"):
        assert reader.get(reverse(f"workcalendar:{name}")).status_code == 403


def test_a_page_takes_the_same_queries_however_much_was_changed(client, sysadmin, django_assert_max_num_queries):
    page(client)
    for number in range(2, 12):
        set_day(by=sysadmin, day=datetime.date(2026, 12, number), works=number in (5, 6), reason="停电", version=number - 1)
    enter_year(by=sysadmin, said=read_notice(NEXT, 2027), notice="国办发明电〔2026〕7号", version=11)

    with django_assert_max_num_queries(20) as few:
        page(client)
    with django_assert_max_num_queries(len(few)):
        assert "停电" in page(client, 2027)


def test_a_day_is_set_and_taken_back(client):
    refused = send(client, "set_day", day="2026-11-28", works="off", reason="")
    assert refused.status_code == 400
    assert refused.content.decode().count("zq-field__error") == 1
    assert 'value="2026-11-28"' in refused.content.decode()

    assert send(client, "set_day", day="2026-11-30", works="off", reason="暴雨停工").status_code == 303
    html = page(client)
    assert cell(html, "2026-11-30") == ("set_off", "30 本市定为休息日")
    assert "暴雨停工" in html

    stale = send(client, "set_day", day="2026-12-01", works="off", reason="暴雨停工")
    assert stale.status_code == 409
    assert 'value="2026-12-01"' in stale.content.decode()
    assert 'name="version" value="2"' in stale.content.decode()

    row = CalendarDay.objects.get()
    assert send(client, "end_day", [row.uid], reason="误设", version=2).status_code == 303
    assert cell(page(client), "2026-11-30")[0] == "working"
    assert send(client, "end_day", [row.uid], reason="误设", version=3).status_code == 404


def test_sent_twice_a_day_is_set_once(client):
    key = new_key()

    answers = [send(client, "set_day", idempotency_key=key, day="2026-11-30", works="off", reason="停电") for _each in "12"]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert current_edition() == 2


def test_a_year_is_looked_at_before_it_counts(client):
    fields = {"year": "2027", "notice": "国办发明电〔2026〕7号", "text": NEXT}

    looked = send(client, "enter_year", preview="1", **fields)

    assert looked.status_code == 200
    for line in ("元旦：2027-01-01至2027-01-03，放假3天", "春节：2027-02-05至2027-02-11，放假7天；2027-01-31、2027-02-13上班"):
        assert re.sub(r"\s", "", line) in re.sub(r"\s", "", words(looked.content.decode()))
    assert (current_edition(), AnnouncedYear.objects.count()) == (1, 0)

    assert send(client, "enter_year", **fields).status_code == 303
    html = page(client, 2027)
    assert "暂定" not in html
    assert cell(html, "2027-02-13") == ("make_up", "13 春节、调休上班")

    again = send(client, "enter_year", preview="1", **fields | {"version": 2})
    assert again.status_code == 400
    assert "已经录入" in again.content.decode()
    row = AnnouncedYear.objects.get()
    assert send(client, "end_year", [row.uid], reason="年份错误", version=2).status_code == 303
    assert "暂定" in page(client, 2027)


def test_a_year_that_the_package_knows_is_compared_with_it(client):
    wrong = NOTICE_2026.replace("10月10日（周六）上班", "10月17日（周六）上班")

    looked = send(client, "enter_year", preview="1", year="2026", notice="更正", text=wrong)

    assert "2026-10-10、2026-10-17" in words(looked.content.decode())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": NEXT + "\n国庆节：1月3日放假"}, "重复"),
        ({"text": "元旦：2026年12月31日至2027年1月3日放假"}, "2026-12-31"),
        ({"text": "元旦：1月1日放假。1月4日上班。"}, "2027-01-04"),
        ({"text": "放假"}, "没有放假日期"),
        ({"year": "2099", "text": "元旦：1月1日放假"}, "只能设定"),
        ({"notice": " "}, "必填"),
    ],
)
def test_what_cannot_be_entered_is_said_beside_its_field(client, change, said):
    fields = {"year": "2027", "notice": "国办发明电〔2026〕7号", "text": NEXT}

    refused = send(client, "enter_year", preview="1", **fields | change)

    assert refused.status_code == 400
    error = re.search(r'zq-field__error".*?</p>', refused.content.decode(), re.S)
    assert said in words(error.group())
