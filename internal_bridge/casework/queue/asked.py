"""What somebody asks of the queue: a view, filters, an order. Read from an address, and written as one."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from core.models import User
from core.paging import Page, neighbours_of, page_of
from core.presenters import Count
from core.workdays import local_date
from internal_bridge.casework.filters import CaseFilter
from internal_bridge.casework.models import Case, SavedView
from internal_bridge.casework.presenters.queue import Chip, Order, Tab, Totals, queue_rows, units_in_words
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.casework.queue.standing import BY_DUE, BY_RECEIPT, VIEWS, StandingView, cases_in, standing_views

FILTERS = tuple(CaseFilter.base_filters)
PAGING = ("before", "after")
# (field, whether ascending) of each order.
ORDERS = {BY_DUE: ("due_order", True), BY_RECEIPT: ("received_at", False)}
MOST_OWN_VIEWS = 10


@dataclass(frozen=True)
class Mistake:
    """A filter that means nothing, and why."""

    label: str
    words: str


class Asked:
    """The queue as an address asks for it, for one person. What the address says of other things is ignored."""

    def __init__(self, query: QueryDict, person: User) -> None:
        self.person, self.query = person, query
        self.today = local_date(timezone.now())
        self.views = standing_views(person)

    @cached_property
    def view(self) -> StandingView:
        """The view that is asked for; a filter without a view looks through everything."""
        known = {view.code: view for view in self.views}
        if chosen := known.get(self.query.get("view", "")):
            return chosen
        return VIEWS["all"] if not self.views or self.is_filtered else self.views[0]

    @cached_property
    def is_filtered(self) -> bool:
        return any(self.query.get(name) for name in FILTERS)

    @cached_property
    def form(self) -> Any:
        """The filters as they were asked for, with what is wrong about them."""
        return CaseFilter(self.query, queryset=Case.objects.none()).form

    @cached_property
    def filter(self) -> CaseFilter:
        """Those of the filters that mean something."""
        wanted = self.query.copy()
        if not self.form.is_valid():
            for name in self.form.errors:
                wanted.pop(name, None)
        found = CaseFilter(wanted, queryset=cases_in(self.view, self.person, self.today))
        found.form.full_clean()
        return found

    @property
    def mistakes(self) -> list[Mistake]:
        """What of the filters is not obeyed, and why."""
        errors = {} if self.form.is_valid() else self.form.errors
        return [
            Mistake(str(self.form.fields[name].label), " ".join(str(error) for error in each))
            for name, each in errors.items()
            if name in self.form.fields
        ]

    @cached_property
    def cases(self) -> CaseQuerySet:
        """What is listed, on all pages, without order."""
        found: CaseQuerySet = self.filter.qs
        return found

    @property
    def order(self) -> str:
        chosen = self.query.get("ordering", "")
        return chosen if chosen in ORDERS else self.view.order

    def page(self) -> Page[Case]:
        """The page that is asked for. One query."""
        by, ascending = ORDERS[self.order]
        before, after = (self.query.get(name, "") for name in PAGING)
        return page_of(queue_rows(self.cases, self.today), by=by, before=before, after=after, ascending=ascending)

    def neighbours(self, case: Case) -> tuple[str, str]:
        """The addresses of the cases before and after ``case`` in the list, empty at its ends. Two queries."""
        by, ascending = ORDERS[self.order]
        found = neighbours_of(case, self.cases.only("number", by), by=by, ascending=ascending)
        before, after = (reverse("casework:detail", args=[each.number]) + self.within if each else "" for each in found)
        return before, after

    @cached_property
    def within(self) -> str:
        """What is added to a case's address to say from which list one comes, so that its page leads on in it."""
        return f"?{urlencode({'in': self.canonical()})}"

    def totals(self) -> Totals:
        return Totals.of(self.cases, self.today, by_limit=self.order == BY_DUE)

    # --- As addresses -----------------------------------------------------------------------------------------------------

    def address(self, **changes: str) -> str:
        """The list as it is asked for, from its first page, with ``changes``; an empty one leaves the parameter out."""
        return list_address(self.canonical(**changes))

    def canonical(self, **changes: str) -> str:
        """What is asked for, without what means nothing, as a saved view keeps it."""
        wanted = QueryDict(mutable=True)
        wanted["view"] = self.view.code
        for name in FILTERS:
            if name in self.query and name not in self.form.errors:
                wanted.setlist(name, [value for value in self.query.getlist(name) if value])
        if self.order != self.view.order:
            wanted["ordering"] = self.order
        for name, value in changes.items():
            wanted[name] = value
        kept = QueryDict(mutable=True)
        for name, values in wanted.lists():
            if any(values):
                kept.setlist(name, values)
        return kept.urlencode()

    def orders(self) -> list[Order]:
        """The ways to sort, in words."""
        words = {
            BY_DUE: pgettext("order", "By limit, soonest first"),
            BY_RECEIPT: pgettext("order", "By receipt, newest first"),
        }
        return [Order(words[order], self.address(ordering=order), order == self.order) for order in ORDERS]

    def chips(self) -> list[Chip]:
        """The filters that are set, each with the address without it."""
        cleaned = self.filter.form.cleaned_data
        return [
            Chip(str(self.filter.form.fields[name].label), shown, self.address(**{name: ""}))
            for name in FILTERS
            if (shown := self._shown(name, cleaned.get(name)))
        ]

    def _shown(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if name == "unit":
            return units_in_words(value)
        if isinstance(value, datetime.date):
            return date_format(value, "Y-m-d")
        choices = dict(getattr(self.filter.form.fields[name], "choices", []))
        values = value if isinstance(value, list) else [value]
        return pgettext("list of values", ", ").join(str(choices.get(each, each)) for each in values)

    # --- Views with counts ------------------------------------------------------------------------------------------------

    def tabs(self) -> list[Tab]:
        """The role's views and one's own, each with its count: one query each."""
        here = self.canonical()
        own = [self._own_tab(saved, here) for saved in own_views(self.person)]
        standing = [self._tab(view, here if not any(tab.current for tab in own) else "") for view in self.views]
        return [*standing, *own]

    def _tab(self, view: StandingView, here: str) -> Tab:
        count = Count.of(cases_in(view, self.person, self.today))
        current = bool(here) and view.code == self.view.code
        return Tab(str(view.label), list_address(f"view={view.code}"), count, current, view.look if count else "")

    def _own_tab(self, saved: SavedView, here: str) -> Tab:
        asked = Asked(QueryDict(saved.query), self.person)
        asked.views = self.views
        return Tab(saved.name, list_address(saved.query), Count.of(asked.cases), saved.query == here, own=saved.pk)


def own_views(person: User) -> list[SavedView]:
    """The views that ``person`` has saved."""
    return list(SavedView.objects.filter(owner=person, deleted_at=None).order_by("pk")[:MOST_OWN_VIEWS])


def list_address(query: str) -> str:
    """The list's address with these parameters."""
    address = reverse("casework:list")
    return f"{address}?{query}" if query else address


__all__ = ["FILTERS", "MOST_OWN_VIEWS", "Asked", "list_address", "own_views"]
