"""The shell, the desk, login and logout, and the pages of errors."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from core import presenters as core_presenters
from core.views import csrf_failure
from internal_bridge.casework.presenters import turn
from internal_bridge.desk import presenters
from internal_bridge.exchange.public import BridgeHealth
from internal_bridge.policies.presenters import ICONS
from tests.casework.cases import make_case, make_person

pytestmark = pytest.mark.django_db

HEADERS = {"accept-language": "zh-hans"}
DESK = Path(presenters.__file__).parent
INLINE = re.compile(r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|\shx-on""", re.I)


@pytest.fixture
def office() -> Client:
    client = Client(headers=HEADERS)
    client.force_login(make_person("dispatcher", "dispatcher"))
    return client


def test_login_leads_where_one_wanted_to_go() -> None:
    make_person("dispatcher", "dispatcher")
    client = Client(headers=HEADERS)
    page = client.get("/login/?next=/cases/")
    assert 'name="next" value="/cases/"' in page.content.decode()
    response = client.post("/login/", {"login": "dispatcher", "password": "demo", "next": "/cases/"})
    assert (response.status_code, response.url) == (302, "/cases/")
    # The desk greets by name; no message says it twice.
    assert "zq-messages" not in client.get("/cases/").content.decode()


def test_a_wrong_password_keeps_the_account() -> None:
    html = Client(headers=HEADERS).post("/login/", {"login": "<someone>", "password": "no"}).content.decode()
    assert 'value="&lt;someone&gt;"' in html
    assert 'role="alert"' in html


def test_logging_out_takes_a_post(office: Client) -> None:
    assert "确定退出吗" in office.get("/logout/").content.decode()
    assert office.get("/").status_code == 200
    assert office.post("/logout/").url == "/login/"
    assert office.get("/").status_code == 302


def test_the_language_is_changed_by_a_post_that_comes_back(office: Client) -> None:
    assert '<html lang="zh-Hans">' in office.get("/cases/?view=ended").content.decode()
    response = office.post("/language/", {"language": "en", "next": "/cases/?view=ended"})
    assert response.url == "/cases/?view=ended"
    html = office.get(response.url).content.decode()
    assert '<html lang="en">' in html
    assert "Cases" in html


def test_the_desk_counts_cases_by_what_waits_and_links_to_them(office: Client) -> None:
    for _ in range(3):
        make_case()
    make_case(state="answered", title="办好的")
    html = office.get("/").content.decode()
    figures = re.findall(
        r'href="/cases/\?view=(\w+)"><span class="lab">[^<]+</span><span class="val[^"]*">([^<]+)</span>', html
    )
    assert dict(figures) == {
        "to_decide": "3", "to_dispatch": "0", "due_today": "0", "overdue": "0", "returns": "0", "to_check": "0",
    }  # fmt: skip
    assert "办好的" in html


def test_without_a_role_there_is_nothing_to_click_in_vain() -> None:
    client = Client(headers=HEADERS)
    client.force_login(make_person("other"))
    html = client.get("/").content.decode()
    assert "还没有分配给您的事项" in html
    assert 'href="/cases/"' not in html


def test_counts_stop_at_a_thousand(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_presenters, "COUNT_CAP", 3)
    for _ in range(5):
        make_case()
    assert "3+" in office.get("/cases/").content.decode()


@pytest.mark.parametrize(
    ("silence", "dead", "look", "words"),
    [
        (None, 0, "soon", "尚未与门户网站连通"),
        (9, 0, "", "内外网交换正常 · 9 秒前"),
        (60, 0, "", "1 分钟前"),
        (600, 0, "over", "内外网交换中断 · 最后联系 10 分钟前"),
        (9, 2, "over", "2 条消息无法处理"),
        (200_000, 2, "over", "最后联系 2 天前"),
    ],
)
def test_the_bridge_is_spoken_of_plainly(
    monkeypatch: pytest.MonkeyPatch, silence: int | None, dead: int, look: str, words: str
) -> None:
    last = None if silence is None else timezone.now() - datetime.timedelta(seconds=silence)
    monkeypatch.setattr(presenters, "bridge_health", lambda: BridgeHealth(last_contact=last, waiting=0, dead=dead))
    with translation.override("zh-hans"):
        state = presenters.BridgeState.now()
    assert state.look == look
    assert words in state.text


@pytest.mark.parametrize("logged_in", [True, False])
def test_errors_stand_in_the_shell_for_everybody(office: Client, logged_in: bool) -> None:
    client = office if logged_in else Client(headers=HEADERS)
    response = client.get("/no/such/page/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "找不到这个页面" in html
    assert ("zq-side" in html) is logged_in


def test_an_expired_form_says_that_nothing_was_sent() -> None:
    response = csrf_failure(RequestFactory().get("/"))
    assert response.status_code == 403
    assert "表单已过期" in response.content.decode() or "This form has expired" in response.content.decode()


def test_the_last_resort_needs_no_request_and_no_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), translation.override("zh-hans"):
        assert "系统出错了" in render_to_string("500.html")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_carries_inline_style_or_script(office: Client, language: str) -> None:
    case, answered = make_case(), make_case(state="answered")
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    pages = ["/", "/cases/", f"/cases/{case.number}/", f"/cases/{answered.number}/", "/logout/", "/nowhere/"]
    for path in pages:
        html = office.get(path).content.decode()
        assert not INLINE.search(html), path
    assert not INLINE.search(Client().get("/login/").content.decode())
    for template in ("403.html", "429.html", "500.html"):
        assert not INLINE.search(render_to_string(template, request=RequestFactory().get("/"))), template


def test_every_icon_that_a_template_draws_is_in_the_sprite() -> None:
    known = set((DESK / "frontend" / "icons.txt").read_text().split())
    drawn = set()
    for path in DESK.parent.rglob("templates/**/*.html"):
        drawn |= set(re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    # Entries of the navigation name theirs behind their address.
    drawn |= set(re.findall(r'reverse\("[^"]+"\),\s*"([a-z0-9-]+)"', (DESK / "presenters.py").read_text(encoding="utf-8")))
    # A limit in words has the icon of its look, an action its own.
    drawn |= set(ICONS.values()) | set(turn.ICONS.values())
    assert drawn == known
