from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from petitions.models import Unit
from portal.enums import ArticleKind, ColumnKind
from portal.models import ArticlePage, ColumnPage, HomePage

SPRING = datetime(2026, 3, 1, 9, 30, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="zfb", name="市人民政府办公室", short_name="市政府办", kind="leading_office")


@pytest.fixture
def home(db: None) -> HomePage:
    """A home page that is the site's root, in Chinese."""
    page = HomePage(title="门户网站", slug="portal", locale=Locale.objects.get(language_code="zh-hans"))
    Page.get_first_root_node().add_child(instance=page)
    Site.objects.update(root_page=page)
    return page


@pytest.fixture
def make_column(home: HomePage) -> Callable[..., ColumnPage]:
    def make(slug: str = "tongzhi", title: str = "通知公告", kind: str = ColumnKind.NEWS) -> ColumnPage:
        page = ColumnPage(title=title, slug=slug, kind=kind, description=f"{title}在这里。", locale=home.locale)
        home.add_child(instance=page)
        return page

    return make


@pytest.fixture
def make_articles(unit: Unit) -> Callable[..., list[ArticlePage]]:
    def make(column: ColumnPage, count: int = 1, **fields: Any) -> list[ArticlePage]:
        articles = []
        for n in range(count):
            values: dict[str, Any] = {
                "title": f"{column.title}{n}",
                "slug": f"{column.slug}-{n}",
                "kind": ArticleKind.NOTICE,
                "unit": unit,
                "source": unit.name,
                "summary": "一句话。",
                "published_at": SPRING + timedelta(days=n),
                "body": '[{"type": "text", "value": "<p>正文。</p>"}]',
                "locale": column.locale,
            }
            articles.append(column.add_child(instance=ArticlePage(**(values | fields))))
        return articles

    return make
