"""The operators' page, a message's page, what can be done there, and the status for programs."""

import datetime
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core.events import events_of
from core.idempotency import new_key
from core.presenters import Count
from internal_bridge.exchange import presenters
from internal_bridge.exchange.alarms import raise_alarm
from internal_bridge.exchange.enums import AlarmKind, IncomingState
from internal_bridge.exchange.models import Alarm, IncomingMessage, Party, Release
from internal_bridge.exchange.services import note_contact
from tests.casework.cases import make_person
from tests.desk.test_shell import INLINE
from tests.exchange.peers import Peer, introduce_peer

pytestmark = pytest.mark.django_db

HEADERS = {"accept-language": "zh-hans"}
PLANTED = "郑小明13912342071"
STATUS = "/api/v1/exchange/status/"


@pytest.fixture
def peer(settings, tmp_path) -> Peer:
    """The portal, in touch."""
    peer = introduce_peer(settings, tmp_path)
    note_contact(peer.code, peer_time=timezone.now().timestamp())
    return peer


def browser(username: str, *groups: str) -> Client:
    client = Client(headers=HEADERS)
    client.force_login(make_person(username, *groups))
    return client


@pytest.fixture
def sun(db) -> Client:
    return browser("sun", "sysadmin")


@pytest.fixture
def fang(db) -> Client:
    return browser("fang", "secadmin")


@pytest.fixture
def dead(peer) -> IncomingMessage:
    """A dead letter that holds a name, and one parked behind it."""
    for _ in range(2):
        peer.bring(peer.message(PLANTED, type="petition.submitted.v1"))
    return IncomingMessage.objects.get(state=IncomingState.DEAD)


def html(response) -> str:
    return response.content.decode()


def fields(client: Client, path: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address ending in ``action``."""
    form = re.search(rf'<form[^>]*action="[^"]*{action}/(?:#act)?".*?</form>', html(client.get(path)), re.S)
    assert form, action
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def decide(client: Client, dead: IncomingMessage, action: str, **changes):
    page = f"/bridge/messages/{dead.pk}/"
    data = {**fields(client, page, action), "reason": "原因已排除", **changes}
    return client.post(f"{page}{action}/", data)


@pytest.mark.parametrize("group", [None, "dispatcher"])
def test_others_see_neither_page_nor_entry(dead, group):
    client = browser("other", *([group] if group else []))
    raise_alarm(kind=AlarmKind.DISK, subject="data")
    page = f"/bridge/messages/{dead.pk}/"
    for path in ("/bridge/", page):
        assert client.get(path).status_code == 403
    for path in (
        f"{page}retry/",
        f"{page}skip/",
        f"{page}skip/1/confirm/",
        f"{page}skip/1/decline/",
        "/bridge/alarms/1/clear/",
    ):
        assert client.post(path, {"idempotency_key": new_key()}).status_code == 403
    assert 'href="/bridge/"' not in html(client.get("/"))


def test_nobody_comes_in_without_a_login():
    assert Client().get("/bridge/").url.startswith("/login/")


@pytest.mark.parametrize("client", ["sun", "fang"])
def test_operators_find_it_from_the_desk(client, request):
    desk = html(request.getfixturevalue(client).get("/"))
    assert 'href="/bridge/"' in desk
    assert "还没有分配给您的事项" not in desk
    assert 'href="/cases/"' not in desk


def test_an_empty_bridge_says_what_that_means(sun):
    page = html(sun.get("/bridge/"))
    for words in ("尚未与对端连通", "没有卡住的消息", "尚未登记对方", "没有未处理的告警", "还没有密钥", "还没有人工操作"):
        assert words in page


def test_a_bridge_that_works_says_so(sun, peer):
    assert "内外网交换正常。" in html(sun.get("/bridge/"))


def test_the_page_tells_what_is_stuck_and_nothing_of_its_content(sun, dead):
    page = html(sun.get("/bridge/"))
    assert "有 1 封消息无法处理" in page
    assert "等第 1 封" in page
    assert "内容与该类型的规范不符" in page
    assert f'href="/bridge/messages/{dead.pk}/"' in page
    assert PLANTED not in page
    assert PLANTED not in html(sun.get(f"/bridge/messages/{dead.pk}/"))
    assert "no-store" in sun.get("/bridge/")["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_contact_at": timezone.now() - datetime.timedelta(hours=3)}, ["与门户网站失去联系", "中断", "3 小时前"]),
        ({"clock_skew": -86_400.0}, ["时钟偏差", "−1440 分钟"]),
        ({"clock_skew": 0.2}, ["正常", "+0.2 秒"]),
        ({"last_contact_at": None, "clock_skew": None}, ["尚未与对端连通", "尚未连通", "未知"]),
    ],
)
def test_a_peer_is_spoken_of_plainly(sun, peer, changes, words):
    Party.objects.filter(code=peer.code).update(**changes)
    page = html(sun.get("/bridge/"))
    for word in words:
        assert word in page


def test_the_page_asks_equally_often_whatever_there_is(sun, peer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sun.get("/bridge/").status_code == 200
        return len(captured)

    def stick(number: int) -> None:
        stream = f"case:01900000-0000-7000-8000-0000000000{number:02x}"
        peer.bring(peer.message("x", stream=stream, type="petition.submitted.v1"))
        raise_alarm(kind=AlarmKind.FORGERY, subject=f"portal {number}")

    stick(1)
    few = queries()
    for number in range(2, 12):
        stick(number)
    # Each of the dead letters' alarms, of which 20 are shown, looks for its message.
    assert queries() <= few + 20
    Alarm.objects.filter(kind=AlarmKind.DEAD_LETTER).delete()
    assert queries() <= few


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "1000"), ("en", "1,000")])
def test_counts_stop_at_a_thousand(language, shown):
    with translation.override(language):
        assert (str(Count(1_000)), str(Count(1_001))) == (shown, f"{shown}+")


def test_a_retry_says_how_it_went(sun, dead):
    response = decide(sun, dead, "retry")
    assert (response.status_code, response.url) == (303, f"/bridge/messages/{dead.pk}/")
    assert "仍然失败" in html(sun.get(response.url))
    assert [event.name for event in events_of(f"message:{dead.message_id}")] == ["dead_letter_retried"]
    assert "原因已排除" in html(sun.get("/bridge/"))


def test_two_operators_skip(sun, fang, dead):
    decide(sun, dead, "skip", reason="内容损坏，已请门户重发")
    page = f"/bridge/messages/{dead.pk}/"
    release = Release.objects.get()
    assert "已提议跳过，待另一位管理员确认" in html(fang.get("/bridge/"))
    own = html(sun.get(page))
    assert "等待另一位管理员确认" in own
    assert "confirm/" not in own
    assert "内容损坏，已请门户重发" in html(fang.get(page))

    refused = sun.post(f"{page}skip/{release.pk}/confirm/", {"idempotency_key": new_key()})
    assert (refused.status_code, "不能自己确认" in html(refused)) == (403, True)
    response = decide(fang, dead, f"skip/{release.pk}/confirm")

    assert response.status_code == 303
    shown = html(fang.get(page))
    assert "已由两位管理员跳过" in shown
    assert "确认跳过" in shown
    dead.refresh_from_db()
    assert dead.state == IncomingState.SKIPPED


def test_a_proposal_is_declined(sun, fang, dead):
    decide(sun, dead, "skip")
    release = Release.objects.get()
    assert decide(fang, dead, f"skip/{release.pk}/decline").status_code == 303
    assert "立即重试" in html(sun.get(f"/bridge/messages/{dead.pk}/"))


def test_what_was_decided_meanwhile_is_refused_and_the_reason_kept(sun, fang, dead):
    page = f"/bridge/messages/{dead.pk}/"
    mine = fields(sun, page, "retry")
    decide(fang, dead, "retry")
    response = sun.post(f"{page}retry/", {**mine, "reason": "我的理由"})
    assert response.status_code == 409
    assert "其他管理员已先行处理" in html(response)
    assert "我的理由" in html(response)
    assert Release.objects.count() == 1


def test_a_repeated_post_decides_once(sun, dead):
    page = f"/bridge/messages/{dead.pk}/"
    data = {**fields(sun, page, "skip"), "reason": "内容损坏"}
    assert [sun.post(f"{page}skip/", data).status_code for _ in range(2)] == [303, 303]
    assert Release.objects.count() == 1


@pytest.mark.parametrize(("reason", "words"), [("", "请写明理由"), ("短", "至少要写 2 个字"), ("长" * 201, "超过 200 字")])
@pytest.mark.parametrize("action", ["retry", "skip"])
def test_a_bad_reason_comes_back(sun, dead, action, reason, words):
    response = decide(sun, dead, action, reason=reason)
    assert response.status_code == 400
    assert words in html(response)
    assert not Release.objects.exists()


@pytest.mark.parametrize("damage", [{"seen": "x"}, {"idempotency_key": "short"}])
def test_a_damaged_form_comes_back_whole(sun, dead, damage):
    response = decide(sun, dead, "retry", **damage)
    assert response.status_code == 400
    assert "原因已排除" in html(response)
    assert 'name="seen" value="0"' in html(response)


def test_an_alarm_is_closed_with_a_reason(sun, fang, peer):
    raise_alarm(kind=AlarmKind.FORGERY, subject="portal: planted")
    alarm = Alarm.objects.get()
    path = f"/bridge/alarms/{alarm.pk}/clear/"
    data = fields(sun, "/bridge/", f"alarms/{alarm.pk}/clear")
    refused = sun.post(path, {**data, "reason": ""})
    assert (refused.status_code, "请写明理由" in html(refused)) == (400, True)
    assert '<details class="zq-do" open>' in html(refused)

    for _ in range(2):
        assert sun.post(path, {**data, "reason": "已核查"}).status_code == 303

    page = html(sun.get("/bridge/"))
    assert "没有未处理的告警" in page
    assert "已核查" in page
    late = fang.post(path, {"idempotency_key": new_key(), "reason": "已核查"})
    assert (late.status_code, "其他管理员已先行处理" in html(late)) == (409, True)
    assert fang.post("/bridge/alarms/999/clear/", {}).status_code == 404


def test_what_does_not_exist_is_404(sun, dead):
    assert sun.get("/bridge/messages/999/").status_code == 404
    assert sun.post("/bridge/messages/999/retry/", {}).status_code == 404
    assert sun.post(f"/bridge/messages/{dead.pk}/skip/999/confirm/", {}).status_code == 404


@pytest.mark.parametrize("place", ["retry", "skip"])
def test_the_addresses_that_were_posted_to_lead_to_the_page(sun, dead, place):
    assert sun.get(f"/bridge/messages/{dead.pk}/{place}/").url == f"/bridge/messages/{dead.pk}/"
    raise_alarm(kind=AlarmKind.DISK, subject="data")
    assert sun.get(f"/bridge/alarms/{Alarm.objects.get(kind='disk').pk}/clear/").url == "/bridge/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_carries_inline_style_or_script(sun, dead, language):
    raise_alarm(kind=AlarmKind.DISK, subject="data")
    sun.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for path in ("/bridge/", f"/bridge/messages/{dead.pk}/", "/"):
        page = html(sun.get(path))
        assert not INLINE.search(page), path
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(set(ids)) == len(ids), path


def test_the_status_for_programs(sun, dead):
    raise_alarm(kind=AlarmKind.DISK, subject="data")
    body = sun.get(STATUS).json()
    assert body["backlog"] == 0
    assert (body["incoming"], body["parked"], body["dead_letters"]) == (1, 1, 1)
    assert body["last_checkpoint"] is None
    assert datetime.datetime.fromisoformat(body["last_contact"])
    assert body["peers"][0]["party"] == "portal"
    assert {alarm["kind"] for alarm in body["alarms"]} == {"dead_letter", "disk"}
    assert PLANTED not in str(body)


def test_the_status_is_for_operators_alone(peer):
    anonymous = Client().get(STATUS)
    assert (anonymous.status_code, anonymous["Content-Type"]) == (401, "application/problem+json")
    stranger = browser("other", "dispatcher").get(STATUS)
    assert (stranger.status_code, stranger["Content-Type"]) == (403, "application/problem+json")


def test_the_status_knows_its_parameters(sun):
    response = sun.get(f"{STATUS}?since=1")
    assert (response.status_code, list(response.json()["errors"])) == (400, ["since"])
    assert sun.post(STATUS).status_code in {403, 405}


def test_stuck_messages_are_cut_off_in_words(sun, peer, monkeypatch):
    monkeypatch.setattr(presenters, "STUCK_SHOWN", 1)
    for number in range(2):
        stream = f"case:01900000-0000-7000-8000-0000000000{number:02x}"
        peer.bring(peer.message("x", stream=stream, type="petition.submitted.v1"))
    assert "最早的 50 封" in html(sun.get("/bridge/"))
