"""The list of cases, and a case."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.events import record_event
from core.models import User
from internal_bridge.casework.models import CaseReply
from tests.casework.cases import make_case, make_person

pytestmark = pytest.mark.django_db

ANSWER = "您反映的路灯已于今天上午修好。"
HEADERS = {"accept-language": "zh-hans"}


@pytest.fixture
def dispatcher() -> User:
    return make_person("dispatcher", "dispatcher")


@pytest.fixture
def office(dispatcher: User) -> Client:
    """A browser in which the dispatcher has logged in."""
    client = Client(headers=HEADERS)
    client.force_login(dispatcher)
    return client


@pytest.mark.parametrize("path", ["/", "/cases/", "/cases/20260101-000000-0/", "/cases/20260101-000000-0/actions/accept/"])
def test_nobody_comes_in_without_a_login(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_person_without_the_role_knows_of_no_case() -> None:
    case = make_case()
    client = Client(headers=HEADERS)
    client.force_login(make_person("other"))
    assert client.get(f"/cases/{case.number}/").status_code == 404
    assert client.post(f"/cases/{case.number}/actions/accept/", {"version": "1"}).status_code == 404
    assert case.number not in client.get("/cases/").content.decode()


def test_pages_ask_equally_often_whatever_there_is(office: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(path).status_code == 200
        return len(captured)

    def everything() -> list[int]:
        return [queries(path) for path in ("/cases/", "/cases/?state=registered", "/")]

    now = timezone.now()
    for minutes in range(5):
        make_case(received_at=now - datetime.timedelta(minutes=minutes))
    # The first request of a session writes down that it is in use.
    office.get("/")
    few = everything()
    for minutes in range(5, 60):
        make_case(received_at=now - datetime.timedelta(minutes=minutes))
    assert everything() == few
    assert max(few) <= 22


def test_the_list_pages_through_every_case_once_and_back(office: Client) -> None:
    now = timezone.now()
    # Three at the same instant: the key decides between them.
    cases = [make_case(received_at=now - datetime.timedelta(minutes=index // 3)) for index in range(60)]
    expected = [case.number for case in sorted(cases, key=lambda case: (case.received_at, case.pk), reverse=True)]

    seen, path, pages = [], "/cases/", []
    while path:
        html = office.get(path).content.decode()
        pages.append(_numbers(html))
        seen += pages[-1]
        path = _link(html, "before")
    assert seen == expected
    assert [len(page) for page in pages] == [25, 25, 10]

    back = office.get(_link(html, "after")).content.decode()
    assert _numbers(back) == pages[1]
    first = office.get(_link(back, "after")).content.decode()
    assert _numbers(first) == pages[0]
    assert not _link(first, "after")


@pytest.mark.parametrize("query", ["state=nonsense", "before=x", "after=-1", "before=99999999999999999-1", "page=7"])
def test_what_the_list_does_not_know_it_ignores(office: Client, query: str) -> None:
    case = make_case()
    response = office.get(f"/cases/?{query}")
    assert response.status_code == 200
    assert case.number in response.content.decode()


def test_views_show_their_own_state(office: Client) -> None:
    waiting, answered = make_case(), make_case(state="answered")
    assert _numbers(office.get("/cases/?state=registered").content.decode()) == [waiting.number]
    assert _numbers(office.get("/cases/?state=answered").content.decode()) == [answered.number]


@pytest.mark.parametrize(
    ("query", "words"), [("", "这里没有来件"), ("?state=registered", "都已答复"), ("?state=answered", "没有处于这一状态")]
)
def test_an_empty_list_says_what_that_means(office: Client, query: str, words: str) -> None:
    assert words in office.get(f"/cases/{query}").content.decode()


def test_a_case_shows_its_letter_and_keeps_identity_sealed(office: Client, dispatcher: User) -> None:
    case = make_case(state="answered", title="<b>标题</b>")
    CaseReply.objects.create(case=case, text=ANSWER, author=dispatcher, at=timezone.now())
    record_event(subject=case.subject, name="answered", at=timezone.now(), actor=dispatcher)
    response = office.get(f"/cases/{case.number}/")
    html = response.content.decode()
    assert "&lt;b&gt;标题&lt;/b&gt;" in html
    assert "<p>请尽快修好。</p>" in html
    assert case.register_label in html
    assert "身份信息已封存" in html
    assert ANSWER in html
    assert html.index("答复来件人") < html.index("来件经内外网交换送达，已登记")
    assert "<form" not in html[html.index("<main") :]
    assert "no-store" in response["Cache-Control"]


def _numbers(html: str) -> list[str]:
    return re.findall(r'<td role="cell" class="zq-nowrap">([\d-]+)</td>', html)


def _link(html: str, name: str) -> str:
    found = re.search(rf'href="(\?[^"]*{name}=[^"]+)"', html)
    return f"/cases/{found[1].replace('&amp;', '&')}" if found else ""
