"""The directory's pages: every open unit by kind, one unit with its history, and what is said of one that is closed."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from petitions.models import Unit
from petitions.querysets import today
from petitions.services import close_unit, note_unit
from tests.petitions.directory import FOUNDED, note_dozen
from tests.petitions.directory import unit as unit_of
from tests.petitions.letters import visible_text

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
LIST = "/units/"


@pytest.fixture(autouse=True)
def _city(home, unit):
    note_dozen()


def rename(code: str, name: str, *, on: datetime.date) -> None:
    kept = Unit.objects.get(code=code)
    told = unit_of(code, name, kept.short_name, kept.parent_code, kept.kind, kept.accepts_petitions, kept.position)
    note_unit(**told | {"valid_from": on}, told_on=on)


def page(client, path, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status
    html = response.content.decode()
    assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)", html)
    return html


def links(html: str) -> list[str]:
    """The units that a page's main part leads to, in order."""
    return re.findall(r'href="(?:/en)?/units/([a-z0-9-]+)/"', html.split("<main")[1].split("</main")[0])


def test_all_open_units_stand_by_kind_in_the_directorys_order(client):
    close_unit(code="gaj", valid_to=today() - DAY, successors=["xfj"])

    html = page(client, LIST)

    assert links(html) == ["yls", "zfb", "xfj", "zjj", "cgj", "swj", "rsks", "zgh", "gsjt", "yjq", "yjdw"]
    headings = re.findall(r'<h2 id="g-(\w+)">([^<]+)</h2><span>([^<]+)</span>', html)
    assert headings[2] == ("government_department", "政府工作部门", "3个单位")
    assert [key for key, _label, _count in headings][-2:] == ["county", "township"]
    assert "11个单位" in visible_text(html)


def test_a_kind_that_the_portal_does_not_know_stands_at_the_end(client):
    Unit.objects.filter(code="zfb").update(kind="space_agency")

    assert links(page(client, LIST))[-1] == "zfb"
    assert "其他单位" in page(client, LIST)
    assert page(client, "/units/zfb/")


def test_search_narrows_and_finds_what_was(client):
    rename("cgj", "云岭市综合执法局", on=today())
    close_unit(code="gaj", valid_to=today() - DAY, successors=["xfj"])

    assert links(page(client, LIST, q="zjj")) == ["zjj"]
    assert links(page(client, LIST, q="城市管理")) == ["cgj"]
    html = page(client, LIST, q="公安")
    assert links(html) == ["gaj"]
    assert "已撤销的单位" in html
    nothing = page(client, LIST, q='"><b>没有')
    assert "没有找到“&quot;&gt;&lt;b&gt;没有”" in nothing
    assert "petitions/new/" in nothing


def test_before_the_directory_has_come_the_page_says_so(client):
    Unit.objects.all().delete()

    assert "单位目录尚未送达" in page(client, LIST)


def test_a_units_page_says_what_it_is_and_leads_to_the_form(client):
    Unit.objects.filter(code="xfj").update(second_name="Yinzlingj Si Sinfangjgiz")

    html = page(client, "/units/xfj/")

    text = visible_text(html)
    for part in (
        "云岭市信访局",
        "Yinzlingj Si Sinfangjgiz",
        "市信访局的职责一",
        "市信访局的职责二",
        "上级单位",
        "政府工作部门",
    ):
        assert part in text
    assert links(html)[0] == "yls"
    assert f'{reverse("petitions:new")}?unit=xfj"' in html
    assert "曾用名" not in text
    assert '<option value="xfj" selected>' in page(client, "/petitions/new/", unit="xfj")
    for name in ("SiteName", "SiteIDCode", "ColumnName", "ColumnType", "description"):
        assert re.search(rf'<meta name="{name}" content="[^"]+">', html), name


def test_a_unit_that_takes_no_letters_says_where_to_write(client):
    html = page(client, "/units/rsks/")

    assert "该单位不直接受理来信" in html
    assert "?unit=" not in html.split("<main")[1].split("</main")[0]


def test_subordinate_units_stand_on_their_superiors_page(client):
    assert links(page(client, "/units/yjq/")) == ["yls", "yjdw"]
    close_unit(code="yjdw", valid_to=today() - DAY, successors=[])

    assert links(page(client, "/units/yjq/")) == ["yls"]


def test_former_names_stand_with_their_days(client):
    rename("cgj", "云岭市综合执法局", on=datetime.date(2026, 3, 1))

    text = visible_text(page(client, "/units/cgj/"))

    assert "云岭市综合执法局" in text
    assert f"云岭市城市管理局（市城管局） {FOUNDED} – 2026-02-28" in text


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_closed_unit_says_since_when_and_who_follows_it(client, language):
    close_unit(code="gaj", valid_to=today() - DAY, successors=["zjj"])
    close_unit(code="zjj", valid_to=today() - DAY, successors=["xfj", "cgj"])

    html = page(client, f"{language}/units/gaj/")

    assert links(html) == ["yls", "xfj", "cgj"]
    assert str(today() - DAY) in html
    assert ("This unit no longer exists" if language else "该单位已撤销") in html
    assert "?unit=" not in html.split("<main")[1].split("</main")[0]


def test_a_unit_that_will_be_closed_says_so_and_takes_letters_until_then(client):
    close_unit(code="gaj", valid_to=today() + DAY, successors=["xfj"])

    html = page(client, "/units/gaj/")

    assert "该单位即将撤销" in html
    assert "?unit=gaj" in html
    assert "xfj" in links(html)


def test_an_unknown_unit_is_not_found(client):
    page(client, "/units/nowhere/", status=404)


def test_articles_of_the_unit_stand_on_its_page(client, make_column, make_articles):
    make_articles(make_column(), count=7, unit=Unit.objects.get(code="gaj"))

    html = page(client, "/units/gaj/")

    assert len(re.findall(r'href="/tongzhi/', html.split("<main")[1])) == 5


def test_the_number_of_queries_stays_however_many_there_are(client, make_column, make_articles):
    def measured(path: str, **query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            page(client, path, **query)
        return len(caught)

    column = make_column()
    make_articles(column, count=1, unit=Unit.objects.get(code="yls"))
    page(client, "/units/yls/")  # warms what the CMS remembers of its sites
    few = [measured(LIST), measured(LIST, q="j"), measured("/units/yls/")]
    for n in range(200):
        note_unit(**unit_of(f"u{n}", f"第{n}局", f"{n}局", "yls", "institution", True, 100 + n), told_on=FOUNDED)
    for n in range(10):
        rename("yls", f"云岭市{n}", on=FOUNDED + (n + 1) * DAY)

    many = [measured(LIST), measured(LIST, q="j"), measured("/units/yls/")]

    assert many == few
    assert max(many) <= 10


def test_the_directory_can_be_reached_from_every_page_and_stands_in_open_government(client):
    html = page(client, "/en/units/")

    assert "Unit directory" in visible_text(html)
    assert '<a href="/units/">' in page(client, "/petitions/").split("<footer")[1]
    assert 'hreflang="zh-Hans"' in html
