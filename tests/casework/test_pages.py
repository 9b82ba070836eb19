"""The list of cases, and a case."""

import re

import pytest
from django.test import Client
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


def test_a_case_shows_its_letter_and_keeps_identity_sealed(office: Client, dispatcher: User) -> None:
    case = make_case(state="answered", title="<b>标题</b>")
    CaseReply.objects.create(case=case, text=ANSWER, author=dispatcher, at=timezone.now())
    record_event(subject=case.subject, name="answered", at=timezone.now(), actor=dispatcher)
    response = office.get(f"/cases/{case.number}/")
    html = response.content.decode()
    assert "&lt;b&gt;标题&lt;/b&gt;" in html
    assert "<p>请尽快修好。</p>" in html
    assert case.register_label in html
    assert "未留姓名" in html
    assert ANSWER in html
    assert html.index("答复来件人") < html.index("来件经内外网交换送达，已登记")
    assert "<form" not in html[html.index("<main") :]
    assert "no-store" in response["Cache-Control"]


def _numbers(html: str) -> list[str]:
    return re.findall(r'<td role="cell" class="zq-nowrap">([\d-]+)</td>', html)


def _link(html: str, name: str) -> str:
    found = re.search(rf'href="(\?[^"]*{name}=[^"]+)"', html)
    return f"/cases/{found[1].replace('&amp;', '&')}" if found else ""
