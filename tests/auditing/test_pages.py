"""审计日志: who may open it, what it shows, how it is searched, and that reading it leaves its own trace."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.audit import audit_leaf
from core.leaves import leaf_hash
from core.models import AuditRecord
from internal_bridge.auditing import views
from tests.auditing.conftest import browser
from tests.org.people import end_grants, make_login, make_unit

pytestmark = pytest.mark.django_db

Write = Callable[..., AuditRecord]


def html(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def actions(page: str) -> list[str]:
    return re.findall(r'<div class="clip"><a href="/audit/[0-9a-f-]+/">([^<]+)</a>', page)


def counts(page: str) -> dict[str, str]:
    """The list's views with their counts."""
    nav = re.search(r'<nav class="zq-views".*?</nav>', page, re.DOTALL)
    assert nav
    return dict(re.findall(r">([^<>]+)<b>([^<]+)</b>", nav[0]))


@pytest.mark.parametrize(
    "role", ["sysadmin", "secadmin", "dispatcher", "inspector", "leader", "secretary", "head", "handler", None]
)
def test_it_is_refused_to_everybody_but_the_auditor(role, write):
    record = write("grant.given", "person:1")
    client = browser(make_login(*([role] if role else []), username="somebody"))

    for address in ("/audit/", "/audit/export.csv", f"/audit/{record.uid}/"):
        assert client.get(address).status_code == 403
    assert "审计日志" not in client.get("/", follow=True).content.decode()
    assert not AuditRecord.objects.filter(action__startswith="audit.").exists()


def test_it_is_refused_without_a_login_and_after_the_grant_has_ended(office, auditor):
    assert Client().get("/audit/").status_code == 302
    assert office.get("/audit/").status_code == 200

    end_grants(auditor)

    assert office.get("/audit/").status_code == 403


def test_nothing_can_be_sent_to_it(office, write):
    record = write("grant.given", "person:1")
    for address in ("/audit/", "/audit/export.csv", f"/audit/{record.uid}/"):
        for verb in (office.post, office.put, office.patch, office.delete):
            assert verb(address).status_code == 405


def test_an_empty_log_says_what_will_stand_in_it_and_that_opening_it_is_recorded(office):
    first = html(office.get("/audit/"))
    assert "还没有记录" in first

    assert actions(html(office.get("/audit/"))) == ["查看审计日志"]


def test_a_row_says_who_did_what_about_what_from_where(office, write, sysadmin):
    make_unit("xfj")
    write("unit.renamed", "unit:xfj", params={"on": "2026-11-24"})
    write("login.failed", "login:abc", actor=None, login="奇怪的<b>名字")
    write("session.revoked", f"user:{sysadmin.uid}", params={"sessions": 2})

    page = html(office.get("/audit/"))

    assert actions(page) == ["结束会话", "登录失败", "单位更名"]
    assert re.search("登录账号</span> sysadmin<", page)
    for words in ("孙磊", "sysadmin", "市xfj", "市政务服务局 信息科 科长", "192.0.2.7", "网页", "奇怪的&lt;b&gt;名字"):
        assert words in page
    assert counts(page) == {
        "全部": "3",
        "登录与会话": "2",
        "权限": "0",
        "机构目录": "1",
        "时限": "0",
        "信访件": "0",
        "内外网交换": "0",
        "审计日志": "0",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("group=rights", ["授予权限"]),
        ("who=孙磊", ["授予权限"]),
        ("who=sysadmin", ["授予权限"]),
        ("who=mallory", ["登录失败"]),
        ("subject=unit:xfj", ["单位更名"]),
        ("subject=xfj", ["单位更名"]),
        ("address=2001:DB8:0::7", ["登录失败"]),
        ("post=市信访局", ["单位更名"]),
        ("first=2026-01-01&last=2026-01-02", []),
        ("who=孙磊&group=logins", []),
    ],
)
def test_it_is_searched_by_person_group_subject_address_post_and_day(query, found, office, write):
    other = make_login("sysadmin", username="gao", name="高远")
    write("unit.renamed", "unit:xfj", actor=other, post="市信访局 办公室 主任")
    write("grant.given", "person:1")
    write("login.failed", actor=None, login="mallory", address="2001:db8::7", post="")

    page = html(office.get(f"/audit/?{query}"))

    assert actions(page) == found
    assert ("没有符合条件的记录" in page) is not found or bool(found)


def test_a_day_begins_and_ends_in_beijing(office, write, monkeypatch):
    midnight = datetime.datetime(2026, 11, 23, 16, tzinfo=datetime.UTC)
    for offset, action in ((-1, "unit.created"), (0, "unit.changed"), (86_399, "unit.moved"), (86_400, "unit.closed")):
        moment = midnight + datetime.timedelta(seconds=offset)
        monkeypatch.setattr("core.audit.timezone.now", lambda moment=moment: moment)
        write(action, "unit:xfj")
    monkeypatch.undo()

    page = html(office.get("/audit/?first=2026-11-24&last=2026-11-24"))

    assert actions(page) == ["变更单位隶属关系", "修改单位信息"]


@pytest.mark.parametrize(
    ("query", "field", "error"),
    [
        ("address=10.1.2", "id_address", "请填写一个完整的地址"),
        ("first=2026-13-01", "id_first", "日期"),
        ("first=2026-11-24&last=2026-11-23", "id_last", "截止日期早于起始日期"),
        ("who=" + "x" * 151, "id_who", "150"),
        ("subject=" + "x" * 81, "id_subject", "80"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_beside_its_field_and_kept(query, field, error, office):
    for address in ("/audit/", "/audit/export.csv"):
        page = html(office.get(f"{address}?{query}"), 400)

        assert f'id="{field}_error"' in page
        assert f'href="#{field}"' in page
        assert error in page
        assert query.partition("=")[2].partition("&")[0] in page
    assert not AuditRecord.objects.exists()


def test_filters_that_are_set_can_be_taken_away_one_by_one(office, write):
    write("grant.given", "person:1")

    page = html(office.get("/audit/?who=孙磊&address=192.0.2.7&group=rights"))

    assert 'href="?address=192.0.2.7&amp;group=rights" aria-label="去掉筛选条件“人员”"' in page
    assert "group=rights" in page.partition("zq-filters")[2].partition("</form>")[0] or 'name="group" value="rights"' in page
    mine = AuditRecord.objects.get(action="audit.read")
    assert mine.params == {"filters": {"who": "孙磊", "address": "192.0.2.7", "group": "rights"}}


def test_pages_follow_each_other_without_gaps_and_keep_the_filters(office, write, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    made = [str(write("grant.given", f"person:{number}").uid) for number in range(5)]
    address, seen = "/audit/?group=rights", []
    while address:
        page = html(office.get(address))
        seen += re.findall(r'<div class="clip"><a href="/audit/([0-9a-f-]+)/"', page)
        older = re.search(r'href="(\?group=rights&amp;before=[^"]+)"', page)
        address = "/audit/" + older[1].replace("&amp;", "&") if older else ""

    assert seen == made[::-1]


def test_the_list_asks_the_database_as_often_for_ten_records_as_for_three_hundred(office, write, monkeypatch):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            html(office.get("/audit/?address=192.0.2.7"))
        return len(asked)

    people = [make_login("head", username=f"head{number}") for number in range(3)]
    for number in range(10):
        write("unit.changed", f"unit:{make_unit(f'u{number}').code}", actor=people[number % 3])
    few = queries()
    for number in range(150):
        write("person.changed", people[number % 3].person.subject, actor=people[number % 3])

        write("session.revoked", f"user:{people[number % 3].uid}")

    assert queries() <= few + 2  # people and logins are named too, in a query each
    assert few <= 30


def test_counts_stop_at_a_thousand(office, sysadmin):
    made = AuditRecord.objects.bulk_create(
        AuditRecord(at=datetime.datetime.now(datetime.UTC), action="grant.given", channel="page", leaf_hash="-")
        for _ in range(1_001)
    )
    assert len(made) == 1_001

    assert counts(html(office.get("/audit/")))["权限"] == "1000+"


def test_a_record_is_shown_whole_in_words_with_its_hash(office, write):
    make_unit("xfj")
    params = {
        "role": "dispatcher",
        "unit": "xfj",
        "with_descendants": True,
        "valid_to": None,
        "fields": ["a", "b"],
        "odd": {"x": 1},
    }
    record = write("grant.given", "unit:xfj", params=params)

    page = html(office.get(f"/audit/{record.uid}/"))

    for words in (
        "授予权限",
        "孙磊",
        "市政务服务局 信息科 科长",
        "网页",
        "192.0.2.7",
        "grant.given",
        "unit:xfj",
        record.leaf_hash,
    ):
        assert words in page
    for name, value in (("角色", "受理员"), ("含下级单位", "是"), ("字段", "a、b"), ("odd", "x：1")):
        assert f'<dt>{name}</dt><dd class="zq-break">{value}</dd>' in page
    assert 'href="/directory/units/xfj/"' in page
    assert "与写入时保存的哈希值一致" in page
    assert "/audit/?subject=unit%3Axfj" in page
    assert AuditRecord.objects.get(action="audit.record_read").subject == f"audit:{record.uid}"


def test_a_record_that_does_not_fit_its_hash_is_told_apart(office, sysadmin):
    forged = AuditRecord.objects.create(
        at=datetime.datetime.now(datetime.UTC),
        actor=sysadmin,
        login="sysadmin",
        action="grant.given",
        channel="page",
        leaf_hash="0" * 64,
    )

    assert "与哈希值不符" in html(office.get("/audit/"))
    page = html(office.get(f"/audit/{forged.uid}/"))
    assert "与写入时保存的哈希值不符" in page
    assert leaf_hash(audit_leaf(forged)) in page


def test_an_unknown_record_is_not_found(office):
    assert office.get("/audit/01900000-0000-7000-8000-000000000001/").status_code == 404


def test_an_action_of_a_later_version_is_shown_as_it_stands(office, write):
    record = write("moon.landed", "moon:1")

    assert actions(html(office.get("/audit/"))) == ["moon.landed"]
    assert "moon" in html(office.get(f"/audit/{record.uid}/"))


def test_in_english_too(auditor, write):
    write("grant.given", "person:1")
    client = Client(headers={"accept-language": "en"})
    client.force_login(auditor)

    page = html(client.get("/audit/"))

    assert actions(page) == ["Gave a right"]
    assert "Export CSV" in page
