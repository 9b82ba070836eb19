"""Published replies: what the office says of them, in whatever order; who reads them, on pages and by the API."""

import datetime
import re
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.identifiers import uuid7
from internal_bridge.exchange.models import IncomingMessage
from petitions.models import PublishedReply
from petitions.reply_presenters import represent_reply
from petitions.services import publish_reply, revise_reply, withdraw_reply
from tests.petitions.letters import visible_text
from tests.petitions.replies import publish, revise, withdraw, wording

pytestmark = [pytest.mark.django_db]

LIST, API = "/petitions/replies/", "/api/v1/replies/"
UID = "019a4b60-1f22-7c05-8f11-2d6b7c8e9f02"
AT = datetime.datetime(2026, 11, 19, 3, 0, tzinfo=datetime.UTC)


def said(**changes):
    """The arguments of a service from what a message says."""
    data = wording(UID, **changes)
    days = {name: datetime.date.fromisoformat(data[name]) for name in ("received_on", "answered_on")}
    return data | days | {"at": AT}


def filled(count, **changes):
    """Rows as they stand, quickly."""
    day = datetime.date(2026, 11, 2)
    for n in range(count):
        fields = {"kind": "complaint", "title": f"第{n}件", "question": "问", "text": f"答复第{n}件", "unit_code": "zjj"}
        fields |= {"unit_name": "住建局", "received_on": day, "answered_on": day + datetime.timedelta(days=n % 20)}
        PublishedReply.objects.create(uid=uuid7(), published_at=AT, **fields | changes)


def titles(client, **query):
    html = client.get(LIST, query).content.decode()
    return re.findall(r'<h2><a href="/petitions/replies/[^"]+" lang="zh-Hans">([^<]+)</a>', html)


@pytest.mark.bridge
def test_a_reply_is_public_until_it_is_withdrawn_and_then_gone_for_good(client, peer):
    uid = publish(peer)
    shown = client.get(f"{LIST}{uid}/")
    assert shown.status_code == 200
    text = visible_text(shown.content.decode())
    for word in (
        "江滨路工地夜间施工到凌晨",
        "工地连续一周夜间施工",
        "罚款3万元",
        "云岭市城市管理局",
        "2026-11-13",
        "2026-11-19",
        "投诉",
    ):
        assert word in text
    assert "4 个工作日答复" in text
    assert "更正" not in text

    revise(peer, uid, text="罚款5万元。")
    text = visible_text(client.get(f"{LIST}{uid}/").content.decode())
    assert "罚款5万元" in text
    assert "罚款3万元" not in text
    assert "更正了罚款金额" in text

    withdraw(peer, uid)
    gone = client.get(f"{LIST}{uid}/")
    assert gone.status_code == 410
    assert "这条答复已撤回" in gone.content.decode()
    assert client.get(f"/en{LIST}{uid}/").status_code == 410
    assert titles(client) == []
    row = PublishedReply.objects.get()
    assert [row.title, row.question, row.text, row.correction, row.unit_code, row.unit_name] == [""] * 6
    assert (row.received_on, row.answered_on) == (None, None)
    assert set(IncomingMessage.objects.values_list("state", flat=True)) == {"applied"}


@pytest.mark.db
@pytest.mark.parametrize("order", [*permutations(["published", "revised 2", "revised 3"])], ids=" ".join)
def test_the_latest_revision_stands_whatever_comes_first_or_twice(order):
    tell = {
        "published": lambda: publish_reply(**said(text="一")),
        "revised 2": lambda: revise_reply(**said(text="二", revision=2, correction="更正一")),
        "revised 3": lambda: revise_reply(**said(text="三", revision=3, correction="更正二")),
    }

    for what in (*order, *order):
        tell[what]()

    row = PublishedReply.objects.get()
    assert (row.revision, row.text, row.correction, row.published_at) == (3, "三", "更正二", AT)


@pytest.mark.db
def test_a_withdrawal_is_final_even_when_it_comes_first():
    withdraw_reply(uid=UID, at=AT)
    publish_reply(**said())
    revise_reply(**said(revision=2, correction="更正"))
    withdraw_reply(uid=UID, at=AT + datetime.timedelta(days=1))

    row = PublishedReply.objects.get()
    assert (row.withdrawn_at, row.title, row.text) == (AT, "", "")


@pytest.mark.db
def test_the_database_keeps_no_text_of_a_withdrawn_reply():
    publish_reply(**said())
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedReply.objects.update(withdrawn_at=AT)


def test_a_reply_that_never_was_is_not_found(client):
    for path in (f"{LIST}{UID}/", f"{API}{UID}/", f"{API}nonsense/", f"{LIST}nonsense/"):
        assert client.get(path).status_code == 404


@pytest.mark.db
def test_the_list_is_narrowed_by_what_the_address_says_and_says_what_it_is_narrowed_by(client):
    publish_reply(**said())
    filled(3, kind="help", unit_code="gaj", unit_name="公安局", topic_code="hukou", topic_name="户籍")
    filled(1, title="ABC 燃气", text="已通气")

    assert titles(client, kind="help") == ["第2件", "第1件", "第0件"]
    assert titles(client, unit="zjj") == ["ABC 燃气"]
    assert titles(client, topic="hukou", ordering="answered_on") == ["第0件", "第1件", "第2件"]
    assert titles(client, q="abc 通气") == ["ABC 燃气"]
    assert titles(client, q="罚款3万元") == ["江滨路工地夜间施工到凌晨，能否管一管？"]
    assert titles(client, **{"from": "2026-11-03", "to": "2026-11-04"}) == ["第2件", "第1件"]
    assert titles(client, kind="help", q="没有这个词") == []

    html = client.get(LIST, {"kind": "help", "from": "2026-11-03", "to": "2026-11-01"}).content.decode()
    assert "截止日期早于起始日期" in html
    assert 'aria-invalid="true"' in html
    text = visible_text(client.get(LIST, {"kind": "help", "unit": "gaj"}).content.decode())
    assert "共3件" in text.replace(" ", "")
    assert "全部清除" in text
    nothing = visible_text(client.get(LIST, {"kind": "report"}).content.decode())
    assert "举报 ，去掉" in nothing


def test_nothing_published_and_nothing_found_are_said_differently(client):
    assert "还没有公开的答复" in client.get(LIST).content.decode()
    filled(1)
    assert "没有符合条件的答复" in client.get(LIST, {"q": "无"}).content.decode()
    english = client.get(f"/en{LIST}").content.decode()
    assert "Published replies" in english
    assert "1 reply" in visible_text(english)


def test_pages_follow_each_other_without_gap(client):
    filled(23)
    found = [title for page in (1, 2, 3) for title in titles(client, page=page)]

    assert len(found) == len(set(found)) == 23
    assert titles(client, page="99") == titles(client, page="3")
    assert titles(client, page="x") == titles(client)


@pytest.mark.db
def test_lists_ask_equally_often_however_many_replies_there_are(client):
    def measured(path):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    filled(1)
    paths = (LIST, f"{LIST}?kind=complaint&q=答复", API, "/petitions/")
    few = [measured(path) for path in paths][: len(paths)]
    filled(120)
    assert [measured(path) for path in paths] == few


def test_the_newest_stand_on_the_landing_page_and_on_that_of_their_unit(client, units):
    assert "答复选登" not in visible_text(client.get("/petitions/").content.decode()).split("办理")[0]
    filled(5)
    filled(1, unit_code="gaj", title="公安局的一件", answered_on=datetime.date(2026, 11, 30))

    landing, unit = client.get("/petitions/").content.decode(), client.get("/units/gaj/").content.decode()

    assert len(re.findall(r'<h3><a href="/petitions/replies/', landing)) == 3
    assert "公安局的一件" in landing
    assert re.findall(r'<h3><a href="/petitions/replies/[^"]+" lang="zh-Hans">([^<]+)', unit) == ["公安局的一件"]
    assert f'href="{LIST}?unit=gaj"' in unit
    assert "答复选登" not in client.get("/units/rsks/").content.decode()


def test_the_api_gives_what_the_pages_show(client):
    publish_reply(**said())
    filled(2)

    listed = client.get(API, {"unit": "cgj", "kind": "complaint", "q": "罚款", "from": "2026-11-19", "to": "2026-11-19"}).json()
    one = client.get(f"{API}{UID}/").json()

    assert listed == {"count": 1, "next": None, "previous": None, "results": [one]}
    assert one == {
        "id": UID,
        "kind": "complaint",
        "topic": {"code": "noise", "name": "噪声扰民"},
        "title": "江滨路工地夜间施工到凌晨，能否管一管？",
        "question": "工地连续一周夜间施工，影响附近居民休息。",
        "text": "经查，该工地没有办理夜间施工许可，情况属实。已责令停止，罚款3万元，每晚22:00以后停工。",
        "unit": {"code": "cgj", "name": "云岭市城市管理局"},
        "received_on": "2026-11-13",
        "answered_on": "2026-11-19",
        "days_used": 4,
        "revision": 1,
        "correction": "",
        "published_at": "2026-11-19T11:00:00+08:00",
    }
    assert client.get(API, {"page_size": 2}).json()["count"] == 3
    assert [row["answered_on"] for row in client.get(API, {"ordering": "answered_on"}).json()["results"]] == [
        "2026-11-02",
        "2026-11-03",
        "2026-11-19",
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"colour": "red"},
        {"kind": "nonsense"},
        {"from": "yesterday"},
        {"to": "2026-02-30"},
        {"from": "2026-11-03", "to": "2026-11-01"},
        {"ordering": "title"},
        {"page": "0"},
        {"q": "x" * 61},
        {"unit": "x" * 33},
        {"q": "a\x00"},
    ],
    ids=str,
)
def test_the_api_refuses_what_it_does_not_know(client, query):
    response = client.get(API, query, headers={"accept-language": "zh-hans"})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.json()["errors"]) <= set(query)


def test_a_withdrawn_reply_is_a_problem_410(client):
    publish_reply(**said())
    withdraw_reply(uid=UID, at=AT)

    response = client.get(f"{API}{UID}/", headers={"accept-language": "zh-hans"})

    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "这条答复已撤回，不再公开。"
    assert client.get(API).json()["count"] == 0


def test_days_of_a_holiday_do_not_count_as_days_used():
    publish_reply(**said(received_on="2026-09-30", answered_on="2026-10-08"))

    assert represent_reply(PublishedReply.objects.get())["days_used"] == 1
