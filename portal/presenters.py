"""Puts what the pages show into the shape in which the templates show it. Takes querysets and pages, asks no model by name."""

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy

from core.enums import PetitionKind
from core.paging import page_links
from petitions.models import Unit
from portal.querysets import ArticleQuerySet, ColumnQuerySet

if TYPE_CHECKING:
    from portal.models import ArticlePage, ColumnPage, HomePage

HOME_TABS = ("yaowen", "tongzhi", "bumen")
HOME_TAB_ROWS = 7
HOME_POLICIES = 4
HOME_GUIDES = 9
HOME_DISCLOSURES = 5
ARTICLES_A_PAGE = 15
TOC_FROM = 3  # headings


KIND_INVITATIONS = {
    PetitionKind.CONSULTATION: pgettext_lazy("petition", "Ask"),
    PetitionKind.COMPLAINT: pgettext_lazy("petition", "Complain"),
    PetitionKind.REPORT: pgettext_lazy("petition", "Report"),
    PetitionKind.SUGGESTION: pgettext_lazy("petition", "Suggest"),
    PetitionKind.HELP: pgettext_lazy("petition", "Get help"),
}


@dataclass(frozen=True)
class Tab:
    column: "ColumnPage"
    articles: list["ArticlePage"]


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Function:
    """One of the four functions; it leads where its first link leads."""

    title: str
    text: str
    icon: str
    links: list[Link]

    @property
    def url(self) -> str:
        return self.links[0].url


def home(page: "HomePage", *, request: HttpRequest, columns: ColumnQuerySet, articles: ArticleQuerySet) -> dict[str, Any]:
    """The front page's context. A section without content is not there at all (a government site has no empty columns)."""
    by_slug = {column.slug: column for column in columns}

    def newest(slug: str, limit: int) -> list["ArticlePage"]:
        return list(articles.child_of(by_slug[slug]).for_list()[:limit]) if slug in by_slug else []

    headline = _if_live(page.headline)
    policies = newest("zhengce", HOME_POLICIES)
    prefetch_related_objects(policies, "interpretations")
    tabs = [Tab(column=by_slug[slug], articles=newest(slug, HOME_TAB_ROWS)) for slug in HOME_TABS if slug in by_slug]
    return {
        "columns": by_slug,
        "headline": headline,
        "headline_clauses": headline.title.split() if headline else [],
        "feature": _if_live(page.feature),
        "scene_url": static(f"img/scene-{page.scene}.svg"),
        "tabs": [tab for tab in tabs if tab.articles],
        "functions": functions(by_slug, request),
        "kinds": [{"value": kind.value, "label": KIND_INVITATIONS[kind]} for kind in PetitionKind],
        "guides": newest("fuwu", HOME_GUIDES),
        "policies": policies,
        "disclosures": newest("gongkai", HOME_DISCLOSURES),
    }


def functions(columns: dict[str, "ColumnPage"], request: HttpRequest) -> list[Function]:
    """The four functions of a government site, each with what of it exists; one that leads nowhere is left out."""

    def to_columns(*slugs: str) -> list[Link]:
        present = [columns[slug] for slug in slugs if slug in columns]
        return [Link(label=column.title, url=column.get_url(request)) for column in present]

    new = reverse("petitions:new")
    ask = [
        Link(label=gettext("Ask how it works"), url=f"{new}?kind=consultation"),
        Link(label=gettext("Request help"), url=f"{new}?kind=help"),
    ]
    write = [
        Link(label=gettext("Write to the city"), url=new),
        Link(label=gettext("Follow a petition"), url=reverse("petitions:follow")),
    ]
    services = to_columns("fuwu")
    candidates = [
        Function(
            title=gettext("Information"),
            text=gettext("News, notices and documents of the city and its units"),
            icon="news",
            links=to_columns("yaowen", "tongzhi", "bumen", "quxian"),
        ),
        Function(
            title=gettext("Explanation and response"),
            text=gettext("What a policy means, and what becomes of the public's proposals"),
            icon="speech",
            links=to_columns("jiedu", "zhengce", "hudong", "zhuanti"),
        ),
        Function(
            title=gettext("Services"),
            text=gettext("What to bring, where to go, how long it takes, what it costs"),
            icon="checklist",
            links=[*services, *ask] if services else [],
        ),
        Function(
            title=gettext("Interaction"),
            text=gettext("Consultations, complaints, reports, suggestions, requests for help"),
            icon="talk",
            links=write,
        ),
    ]
    return [function for function in candidates if function.links]


def _if_live(article: "ArticlePage | None") -> "ArticlePage | None":
    return article if article is not None and article.live else None


def column(page: "ColumnPage", *, siblings: ColumnQuerySet, articles: ArticleQuerySet, params: QueryDict) -> dict[str, Any]:
    """A column's list, narrowed by the year and unit that the address names. What it does not know it leaves unnarrowed."""
    years = [date.year for date in articles.dates("published_at", "year", order="DESC")]
    units = list(Unit.objects.filter(pk__in=articles.order_by().values("unit")))
    year = next((year for year in years if str(year) == params.get("year")), None)
    unit = next((unit for unit in units if unit.code == params.get("unit")), None)
    if year:
        articles = articles.filter(published_at__year=year)
    if unit:
        articles = articles.filter(unit=unit)
    shown = Paginator(articles.for_list(), ARTICLES_A_PAGE).get_page(params.get("page"))
    kept: dict[str, Any] = {"unit": unit.code} if unit else {}
    chosen = ({"year": year} if year else {}) | kept
    return {
        "siblings": siblings,
        "years": [{"year": y, "query": urlencode({"year": y} | kept)} for y in years],
        "all_years_query": urlencode(kept),
        "year": year,
        "units": units,
        "unit": unit,
        "articles": shown,
    } | page_links(shown, chosen)


def article(
    page: "ArticlePage", *, column: "ColumnPage", siblings: ArticleQuerySet, interpretations: ArticleQuerySet
) -> dict[str, Any]:
    """An article's text with anchors, its table of contents, and what is worth reading next to it."""
    html, headings = body_with_anchors(page)
    return {
        "column": column,
        "topics": list(page.topics.all()),
        "body_html": html,
        "toc": headings if len(headings) >= TOC_FROM else [],
        "interpretations": list(interpretations.for_list()),
        "policy": _if_live(page.interprets),
        "related": list(siblings.for_list()[:5]),
    }


def body_with_anchors(page: "ArticlePage") -> tuple[SafeString, list[dict[str, str]]]:
    """The body's HTML with an id on each second-level heading, and these headings as ``{id, text}``."""
    headings: list[dict[str, str]] = []

    def anchor(match: re.Match[str]) -> str:
        heading = {"id": f"s{len(headings) + 1}", "text": unescape(strip_tags(match[1]))}
        headings.append(heading)
        return f'<h2 id="{heading["id"]}">{match[1]}</h2>'

    html = "".join(str(block.render()) for block in page.body)
    html = re.sub(r"<h2[^>]*>(.*?)</h2>", anchor, html, flags=re.DOTALL)
    # Every block escapes or sanitises what it renders.
    return mark_safe(html), headings  # nosec B308 B703
