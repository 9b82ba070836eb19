"""The list of cases, a case, and the form that answers it."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.events import record_event
from core.idempotency import KeyReused, new_key
from core.models import User
from internal_bridge.casework import views
from internal_bridge.casework.models import Case, CaseReply
from internal_bridge.casework.services import StaleVersion, WrongState
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


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The answering service, recorded: what it does with a case is tested with it."""

    class Service:
        def __init__(self) -> None:
            self.calls: list[dict[str, Any]] = []
            self.error: Exception | None = None

        def __call__(self, **arguments: Any) -> None:
            self.calls.append(arguments)
            if self.error:
                raise self.error

    service = Service()
    monkeypatch.setattr(views, "answer_case", service)
    return service


def form_of(case: Case, **changes: str) -> dict[str, str]:
    return {"text": ANSWER, "version": str(case.version), "idempotency_key": new_key(), **changes}


def typed_in(html: str) -> str:
    """What stands in the page's text area."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.S)
    return found[1] if found else ""


@pytest.mark.parametrize("path", ["/", "/cases/", "/cases/20260101-000000-0/", "/cases/20260101-000000-0/answer/"])
def test_nobody_comes_in_without_a_login(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_person_without_the_role_knows_of_no_case(service: Any) -> None:
    case = make_case()
    client = Client(headers=HEADERS)
    client.force_login(make_person("other"))
    assert client.get(f"/cases/{case.number}/").status_code == 404
    assert client.post(f"/cases/{case.number}/answer/", form_of(case)).status_code == 404
    assert case.number not in client.get("/cases/").content.decode()
    assert not service.calls


def test_who_may_see_but_not_answer_is_refused(office: Client, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case()
    monkeypatch.setattr(views, "can_answer_case", lambda person: False)
    assert office.post(f"/cases/{case.number}/answer/", form_of(case)).status_code == 403
    assert not service.calls


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
    assert max(few) <= 16


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


def test_an_answer_is_sent_with_what_its_writer_saw(office: Client, service: Any, dispatcher: User) -> None:
    case = make_case()
    form = form_of(case, text="第一行\r\n第二行足够长")
    response = office.post(f"/cases/{case.number}/answer/", form)
    assert response.status_code == 303
    assert response.url == f"/cases/{case.number}/#main"
    key = form["idempotency_key"]
    assert service.calls == [
        {"person": dispatcher, "number": case.number, "version": 1, "text": "第一行\n第二行足够长", "key": key}
    ]
    assert "答复已发出" in office.get(f"/cases/{case.number}/").content.decode()


@pytest.mark.parametrize(("text", "words"), [("", "请写答复内容"), ("太短", "至少要写 5 个字"), ("长" * 5_001, "超过 5000")])
def test_a_bad_answer_comes_back_with_its_text(office: Client, service: Any, text: str, words: str) -> None:
    case = make_case()
    form = form_of(case, text=text)
    response = office.post(f"/cases/{case.number}/answer/", form)
    html = response.content.decode()
    assert response.status_code == 400
    assert words in html
    assert typed_in(html) == text
    # The same attempt: it keeps its key.
    assert form["idempotency_key"] in html
    assert not service.calls


@pytest.mark.parametrize("damage", [{"version": "x"}, {"version": ""}, {"idempotency_key": ""}, {"idempotency_key": "short"}])
def test_a_damaged_form_comes_back_whole(office: Client, service: Any, damage: dict[str, str]) -> None:
    case = make_case()
    response = office.post(f"/cases/{case.number}/answer/", form_of(case, **damage))
    html = response.content.decode()
    assert response.status_code == 400
    assert typed_in(html) == ANSWER
    assert 'name="version" value="1"' in html
    assert re.search(r'name="idempotency_key" value="[A-Za-z0-9_-]{22}"', html)
    assert not service.calls


@pytest.mark.parametrize("error", [StaleVersion(2), WrongState("answered"), KeyReused()])
def test_a_conflict_keeps_the_text_and_offers_a_fresh_form(office: Client, service: Any, error: Exception) -> None:
    case = make_case()
    service.error = error
    form = form_of(case)
    response = office.post(f"/cases/{case.number}/answer/", form)
    html = response.content.decode()
    assert response.status_code == 409
    assert typed_in(html) == ANSWER
    assert form["idempotency_key"] not in html


def test_when_somebody_else_has_answered_the_text_is_there_to_copy(office: Client, service: Any) -> None:
    case = make_case()
    form = form_of(case)
    Case.objects.filter(pk=case.pk).update(state="answered", answered_at=timezone.now(), version=2)
    service.error = WrongState("answered")
    response = office.post(f"/cases/{case.number}/answer/", form)
    html = response.content.decode()
    assert response.status_code == 409
    assert typed_in(html) == ANSWER
    assert "readonly" in html


def test_a_stale_form_is_told_so_before_its_mistakes(office: Client, service: Any) -> None:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(version=3)
    assert office.post(f"/cases/{case.number}/answer/", form_of(case, text="短")).status_code == 409


def test_the_address_that_was_posted_to_leads_to_the_case(office: Client) -> None:
    case = make_case()
    response = office.get(f"/cases/{case.number}/answer/")
    assert (response.status_code, response.url) == (302, f"/cases/{case.number}/")


def _numbers(html: str) -> list[str]:
    return re.findall(r'<td role="cell" class="zq-nowrap">([\d-]+)</td>', html)


def _link(html: str, name: str) -> str:
    found = re.search(rf'href="(\?[^"]*{name}=[^"]+)"', html)
    return f"/cases/{found[1].replace('&amp;', '&')}" if found else ""
