"""机构与通讯录: what a query asks for, whom it finds, and how the page says so."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count as CountRows
from django.db.models import Min, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import User
from core.presenters import Count
from internal_bridge.org.models import Appointment, Department, Person, Unit
from internal_bridge.org.paging import Page
from internal_bridge.org.presenters.people import PersonRow, card_of
from internal_bridge.org.presenters.tree import Tree
from internal_bridge.org.querysets import PersonQuerySet, lasting, today

UNIT, ALL, SEVERAL = "unit", "all", "several"
LONGEST = 60


@dataclass(frozen=True)
class View:
    """A saved view of the list."""

    label: str
    url: str
    count: Count
    current: bool


@dataclass(frozen=True)
class Query:
    """What the address asks for. Without anything: the people of one's own unit."""

    view: str = UNIT
    unit: Unit | None = None
    department: Department | None = None
    below: bool = False
    text: str = ""

    @classmethod
    def of(cls, request: HttpRequest, own: Unit | None) -> "Query":
        """Raises ``Http404`` for a unit or department that is not; what else it does not know it ignores."""
        asked = request.GET
        text = asked.get("q", "").strip()[:LONGEST]
        unit = _unit(asked["unit"], request) if asked.get("unit") else None
        if unit is not None:
            return cls(UNIT, unit, _department(asked.get("department", ""), unit), asked.get("below") == "1", text)
        view = asked.get("view", "")
        if view in (ALL, SEVERAL):
            return cls(view, text=text)
        # A search without a place asks the whole city: whoever sits in one's own unit is found without searching.
        return cls(ALL, text=text) if text or own is None else cls(UNIT, own)

    def address(self, **changes: Any) -> str:
        """The address of this query's page, with changes."""
        query = replace(self, **changes)
        asked: dict[str, Any] = {"unit": query.unit.code} if query.unit else {"view": query.view}
        asked |= {"department": query.department.pk} if query.department else {}
        asked |= {"below": 1} if query.below else {}
        asked |= {"q": query.text} if query.text else {}
        return f"?{urlencode(asked)}"


def _unit(code: str, request: HttpRequest) -> Unit:
    unit = Unit.objects.visible_to(request.user).open().filter(code=code).first()  # type: ignore[arg-type]
    if unit is None:
        raise Http404
    return unit


def _department(text: str, unit: Unit) -> Department | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise Http404
    department = Department.objects.filter(lasting(today()), unit=unit, pk=int(text)).first()
    if department is None:
        raise Http404
    return department


def people_of(query: Query, viewer: User) -> QuerySet[Person]:
    """Whom the query finds, in the order in which they are listed: by post within a unit, by name elsewhere."""
    people = Person.objects.visible_to(viewer).in_office()
    people = people.search(query.text)
    if query.department is not None:
        return _in_order(people.in_department(query.department), Q(post__department=query.department))
    if query.unit is not None and not query.below:
        return _in_order(people.in_unit(query.unit, with_descendants=False), Q(post__department__unit=query.unit))
    if query.unit is not None:
        people = people.in_unit(query.unit)
    elif query.view == SEVERAL:
        people = people.filter(pk__in=holders_of_several())
    return people.order_by("pinyin", "id")


def _in_order(people: PersonQuerySet, place: Q) -> QuerySet[Person]:
    """By the position of department and post at ``place``."""
    rows = Appointment.objects.counting().filter(place).values("pk")
    here = Q(appointments__in=rows)
    return people.annotate(
        first_department=Min("appointments__post__department__position", filter=here),
        first_post=Min("appointments__post__position", filter=here),
    ).order_by("first_department", "first_post", "pinyin", "id")


def holders_of_several() -> QuerySet[Any]:
    """The keys of those who hold two posts or more today."""
    present = Appointment.objects.counting().order_by().values("person")
    return present.annotate(posts=CountRows("id")).filter(posts__gte=2).values("person")


class DirectoryPage:
    """Everything on the page; its number of queries does not depend on how many people there are."""

    def __init__(self, viewer: User, query: Query, own: Unit | None, page: Page) -> None:
        self.viewer, self.query, self.own, self.page = viewer, query, own, page

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.viewer, unit=self.query.unit, department=self.query.department)

    @cached_property
    def branches(self) -> list[Any]:
        return self.tree.branches()

    @cached_property
    def views(self) -> list[View]:
        people = Person.objects.visible_to(self.viewer).in_office()
        address = reverse("org:directory")
        several = people.filter(pk__in=holders_of_several())
        views = [
            View(_("Whole city"), f"{address}?view={ALL}", Count.of(people), self.query.view == ALL),
            View(_("Several posts"), f"{address}?view={SEVERAL}", Count.of(several), self.query.view == SEVERAL),
        ]
        if self.own is not None:
            here = people.in_unit(self.own, with_descendants=False)
            views.insert(0, View(_("Own unit"), address, Count.of(here), self.query.unit == self.own))
        return views

    @cached_property
    def units(self) -> list[dict[str, str]]:
        """Units that the search finds too."""
        if not self.query.text:
            return []
        named = Unit.objects.visible_to(self.viewer).open().search(self.query.text)[:8]
        found = {unit.pk: unit for unit in [*named, *self.tree.matching(self.query.text)[:8]]}
        return [
            {"name": unit.short_name, "full": unit.name, "url": reverse("org:unit", args=[unit.code])}
            for unit in list(found.values())[:8]
        ]

    @cached_property
    def shown(self) -> Person | None:
        """Who stands beside the list at first: its first person."""
        return self.page.rows[0] if self.page.rows else None

    @cached_property
    def rows(self) -> list[PersonRow]:
        unit = None if self.query.below else self.query.unit
        return [
            PersonRow.of(person, unit=unit, department=self.query.department, current=person == self.shown)
            for person in self.page.rows
        ]

    @cached_property
    def card(self) -> Any:
        return card_of(self.shown, self.viewer) if self.shown else None

    @property
    def title(self) -> str:
        if self.query.unit is None:
            return _("Several posts") if self.query.view == SEVERAL else _("Whole city")
        unit = self.query.unit.short_name
        return f"{unit} · {self.query.department.name}" if self.query.department else unit

    @property
    def has_units_below(self) -> bool:
        return bool(self.query.unit and not self.query.department and self.tree.children[self.query.unit.pk])

    @property
    def names_duties(self) -> bool:
        """Whether the rows have room for duties, and any to show."""
        return not self.names_units and any(row.duties for row in self.rows)

    @property
    def names_units(self) -> bool:
        """Whether the rows come from several units, so that each has to name its own."""
        return self.query.unit is None or self.query.below


def listed(people: QuerySet[Person], viewer: User) -> PersonQuerySet:
    """``people`` with what rows, cards and files show."""
    rows: PersonQuerySet = people  # type: ignore[assignment]
    return rows.with_appointments().with_mobile_shown_to(viewer)
