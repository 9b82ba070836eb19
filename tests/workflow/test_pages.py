"""The inbox, an item, what is done there, substitutes, and the same boxes by API."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import presenters as core_presenters
from core.idempotency import new_key
from internal_bridge.workflow.enums import ItemKind
from internal_bridge.workflow.models import Substitution, WorkItem
from internal_bridge.workflow.services import NewItem, ToPerson, ToRole, close_items, open_items, urge_items
from tests.workflow.conftest import Town, days
from tests.workflow.sources import matters

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/inbox/", status: int = 200, **options: Any) -> str:
    response = client.get(address, **options)
    assert response.status_code == status
    return response.content.decode()


def shown(html: str) -> list[str]:
    """The titles of the list, in its order."""
    return re.findall(r"data-open=[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]+)</a>", html)


def sent(**fields: Any) -> dict[str, Any]:
    return {"idempotency_key": new_key(), **fields}


def test_the_inbox_groups_by_day_and_says_what_is_new_urgent_and_urged(town: Town) -> None:
    for number, due in enumerate((None, 40, 0, -2)):
        step = f"step{number}"
        town.open(step, source=number % 3, due_on=None if due is None else days(due), urgent=number == 1)
    urge_items(by=town["zhao"], source=town.sources[1], text="请今天答复", key=None)
    html = page(town.browser("li"))

    places = [html.index(word) for word in ("已超期 <b>1</b>", "今天到期 <b>1</b>", "以后 <b>1</b>", "无期限 <b>1</b>")]
    assert places == sorted(places)
    assert shown(html) == ["事项第0件", "事项第2件", "事项第1件", "事项第0件"]
    for words in ("已超期 2 天", "剩 40 天", "急件", "已催办 1 次", "待办<b>4</b>", 'class="is-over">2</b>', "is-unread"):
        assert words in html
    # The first stands beside the list, and is not yet read by that.
    assert 'id="h-item">事项第0件' in html
    assert page(town.browser("li")).count('class="is-unread"') == 4


def test_an_item_has_a_page_that_is_a_pane_for_the_list_and_is_new_no_more(town: Town) -> None:
    item, client = town.open(), town.browser("li")
    urge_items(by=town["zhao"], source=town.sources[0], text="请今天答复", key=None)
    whole, pane = page(client, f"/inbox/{item.uid}/"), page(client, f"/inbox/{item.uid}/", headers={"HX-Request": "true"})
    assert "<main" in whole
    assert "<main" not in pane
    for html in (whole, pane):
        assert "请今天答复" in html
        assert 'href="/units/m0/"' in html
        assert "打开办理" in html
    assert "is-unread" not in page(client)
    assert "is-unread" in page(town.browser("wang"))
    page(town.browser("lin"), f"/inbox/{item.uid}/", status=404)


def test_an_item_is_taken_and_given_back_and_a_colleague_is_told(town: Town) -> None:
    item, li, wang = town.open(), town.browser("li"), town.browser("wang")
    form = sent(version=1)
    address = f"/inbox/{item.uid}/claim/"
    assert li.get(address).status_code == 302
    for _ in range(2):
        response = li.post(address, form)
        assert (response.status_code, response["Location"]) == (303, f"/inbox/{item.uid}/")
    refused = wang.post(address, sent(version=1))
    assert refused.status_code == 409
    assert "该事项已由李萌认领" in refused.content.decode()
    assert shown(page(wang)) == []
    assert "已由李萌认领" in page(wang, "/inbox/?box=taken")
    assert li.post(f"/inbox/{item.uid}/release/", sent(version=1)).status_code == 409
    assert "他人已有改动" in li.post(f"/inbox/{item.uid}/release/", sent(version=1)).content.decode()
    assert li.post(f"/inbox/{item.uid}/release/", {"version": 2}).status_code == 400
    assert li.post(f"/inbox/{item.uid}/release/", sent(version=2)).status_code == 303
    assert shown(page(wang)) == ["事项第0件"]


def test_what_is_read_goes_to_the_other_box(town: Town) -> None:
    item, li = town.open("note", kind=ItemKind.READ), town.browser("li")
    assert shown(page(li, "/inbox/?box=toread")) == ["事项第0件"]
    assert li.post(f"/inbox/{item.uid}/read/", sent()).status_code == 303
    assert shown(page(li, "/inbox/?box=toread")) == []
    assert shown(page(li, "/inbox/?box=read")) == ["事项第0件"]
    todo = town.open()
    assert li.post(f"/inbox/{todo.uid}/read/", sent()).status_code == 409
    assert town.browser("lin").post(f"/inbox/{item.uid}/read/", sent()).status_code == 404


def test_it_finds_by_text_and_pages_by_key_and_counts_stop(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    many = matters(town.bureau, 60, first=100)
    to = ToRole("handler", town.bureau)
    new = [NewItem(source, "handle", to, days(n % 9), urgent=n % 4 == 0) for n, source in enumerate(many)]
    open_items([*new, NewItem(many[0], "note", to)], at=timezone.now())
    client = town.browser("li")
    monkeypatch.setattr(core_presenters, "COUNT_CAP", 50)

    seen: list[str] = []
    address = "/inbox/"
    while address:
        html = page(client, address)
        seen += shown(html)
        further = re.search(r'href="(/inbox/\?after=[^"]+)">再列后面的', html)
        address = further[1] if further else ""
    rows = WorkItem.objects.order_by("due_order", "-urgent", "pk")
    numbers = {source.uid: f"事项第{n}件" for n, source in enumerate(many, 100)}
    assert seen == [numbers[row.source] for row in rows]
    assert "50+" in html
    assert shown(page(client, "/inbox/?q=第123件")) == ["事项第123件"]
    assert "没有符合条件" in page(client, "/inbox/?q=nothing") or shown(page(client, "/inbox/?q=nothing")) == []
    for odd in ("?box=nothing", "?after=9999-99-99-1-1", "?after=x", "?from=nothing"):
        assert len(shown(page(client, f"/inbox/{odd}"))) == 25

    close_items(source=many[5], by=town["li"], at=timezone.now(), outcome="done")
    assert "按时办结" in page(client, "/inbox/?box=done")


def test_pages_and_api_ask_as_often_for_600_as_for_10(town: Town) -> None:
    client = town.browser("li")

    def asked() -> list[int]:
        counts = []
        for address in ("/inbox/", "/inbox/?box=done", "/inbox/?box=toread", "/", "/api/v1/work-items/?page_size=100"):
            with CaptureQueriesContext(connection) as captured:
                page(client, address)
            counts.append(len(captured))
        return counts

    def more(first: int, last: int) -> None:
        new = matters(town.bureau, last - first, first=first)
        to = ToRole("handler", town.bureau)
        open_items([NewItem(source, "handle", to, days(n % 5 - 1)) for n, source in enumerate(new)], at=timezone.now())
        open_items([NewItem(source, "note", to, days(0), ItemKind.READ) for source in new], at=timezone.now())
        open_items([NewItem(source, "past", to) for source in new], at=timezone.now())
        WorkItem.objects.filter(step="past", state="open").update(
            state="done", outcome="done", closed_by=town["li"], closed_at=timezone.now()
        )

    more(10, 20)
    page(client)
    few = asked()
    more(20, 600)
    many = asked()
    # Fewer, where a page of many is all of one group.
    assert all(later <= before for before, later in zip(few, many, strict=True)), (few, many)
    assert max(few) <= 40


def test_somebody_stands_in_by_a_form_and_both_see_it(town: Town) -> None:
    li, lin = town.browser("li"), town.browser("lin")
    html = page(li, "/inbox/substitution/")
    assert "王珊" in html
    assert "林静怡" not in html
    assert "林静怡" in page(li, "/inbox/substitution/?q=林静怡")
    form = {
        "person": str(town.people["li"].uid),
        "substitute": str(town.people["lin"].uid),
        "valid_from": days(0).isoformat(),
        "valid_to": days(-1).isoformat(),
        "reason": "外出开会",
    }
    wrong = li.post("/inbox/substitution/?q=林静怡", sent(**form))
    assert wrong.status_code == 400
    assert "外出开会" in wrong.content.decode()
    assert "data-focus" in wrong.content.decode()
    form["valid_to"] = days(1).isoformat()
    for status in (303, 409):
        assert li.post("/inbox/substitution/?q=林静怡", sent(**form)).status_code == status
    assert li.post("/inbox/substitution/?q=林静怡", {**sent(**form), "idempotency_key": ""}).status_code == 400
    # Nobody but the administrator names somebody else.
    assert lin.post("/inbox/substitution/?q=王珊", sent(**form)).status_code == 400

    assert "已委托林静怡代办" in page(li)
    town.open()
    assert "代李萌" in page(lin)
    assert "由您代李萌办理" in page(lin, "/")
    away = town.browser("sun")
    assert "林静怡" in page(away, "/inbox/substitution/?away=李萌&q=王珊")
    row = Substitution.objects.get()
    assert town.browser("zhao").post(f"/inbox/substitution/{row.uid}/end/", sent()).status_code == 404
    assert lin.post(f"/inbox/substitution/{row.uid}/end/", sent()).status_code == 303
    assert shown(page(lin)) == []


def test_the_desk_shows_figures_that_lead_on_and_the_first_ten(town: Town) -> None:
    for number in range(12):
        town.open(f"s{number}", due_on=days(number - 1))
    html = page(town.browser("li"), "/")
    assert len(shown(html)) == 10
    for words in ("1 件已超期", "1 件今天到期", "查看全部 12 件", 'href="/cases/?view=overdue"'):
        assert words in html
    assert page(town.browser("wang"), "/cases/", status=200).count("待办事项<b>12</b>") == 2


def test_the_api_tells_a_box_strictly(town: Town) -> None:
    item = town.open("review", due_on=days(-1), urgent=True, to=ToPerson(town.people["li"], town.bureau))
    town.open(source=1)
    client = town.browser("li")
    answer = client.get("/api/v1/work-items/?page_size=1").json()
    assert answer["count"] == 2
    assert answer["results"] == [
        {
            "uid": str(item.uid), "kind": "do", "step": "review", "title": "事项第0件", "number": "m0", "url": "/units/m0/",
            "unit": "jyj", "due": days(-1).isoformat(), "light": "red", "urgent": True, "claimed_by": None, "urged": 0,
            "version": 1, "created_at": answer["results"][0]["created_at"],
        }
    ]  # fmt: skip
    town.matters.hide(town.sources[0], town["li"])
    assert client.get("/api/v1/work-items/?box=todo").json()["count"] == 1
    for bad in ("box=all", "unit=jyj", "page=0"):
        response = client.get(f"/api/v1/work-items/?{bad}")
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
        assert list(response.json()["errors"]) == [bad.partition("=")[0]]
    assert client.get("/api/v1/work-items/?page=2").status_code == 404
