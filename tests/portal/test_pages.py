"""What a reader sees, and that it costs the same number of queries however much there is."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from petitions.models import Unit
from portal.enums import ColumnKind
from portal.models import ArticlePage, ColumnPage, HomePage, Topic
from portal.presenters import ARTICLES_A_PAGE

pytestmark = pytest.mark.django_db

MakeColumn = Callable[..., ColumnPage]
MakeArticles = Callable[..., list[ArticlePage]]


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def meta(html: str, name: str) -> str | None:
    found = re.search(rf'<meta name="{name}" content="([^"]*)">', html)
    return found[1] if found else None


def test_home_leaves_out_what_is_empty(client: Client, home: HomePage, make_column: MakeColumn) -> None:
    make_column("yaowen", "要闻")
    html = text(client, "/")
    assert "要闻" not in html
    assert "data-zq-tabs" not in html
    assert "我要投诉" in html


def test_home_shows_headline_tabs_and_functions(
    client: Client, home: HomePage, make_column: MakeColumn, make_articles: MakeArticles
) -> None:
    article = make_articles(make_column("yaowen", "要闻"), 1, title="市政府开会 研究供水")[0]
    make_articles(make_column("fuwu", "办事指南", ColumnKind.SERVICE), 2)
    home.headline = home.feature = article
    home.save()
    html = text(client, "/")
    assert "<span>市政府开会</span> <span>研究供水</span>" in html
    assert 'href="/yaowen/yaowen-0/"' in html
    assert 'href="#yaowen"' in html
    assert "办事服务" in html


def test_unpublished_headline_disappears(
    client: Client, home: HomePage, make_column: MakeColumn, make_articles: MakeArticles
) -> None:
    home.headline = make_articles(make_column(), 1, title="撤下的头条", live=False)[0]
    home.save()
    assert "撤下的头条" not in text(client, "/")


@pytest.mark.parametrize("address", ["/", "/tongzhi/", "/tongzhi/tongzhi-0/"])
def test_queries_do_not_grow_with_content(
    client: Client,
    home: HomePage,
    make_column: MakeColumn,
    make_articles: MakeArticles,
    django_assert_num_queries: Any,
    address: str,
) -> None:
    for slug, kind in (("yaowen", ColumnKind.NEWS), ("zhengce", ColumnKind.DISCLOSURE), ("fuwu", ColumnKind.SERVICE)):
        make_articles(make_column(slug, slug, kind), 1)
    column = make_column()
    make_articles(column, 1)
    text(client, address)  # what Wagtail remembers of its sites is remembered now
    with django_assert_num_queries(_queries_of(client, address)):
        text(client, address)
    before = _queries_of(client, address)
    another = Unit.objects.create(code="jyj", name="市教育局", short_name="市教育局", kind="government_department")
    for n in range(12):
        make_articles(column, 1, slug=f"more-{n}", unit=another)
        make_articles(ColumnPage.objects.get(slug="zhengce"), 1, slug=f"policy-{n}", unit=another)
    with django_assert_num_queries(before):
        text(client, address)


def _queries_of(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_column_pages_and_narrows(client: Client, make_column: MakeColumn, make_articles: MakeArticles, unit: Unit) -> None:
    column = make_column()
    make_articles(column, ARTICLES_A_PAGE + 2)
    make_articles(column, 1, slug="old", title="去年的公告", published_at=datetime(2025, 6, 1, tzinfo=UTC))
    first = text(client, "/tongzhi/")
    assert f"共{ARTICLES_A_PAGE + 3}条" in first
    assert "去年的公告" not in first
    assert 'rel="next"' in first
    assert "去年的公告" in text(client, "/tongzhi/?page=2")
    assert "去年的公告" in text(client, "/tongzhi/?year=2025")
    assert "共1条" in text(client, f"/tongzhi/?year=2025&unit={unit.code}")


@pytest.mark.parametrize("query", ["page=99", "page=x", "year=1999", "year=x", "unit=nobody"])
def test_column_takes_any_query(client: Client, make_column: MakeColumn, make_articles: MakeArticles, query: str) -> None:
    make_articles(make_column(), 2)
    assert "tongzhi-0" in text(client, f"/tongzhi/?{query}")


def test_a_year_begins_in_beijing(client: Client, make_column: MakeColumn, make_articles: MakeArticles) -> None:
    """16:30 UTC on New Year's Eve is the new year already."""
    make_articles(make_column(), 1, title="新年公告", published_at=datetime(2025, 12, 31, 16, 30, tzinfo=UTC))
    html = text(client, "/tongzhi/?year=2026")
    assert "新年公告" in html
    assert '<time datetime="2026-01-01">2026-01-01</time>' in html


def test_column_and_article_carry_the_required_metas(
    client: Client, make_column: MakeColumn, make_articles: MakeArticles
) -> None:
    make_articles(make_column(), 1, keywords="停水,检修")
    column = text(client, "/tongzhi/")
    assert meta(column, "SiteName") == "云岭市人民政府门户网站"
    assert meta(column, "SiteIDCode") == "9900000001"
    assert meta(column, "ColumnName") == "通知公告"
    assert meta(column, "ColumnType") == "动态"
    assert meta(column, "description")
    article = text(client, "/tongzhi/tongzhi-0/")
    assert meta(article, "ArticleTitle") == "通知公告0"
    assert meta(article, "PubDate") == "2026-03-01 09:30"
    assert meta(article, "ContentSource") == "市人民政府办公室"
    assert meta(article, "Keywords") == "停水,检修"
    assert '<html lang="zh-Hans"' in article


def test_article_has_anchors_and_contents(client: Client, make_column: MakeColumn, make_articles: MakeArticles) -> None:
    headings = "".join(f"<h2>第{n}章 <b>甲&amp;乙</b></h2><p>条文。</p>" for n in range(1, 4))
    make_articles(make_column(), 1, body=f'[{{"type": "text", "value": "{headings}"}}]')
    html = text(client, "/tongzhi/tongzhi-0/")
    assert '<h2 id="s2">第2章 <b>甲&amp;乙</b></h2>' in html
    assert '<a href="#s3">第3章 甲&amp;amp;乙</a>' not in html
    assert '<a href="#s3">第3章 甲&amp;乙</a>' in html


def test_article_shows_document_data_and_its_interpretation(
    client: Client, make_column: MakeColumn, make_articles: MakeArticles
) -> None:
    policy = make_articles(make_column("zhengce", "政策文件"), 1, doc_number="云政发〔2026〕1号", index_number="YL01")[0]
    policy.topics.set([Topic.objects.create(slug="housing", name="住房")])
    policy.save()
    make_articles(make_column("jiedu", "政策解读"), 1, title="一图读懂", interprets=policy)
    html = text(client, "/zhengce/zhengce-0/")
    assert "云政发〔2026〕1号" in html
    assert "住房" in html
    assert "一图读懂" in html
    assert "政策文件0" in text(client, "/jiedu/jiedu-0/")


def test_english_home_leads_to_the_petitions_and_the_chinese_columns(
    client: Client, home: HomePage, make_column: MakeColumn, make_articles: MakeArticles
) -> None:
    make_articles(make_column(), 1)
    english = home.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    english.title = "Yunling"
    english.save_revision().publish()
    html = text(client, "/en/")
    assert '<html lang="en"' in html
    assert 'href="/en/petitions/new/?kind=complaint"' in html
    assert 'href="/tongzhi/" hreflang="zh-Hans"' in html
    assert 'href="/" lang="zh-Hans" hreflang="zh-Hans"' in html
    assert 'href="/en/" lang="en" hreflang="en"' in text(client, "/")


def test_missing_page(client: Client, home: HomePage) -> None:
    html = text(client, "/nowhere/", status=404)
    assert "没有找到这个页面" in html
    assert 'href="/petitions/"' in html
