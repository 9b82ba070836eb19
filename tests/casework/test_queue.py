"""The queue: its views, filters, order and pages, and what it says when there is nothing."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import User
from core.workdays import local_date, next_working_day
from internal_bridge.casework.models import Case, SavedView
from tests.casework.cases import make_case, make_person
from tests.casework.office import ASSISTING, LEAD, OTHER, Office
from tests.exchange.peers import Peer
from tests.org.people import make_unit

pytestmark = pytest.mark.django_db

Get = Callable[..., str]


@pytest.fixture
def get(office: Client) -> Get:
    """What the list answers to a query."""

    def asked(query: str = "", status: int = 200) -> str:
        response = office.get(f"/cases/{query}")
        assert response.status_code == status
        return response.content.decode()

    return asked


def numbers(html: str) -> list[str]:
    """The cases of the page, in its order."""
    return re.findall(r'name="chosen" value="([\d-]+):\d+"', html)


def tabs(html: str) -> dict[str, str]:
    """The views and their counts."""
    return dict(re.findall(r"data-view[^>]*>([^<]+)<b[^>]*>([^<]+)</b>", html))


def link(html: str, rel: str) -> str:
    found = re.search(rf'href="/cases/(\?[^"]*)" rel="{rel}"', html)
    return found[1].replace("&amp;", "&") if found else ""


def due_in(days: int, **more: Any) -> Case:
    """A case under way whose limit is so many days away."""
    case = make_case(**more)
    Case.objects.filter(pk=case.pk).update(due_on=local_date(timezone.now()) + datetime.timedelta(days=days))
    return case


def as_(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


# --- Views ----------------------------------------------------------------------------------------------------------------
@pytest.mark.db
def test_each_role_has_its_views_and_each_view_its_cases(town: Office, peer: Peer) -> None:
    """One case in each state of its life, then each role's counts."""
    states = ["registered", "accepted", "dispatched", "returning", "in_progress", "drafted", "checking", "answered"]
    cases = {state: town.bring(town.register(peer), state, assisting=state == "in_progress") for state in states}
    Case.objects.filter(pk=cases["accepted"].pk).update(withdrawal_asked_at=timezone.now())

    dispatcher = tabs(as_(town["dispatcher"]).get("/cases/").content.decode())
    assert dispatcher == {
        "在办": "7", "待受理": "1", "待转办": "1", "今天到期": "0", "已超期": "0", "退单待审": "1", "待核查答复": "1",
        "申请撤回": "1", "我认领的": "0", "已办结": "1", "全部": "8",
    }  # fmt: skip
    handler = tabs(as_(town[f"handler.{LEAD}"]).get("/cases/").content.decode())
    assert (handler["待签收"], handler["办理中"], handler["待审核"], handler["会办"]) == ("1", "1", "1", "0")
    assert handler["全部"] == "6"
    assisting = as_(town[f"handler.{ASSISTING}"])
    assert tabs(assisting.get("/cases/").content.decode())["会办"] == "1"
    assert numbers(assisting.get("/cases/?view=to_sign").content.decode()) == [cases["in_progress"].number]
    inspector = tabs(as_(town["inspector"]).get("/cases/").content.decode())
    assert next(iter(inspector)) == "已超期"
    assert tabs(as_(town[f"handler.{OTHER}"]).get("/cases/").content.decode())["全部"] == "0"
    for view, state in (
        ("to_decide", "registered"),
        ("to_dispatch", "accepted"),
        ("returns", "returning"),
        ("to_check", "checking"),
    ):
        html = as_(town["dispatcher"]).get(f"/cases/?view={view}").content.decode()
        assert numbers(html) == [cases[state].number], view


def test_limits_decide_what_is_due_today_and_what_is_overdue(get: Get) -> None:
    late, today, later = due_in(-1), due_in(0), due_in(9)
    paused = due_in(-3)
    Case.objects.filter(pk=paused.pk).update(paused_at=timezone.now())
    assert numbers(get("?view=overdue")) == [late.number]
    assert numbers(get("?view=due_today")) == [today.number]
    html = get("?view=under_way")
    assert numbers(html) == [paused.number, late.number, today.number, later.number]
    assert tabs(html)["已超期"] == "1"
    for words in ("已超期 1 天", "今天到期", "红灯 1", "黄灯 1", "绿灯 1", "按期限，先到期在前"):
        assert words in html, words


def test_a_count_stops_where_a_reader_stops_caring(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.presenters.COUNT_CAP", 3)
    monkeypatch.setattr("internal_bridge.casework.presenters.queue.COUNT_CAP", 3)
    for days in (-2, -1, 0, 5, 6):
        due_in(days)
    html = get("?view=under_way")
    assert tabs(html)["在办"] == "3+"
    # Sorted by limit, so whatever is late has been counted to its end.
    assert "红灯 2" in html
    assert "红灯 2+" not in html
    assert "黄灯 1+" in html


# --- Filters --------------------------------------------------------------------------------------------------------------
def test_every_filter_narrows_the_list_and_stands_as_a_chip(get: Get) -> None:
    tomorrow = next_working_day(local_date(timezone.now()))
    wanted = due_in(0, title="滨河路路灯不亮")
    Case.objects.filter(pk=wanted.pk).update(
        kind="help",
        place="云溪区人民路",
        expedited=True,
        complexity="investigation",
        lead_unit=make_unit("cgj", short_name="市城管局"),
        state="dispatched",
    )
    due_in(40, title="别的事")
    today = local_date(timezone.now()).isoformat()
    for query, chip in (
        ("kind=help", "求助"), ("state=dispatched", "待签收"), ("unit=cgj", "市城管局"), ("unit=城管", "市城管局"),
        ("light=yellow", "黄灯"), (f"due_from={today}&due_to={tomorrow}", today), ("urgent=true", "加急"),
        ("complexity=investigation", "需调查"), ("place=人民路", "人民路"), ("q=路灯", "路灯"),
        (f"q={wanted.number}", wanted.number), ("kind=help&kind=report", "求助、举报"),
    ):  # fmt: skip
        html = get(f"?view=all&{query}")
        assert numbers(html) == [wanted.number], query
        chips = re.findall(r'<li class="zq-chip">[^<]*<b>([^<]*)</b>', html)
        assert chip in chips, (query, chips)
    assert len(numbers(get(f"?received_from={today}&received_to={today}"))) == 2


@pytest.mark.parametrize("spelt", ["scgj", "shichengguanju", "chengguan", "cgj", "市城管局", "城管"])
def test_a_unit_is_found_as_it_is_said(get: Get, spelt: str) -> None:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(lead_unit=make_unit("chengguan", short_name="市城管局", name="云岭市城市管理局"))
    make_case()
    assert numbers(get(f"?view=all&unit={spelt}")) == [case.number]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kind=nonsense", "类别"),
        ("state=foo", "状态"),
        ("unit=没有这个单位", "没有名为"),
        ("light=blue", "灯"),
        ("due_from=yesterday", "期限"),
        ("due_from=2026-10-02&due_to=2026-10-01", "早于"),
    ],
)
def test_a_filter_that_means_nothing_is_named_and_left_out(get: Get, query: str, words: str) -> None:
    case = make_case()
    html = get(f"?view=all&{query}")
    note = re.search(r'role="alert">(.*?)</div></div>', html, re.S)
    assert note
    assert words in note[1]
    assert numbers(html) == [case.number]


@pytest.mark.parametrize(
    "query", ["page=7", "sort=title", "view=nonsense", "before=x", "after=-1", "ordering=title", "deleted=x"]
)
def test_what_the_list_does_not_know_it_ignores(get: Get, query: str) -> None:
    case = make_case()
    html = get(f"?{query}")
    assert numbers(html) == [case.number]
    assert 'role="alert"' not in html


def test_a_chip_is_taken_away_by_its_link(get: Get) -> None:
    html = get("?view=all&kind=help&place=人民路")
    found = re.search(r'类别 <b>求助</b><a href="/cases/(\?[^"]*)"', html)
    assert found
    assert "kind" not in found[1]
    assert "place" in found[1]
    assert "view=all" in found[1]


# --- Pages and order ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ordering", ["due", "-received_at"])
def test_the_list_pages_through_every_case_once_and_back(get: Get, ordering: str) -> None:
    now, today = timezone.now(), local_date(timezone.now())
    cases = [make_case(received_at=now - datetime.timedelta(minutes=index // 3)) for index in range(60)]
    for index, case in enumerate(cases):
        # Several on a day, and some without any limit: the key decides between them.
        case.due_on = None if index % 7 == 0 else today + datetime.timedelta(days=index % 5)
        case.save()
    far = datetime.date.max
    by = {
        "due": lambda case: (case.due_on or far, case.pk),
        "-received_at": lambda case: (-case.received_at.timestamp(), -case.pk),
    }
    expected = [case.number for case in sorted(cases, key=by[ordering])]

    seen, query, pages = [], f"?view=all&ordering={ordering}", []
    while query:
        html = get(query)
        pages.append(numbers(html))
        seen += pages[-1]
        query = link(html, "next")
    assert seen == expected
    assert [len(page) for page in pages] == [25, 25, 10]
    back = get(link(html, "prev"))
    assert numbers(back) == pages[1]
    first = get(link(back, "prev"))
    assert numbers(first) == pages[0]
    assert not link(first, "prev")


@pytest.mark.parametrize("ordering", ["due", "-received_at"])
def test_a_case_leads_to_its_neighbours_in_the_list_from_which_one_came(office: Client, get: Get, ordering: str) -> None:
    for index in range(4):
        due_in(index % 2, title="江滨路噪声")
    due_in(0, title="别处")
    html = get(f"?view=all&q=江滨&ordering={ordering}")
    listed = numbers(html)
    address = re.search(r'href="(/cases/2[^"]*)" data-row', html)
    assert address

    def walk(address: str, rel: str) -> list[str]:
        seen = []
        while address:
            page = office.get(address.replace("&amp;", "&")).content.decode()
            seen.append(address[7:24])
            found = re.search(rf'href="([^"]*)" rel="{rel}"', page)
            address = found[1] if found else ""
        return seen

    forth = walk(address[1], "next")
    assert forth == listed
    assert walk(address[1].replace(listed[0], listed[-1]), "prev") == listed[::-1]


# --- Nothing --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "words"),
    [("?view=to_check", "都已办完"), ("?view=all&kind=report", "没有符合条件的来件"), ("?view=ended", "这里没有来件")],
)
def test_an_empty_list_says_what_that_means(get: Get, query: str, words: str) -> None:
    assert words in get(query)


def test_who_has_no_right_is_told_so(db: None) -> None:
    make_case()
    html = as_(make_person("other")).get("/cases/").content.decode()
    assert "没有您可以查看的信访件" in html
    assert not numbers(html)


# --- Views of one's own ---------------------------------------------------------------------------------------------------
def test_a_filter_is_saved_under_a_name_deleted_and_brought_back(office: Client, dispatcher: User, get: Get) -> None:
    case = due_in(1)
    Case.objects.filter(pk=case.pk).update(place="滨河路")
    make_case()
    form = office.get("/cases/views/?view=under_way&place=滨河路&nonsense=1").content.decode()
    key = re.search(r'name="idempotency_key" value="([^"]+)"', form)
    query = re.search(r'name="query" value="([^"]+)"', form)
    assert key
    assert query
    sent = {"name": " 滨河路 噪声 ", "query": query[1].replace("&amp;", "&"), "idempotency_key": key[1]}
    for _repeat in range(2):
        response = office.post("/cases/views/", sent)
        assert response.status_code == 303
    [view] = SavedView.objects.all()
    assert (view.name, view.owner) == ("滨河路 噪声", dispatcher)

    html = office.get(response["Location"]).content.decode()
    assert tabs(html)["滨河路 噪声"] == "1"
    assert numbers(html) == [case.number]
    assert "删除此视图" in html

    taken = office.post("/cases/views/", sent | {"idempotency_key": "a" * 22})
    assert taken.status_code == 400
    assert "已有同名视图" in taken.content.decode()

    gone = office.post(f"/cases/views/{view.pk}/delete/")
    html = office.get(gone["Location"]).content.decode()
    assert "滨河路 噪声" not in tabs(html)
    assert "撤销" in html
    assert office.post(f"/cases/views/{view.pk}/restore/").status_code == 303
    assert tabs(get())["滨河路 噪声"] == "1"

    # Nobody else sees it, or can take it away.
    other = as_(make_person("colleague", "dispatcher"))
    assert "滨河路 噪声" not in tabs(other.get("/cases/").content.decode())
    assert other.post(f"/cases/views/{view.pk}/delete/").status_code == 404
    assert other.post(f"/cases/views/{view.pk}/restore/").status_code == 404


# --- How often the database is asked ----------------------------------------------------------------------------------------
def test_a_list_asks_as_often_for_many_cases_as_for_few(office: Client, get: Get) -> None:
    def counts() -> list[int]:
        found = []
        for query in ("", "?view=overdue", "?view=all&kind=complaint&light=red", "?q=路灯", "?unit=市", "?view=claimed"):
            with CaptureQueriesContext(connection) as captured:
                get(query)
            found.append(len(captured))
        return found

    for days in range(10):
        due_in(days - 5)
    get()
    few = counts()
    for days in range(60):
        due_in(days - 30)
    assert counts() == few
    assert max(few) <= 36
