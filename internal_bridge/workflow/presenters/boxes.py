"""待办事项: the boxes with their counts, the filters, and a page of one box in groups."""

import datetime
import functools
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import User
from core.paging import page_of
from core.presenters import Count
from internal_bridge.org.querysets import today
from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.paging import due_page
from internal_bridge.workflow.presenters.items import ItemRow, Reader, item_rows, reader_of
from internal_bridge.workflow.querysets import WorkItemQuerySet
from internal_bridge.workflow.registry import found_sources, labels

# Not a box of its own: what colleagues have taken of what is addressed to me too.
TAKEN = "taken"
# A part of what is to be done: overdue, or due today.
PRESSING = "pressing"
LONGEST_TEXT = 60


@dataclass(frozen=True)
class Query:
    """What the address asks for; what it does not know is left out."""

    box: str = Box.TODO
    app: str = ""
    text: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Query":
        box, app = request.GET.get("box", ""), request.GET.get("from", "")
        return cls(
            box=box if box in (*Box.values, TAKEN, PRESSING) else Box.TODO,
            app=app if app in labels() else "",
            text=request.GET.get("q", "").strip()[:LONGEST_TEXT],
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )

    @property
    def address(self) -> str:
        given = {"box": self.box, "from": self.app, "q": self.text, "after": self.after, "before": self.before}
        asked = {name: value for name, value in given.items() if value and (name, value) != ("box", Box.TODO)}
        return reverse("workflow:inbox") + (f"?{urlencode(asked)}" if asked else "")

    @property
    def first(self) -> "Query":
        """The same from its first page."""
        return replace(self, after="", before="")

    @property
    def unsearched(self) -> str:
        """The address without the search."""
        return replace(self.first, text="").address

    @property
    def is_filtered(self) -> bool:
        return bool(self.app or self.text)

    @property
    def is_open(self) -> bool:
        """Whether the box holds what is still open."""
        return self.box not in (Box.DONE, Box.READ)


@dataclass(frozen=True)
class Tab:
    """A box or a kind of matter, with how much is in it."""

    label: str
    url: str
    count: Count
    current: bool
    presses: bool = False


@dataclass(frozen=True)
class Group:
    """What is due in one span of time. ``look`` is empty, over or soon."""

    label: str
    look: str
    count: Count | None
    rows: list[ItemRow]


class InboxPage:
    """A page of a box. Asks the database as often for many items as for few."""

    def __init__(self, person: User, query: Query) -> None:
        self.person, self.query = person, query

    @cached_property
    def tabs(self) -> list[Tab]:
        named = [
            *((box, str(box.label)) for box in Box),
            (TAKEN, _("Taken by colleagues")),
            (PRESSING, _("Overdue and today")),
        ]
        counts = {box: Count.of(box_of(self.person, box)) for box, _label in named}
        return [
            Tab(label, Query(box=box).address, counts[box], box == self.query.box, box == PRESSING and bool(counts[box]))
            for box, label in named
        ]

    @cached_property
    def kinds(self) -> list[Tab]:
        """The kinds of matters to choose from; none where there is only one."""
        if len(labels()) < 2:
            return []
        query = replace(self.query.first, app="")
        kinds = [Tab(_("All"), query.address, Count.of(self._found("")), not self.query.app)]
        for app, label in labels().items():
            kinds.append(Tab(label, replace(query, app=app).address, Count.of(self._found(app)), app == self.query.app))
        return kinds

    @cached_property
    def total(self) -> Count:
        return Count.of(self._found(self.query.app))

    @cached_property
    def groups(self) -> list[Group]:
        if self.query.is_open:
            return due_groups(self._found(self.query.app), self._page.rows, self.person)
        rows = item_rows(self._page.rows, self.person)
        return [Group("", "", None, rows)] if rows else []

    @cached_property
    def reader(self) -> Reader | None:
        """The first of the list, where there is room for it beside the list."""
        return reader_of(self._page.rows[0], self.person) if self.groups else None

    @property
    def further(self) -> str:
        """The address of what comes next; empty at the end."""
        if self.query.is_open:
            return replace(self.query.first, after=self._page.after).address if self._page.after else ""
        return replace(self.query.first, before=self._page.older).address if self._page.older else ""

    @property
    def is_first(self) -> bool:
        return not (self.query.after or self.query.before)

    @cached_property
    def _page(self) -> Any:
        rows = self._found(self.query.app).for_rows(self.person)
        if self.query.is_open:
            return due_page(rows, after=self.query.after)
        return page_of(rows, by="closed_at", before=self.query.before)

    def _found(self, app: str) -> WorkItemQuerySet:
        rows = box_of(self.person, self.query.box)
        if app:
            rows = rows.filter(app=app)
        return rows.filter(found_sources(self.person, self.query.text)) if self.query.text else rows


def box_of(person: User, box: str) -> WorkItemQuerySet:
    """A box of ``person``'s, what colleagues have taken, or what presses."""
    if box == PRESSING:
        return WorkItem.objects.box(person, Box.TODO).filter(due_order__lte=today())
    return WorkItem.objects.taken_by_others(person) if box == TAKEN else WorkItem.objects.box(person, box)


def todo_count(person: User) -> Count:
    """How much ``person`` has to do, for the navigation."""
    return Count.of(WorkItem.objects.box(person, Box.TODO))


def due_groups(found: WorkItemQuerySet, page: list[Any], person: User) -> list[Group]:
    """The rows of ``page`` by when they are due, each group with how many there are in ``found``."""
    rows = item_rows(page, person)
    groups = []
    for label, look, condition, holds in _spans(today()):
        inside = [row for row in rows if holds(row.due_on)]
        if inside:
            groups.append(Group(label, look, Count.of(found.filter(condition)), inside))
    return groups


def _spans(day: datetime.date) -> list[tuple[str, str, Q, Any]]:
    """Overdue, today, the rest of this week (to Sunday), later, without limit."""
    sunday = day + datetime.timedelta(days=6 - day.weekday())

    def within(first: datetime.date | None, last: datetime.date | None, due: datetime.date | None) -> bool:
        return due is not None and (first is None or due >= first) and (last is None or due <= last)

    tomorrow, yesterday = day + datetime.timedelta(days=1), day - datetime.timedelta(days=1)
    later = max(sunday, day) + datetime.timedelta(days=1)
    return [
        (_("Overdue"), "over", Q(due_order__lt=day), functools.partial(within, None, yesterday)),
        (_("Due today"), "soon", Q(due_order=day), functools.partial(within, day, day)),
        (_("This week"), "", Q(due_order__range=(tomorrow, sunday)), functools.partial(within, tomorrow, sunday)),
        (_("Later"), "", Q(due_order__gte=later, due_on__isnull=False), functools.partial(within, later, None)),
        (_("Without limit"), "", Q(due_on=None), lambda due: due is None),
    ]
