"""The main navigation: what it offers, and which of it is current."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from portal.enums import ColumnKind
from portal.models import ArticlePage, ColumnPage, HomePage

DISCLOSURE_COLUMN = "gongkai"
SERVICE_COLUMN = "fuwu"
SECTIONS = {
    ColumnKind.NEWS: "disclosure",
    ColumnKind.DISCLOSURE: "disclosure",
    ColumnKind.TOPIC: "disclosure",
    ColumnKind.SERVICE: "service",
    ColumnKind.INTERACTION: "interaction",
}

# Pages outside of the page tree.
NAMESPACES = {"petitions": "interaction", "portal": "disclosure"}


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    section: str
    current: bool
    language: str = ""


def main_navigation(request: HttpRequest, page: Any) -> list[Item]:
    """The items that lead somewhere. Costs one query for the columns."""
    here = section_of(request, page)
    columns = _columns(request)
    # Columns are published in the city's own language, on whatever page one is.
    candidates = [
        ("home", pgettext("navigation", "Home"), reverse("wagtail_serve", args=[""]), ""),
        ("disclosure", gettext("Open government"), columns.get(DISCLOSURE_COLUMN), "zh-Hans"),
        ("service", gettext("Services"), columns.get(SERVICE_COLUMN), "zh-Hans"),
        ("interaction", gettext("Interaction"), reverse("petitions:landing"), ""),
    ]
    return [
        Item(label=label, url=url, section=section, current=section == here, language=language)
        for section, label, url, language in candidates
        if url
    ]


def section_of(request: HttpRequest, page: Any) -> str:
    """The section in which a page stands, or nothing."""
    if isinstance(page, HomePage):
        return "home"
    if isinstance(page, ArticlePage):
        page = page.get_parent().specific
    if isinstance(page, ColumnPage):
        return SECTIONS[ColumnKind(page.kind)]
    match = request.resolver_match
    return NAMESPACES.get(match.namespace, "") if match is not None else ""


def _columns(request: HttpRequest) -> dict[str, str | None]:
    columns = ColumnPage.objects.with_content().filter(
        slug__in=(DISCLOSURE_COLUMN, SERVICE_COLUMN), locale__language_code=settings.LANGUAGE_CODE
    )
    return {column.slug: column.get_url(request) for column in columns}
