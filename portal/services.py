"""What can be done to the portal's content."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site, WorkflowPage

from core.models import User
from petitions.models import Unit
from portal.demo import columns as demo
from portal.imports import body_blocks
from portal.models import ArticlePage, ColumnPage, HomePage, Topic

__all__ = ["seed_pages"]

ARTICLES = Path(__file__).parent / "demo" / "articles"
REVIEWERS = "Site reviewers"
REVIEWER = "site.reviewer"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
COLLECTION_PERMISSIONS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
MODEL_PERMISSIONS = ("access_admin", "add_topic", "change_topic", "view_topic", "view_unit")


@dataclass(frozen=True)
class _Story:
    """One article of the demonstration and the column it stands in."""

    column: demo.Column
    data: dict[str, Any]


def seed_pages(*, reviewer_password: str) -> None:
    """Home pages, columns, articles and the site reviewer's account. A repetition adds what is missing and changes nothing.

    Needs the units (``petitions.Unit``); an article of a unit that is not there raises ``Unit.DoesNotExist``.
    """
    stories = list(_stories())
    password = make_password(reviewer_password)
    with transaction.atomic():
        home = _seed_home()
        columns = _seed_columns(home)
        _seed_articles(columns, stories)
        _choose_headlines(home)
        _seed_english(home)
        _seed_reviewers(home.get_root(), password)


def _stories() -> Iterator[_Story]:
    for column in demo.COLUMNS:
        with (ARTICLES / f"{column.slug}.jsonl").open(encoding="utf-8") as lines:
            rows = sorted(map(json.loads, lines), key=lambda row: row["published"])
        yield from (_Story(column, row) for row in rows)


def _seed_home() -> HomePage:
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        home = HomePage(
            title="云岭市人民政府门户网站",
            slug="portal",
            locale=locale,
            search_description="云岭市人民政府门户网站：政务公开、办事指南、咨询投诉，件件有编号，办到哪一步随时看。",
        )
        Page.get_first_root_node().add_child(instance=home)
        home.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    welcome = site.root_page if site.root_page_id and site.root_page_id != home.pk else None
    if site.root_page_id != home.pk:
        site.root_page = home
        site.site_name = "云岭市人民政府门户网站"
        site.save()
        # Wagtail's own workflow asks nobody here; the three-step review brings its own.
        WorkflowPage.objects.filter(page=home.get_root()).delete()
    if welcome is not None and welcome.specific_class is Page:
        welcome.delete()
        home.refresh_from_db()
    return home


def _seed_columns(home: HomePage) -> dict[str, ColumnPage]:
    present = {column.slug: column for column in ColumnPage.objects.child_of(home)}
    for column in demo.COLUMNS:
        if column.slug not in present:
            page = ColumnPage(
                title=column.title,
                slug=column.slug,
                kind=column.kind,
                description=column.description,
                keywords=column.keywords,
                locale=home.locale,
            )
            home.add_child(instance=page)
            page.save_revision().publish()
            present[column.slug] = page
    return present


def _seed_articles(columns: dict[str, ColumnPage], stories: list[_Story]) -> None:
    """All pages first and their texts afterwards, because texts link to pages in both directions."""
    units = Unit.objects.in_bulk(field_name="code")
    topics = _seed_topics()
    under_demo = ArticlePage.objects.filter(slug__in=[story.data["id"] for story in stories])
    pages = {page.slug: page for page in under_demo}
    fresh = [story for story in stories if story.data["id"] not in pages]
    for story in fresh:
        if story.data["unit"] not in units:
            raise Unit.DoesNotExist(f"unit {story.data['unit']!r} of article {story.data['id']} is not in the directory")
        page = _new_article(story, units[story.data["unit"]])
        columns[story.column.slug].add_child(instance=page)
        pages[page.slug] = page
    targets = {slug: page.pk for slug, page in pages.items()}
    for story in fresh:
        page = pages[story.data["id"]]
        page.body = body_blocks(story.data["body"], targets)
        page.interprets_id = targets.get(story.data["interprets"])
        page.topics.set(topics[slug] for slug in story.data["topics"])
        page.save_revision(clean=False).publish()


def _seed_topics() -> dict[str, Topic]:
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    missing = [Topic(slug=slug, name=name) for slug, name in demo.TOPICS.items() if slug not in topics]
    return topics | {topic.slug: topic for topic in Topic.objects.bulk_create(missing)}


def _new_article(story: _Story, unit: Unit) -> ArticlePage:
    data = story.data
    return ArticlePage(
        title=data["title"],
        slug=data["id"],
        kind=story.column.article_kind,
        unit=unit,
        source=data["source"],
        published_at=datetime.fromisoformat(data["published"]),
        summary=data["summary"],
        keywords=",".join(data["keywords"]),
        doc_number=data["doc_number"] or "",
        index_number=data["index_number"] or "",
        live=False,
    )


def _choose_headlines(home: HomePage) -> None:
    if home.headline_id is None and home.feature_id is None:
        home.headline = ArticlePage.objects.filter(slug=demo.HEADLINE).first()
        home.feature = ArticlePage.objects.filter(slug=demo.FEATURE).first()
        home.save_revision().publish()


def _seed_english(home: HomePage) -> None:
    """The English home page offers the petitions, and says that news is published in Chinese."""
    english, _ = Locale.objects.get_or_create(language_code="en")
    if home.has_translation(english):
        return
    page = home.copy_for_translation(english)
    page.title = "Yunling Municipal Government"
    page.search_description = (
        "Yunling Municipal Government: ask, complain, report, suggest or request help in English, and follow what comes of it."
    )
    page.headline = page.feature = None
    page.save_revision().publish()


def _seed_reviewers(root: Page, password: str) -> None:
    group, _ = Group.objects.get_or_create(name=REVIEWERS)
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    library = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=COLLECTION_PERMISSIONS
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=library, permission=permission)
    group.permissions.add(
        *Permission.objects.filter(
            content_type__app_label__in=("wagtailadmin", "portal", "petitions"), codename__in=MODEL_PERMISSIONS
        )
    )
    reviewer, _ = User.objects.get_or_create(username=REVIEWER, defaults={"display_name": "网站终审", "password": password})
    reviewer.groups.add(group)
