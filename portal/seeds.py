"""Demo content of the portal: its pages, and the logins of its CMS.

Pages and columns stand before the sites run. Articles and logins belong to units, so they wait until the office has told of the
directory over the bridge.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site, WorkflowPage

from core.models import User
from petitions.enums import UnitKind
from petitions.models import Unit
from portal.demo import columns as demo
from portal.demo.names import invented_names
from portal.imports import body_blocks
from portal.models import ArticlePage, ColumnPage, HomePage, Topic

__all__ = ["seed_articles", "seed_frame", "seed_logins"]

ARTICLES = Path(__file__).parent / "demo" / "articles"
REVIEWERS = "Site reviewers"
REVIEWER = "site.reviewer"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
COLLECTION_PERMISSIONS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
MODEL_PERMISSIONS = ("access_admin", "add_topic", "change_topic", "view_topic", "view_unit")
UNIT_PERMISSIONS = ("access_admin", "view_unit")
# They have no page: ``manage.py portal deadletters`` asks who they are. Two, because to skip takes two.
OPERATORS = "Bridge operators"
OPERATOR_LOGINS = ("bridge.one", "bridge.two")
# Group of a unit's people, and how their logins begin.
UNIT_GROUPS = {"Unit editors": "editor", "Unit reviewers": "reviewer"}


@dataclass(frozen=True)
class _Story:
    """One article of the demonstration and the column it stands in."""

    column: demo.Column
    data: dict[str, Any]


def seed_frame() -> None:
    """Home pages and columns. A repetition adds what is missing and changes nothing; neither does it below."""
    with transaction.atomic():
        home = _seed_home()
        _seed_columns(home)
        _seed_english(home)


def seed_articles() -> None:
    """The articles of all columns, and what the home page shows first. Needs the frame.

    Each column is a transaction of its own, as the sites run meanwhile; what was broken off is continued. An article of a unit
    that is not there raises ``Unit.DoesNotExist``.
    """
    home = HomePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
    columns = {column.slug: column for column in ColumnPage.objects.child_of(home)}
    topics = _seed_topics()
    stories = list(_stories())
    pages = _seed_articles(columns, stories)
    targets = {slug: page.pk for slug, page in pages.items()}
    for _column, rows in groupby(stories, key=lambda story: story.column.slug):
        with transaction.atomic():
            for story in rows:
                # A page without a revision was made, and its text was not.
                if pages[story.data["id"]].latest_revision_id is None:
                    _write(pages[story.data["id"]], story.data, targets, topics)
    with transaction.atomic():
        _choose_headlines(home)


def seed_logins(*, password_hash: str) -> int:
    """The site reviewer's login, and an editor's and a reviewer's for every city-level unit (11); returns how many were made.

    Unit groups may enter the CMS and do no more there: what they may edit comes with the review in three steps. Besides, two
    who operate the bridge and may not enter it.
    """
    units = Unit.objects.open().filter(parent_code=demo.CITY).exclude(kind=UnitKind.COUNTY)
    with transaction.atomic():
        made = _make_logins({REVIEWER: "网站终审"}, _site_reviewers(), password_hash)
        operators = zip(OPERATOR_LOGINS, invented_names(len(OPERATOR_LOGINS), seed="bridge"), strict=True)
        made += _make_logins(dict(operators), _group(OPERATORS, ("operate_bridge",)), password_hash)
        for group, prefix in UNIT_GROUPS.items():
            usernames = [f"{prefix}.{code}" for code in units.order_by("code").values_list("code", flat=True)]
            people = dict(zip(usernames, invented_names(len(usernames), seed=prefix), strict=True))
            made += _make_logins(people, _group(group, UNIT_PERMISSIONS), password_hash)
    return made


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


def _seed_articles(columns: dict[str, ColumnPage], stories: list[_Story]) -> dict[str, ArticlePage]:
    """All pages first and their texts afterwards, because texts link to pages in both directions. Returns them by slug."""
    units = Unit.objects.in_bulk(field_name="code")
    pages = {page.slug: page for page in ArticlePage.objects.filter(slug__in=[story.data["id"] for story in stories])}
    for slug, rows in groupby(stories, key=lambda story: story.column.slug):
        with transaction.atomic():
            for story in rows:
                if story.data["id"] in pages:
                    continue
                if story.data["unit"] not in units:
                    raise Unit.DoesNotExist(
                        f"unit {story.data['unit']!r} of article {story.data['id']} is not in the directory"
                    )
                page = _new_article(story, units[story.data["unit"]])
                columns[slug].add_child(instance=page)
                pages[page.slug] = page
    return pages


def _write(page: ArticlePage, data: dict[str, Any], targets: dict[str, int], topics: dict[str, Topic]) -> None:
    page.body = body_blocks(data["body"], targets)
    page.interprets_id = targets.get(data["interprets"])
    page.topics.set(topics[slug] for slug in data["topics"])
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


def _site_reviewers() -> Group:
    """Who may publish every page."""
    group = _group(REVIEWERS, MODEL_PERMISSIONS)
    root = Page.get_first_root_node()
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    library = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=COLLECTION_PERMISSIONS
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=library, permission=permission)
    return group


def _group(name: str, codenames: tuple[str, ...]) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    ours = Permission.objects.filter(content_type__app_label__in=("wagtailadmin", "portal", "petitions", "exchange"))
    group.permissions.add(*ours.filter(codename__in=codenames))
    return group


def _make_logins(people: dict[str, str], group: Group, password_hash: str) -> int:
    """Make those logins that are missing, by username with the person's name; returns how many."""
    present = set(User.objects.filter(username__in=people).values_list("username", flat=True))
    users = User.objects.bulk_create(
        User(username=username, display_name=name, password=password_hash)
        for username, name in people.items()
        if username not in present
    )
    group.user_set.add(*users)
    return len(users)
