"""Questions about work items. Whose box an item is in, and whether it is there at all for somebody, is decided here alone."""

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import units_of
from internal_bridge.org.querysets import today
from internal_bridge.workflow.addressing import standings_of
from internal_bridge.workflow.enums import Box, ItemKind, ItemState, Outcome
from internal_bridge.workflow.registry import visible_sources

if TYPE_CHECKING:
    from internal_bridge.workflow.models import Substitution, WorkItem  # noqa: F401

DUE_FIRST = ("due_order", "-urgent", "pk")
CLOSED_LAST = ("-closed_at", "-pk")


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def visible_to(self, person: User) -> "WorkItemQuerySet":
        """The items that ``person`` may know of: addressed to them, to their posts, their roles or whom they stand in for; or
        dealt with by them or for them, or shared in a unit that they are the head of; and of matters that they may know of."""
        standings = standings_of(person)
        own = standings.addressed() | Q(closed_by=person.pk) | Q(closed_for__in=standings.people)
        own |= Q(unit__in=units_of(person, Role.HEAD).values("pk"), person=None)
        return self.filter(own, visible_sources(person))

    def box(self, person: User, box: Box | str) -> "WorkItemQuerySet":
        """What ``person`` finds in a box, without order (``in_order_of``).

        To do: open, addressed to them, taken by nobody else. Done: what they have acted on, or a substitute for them.
        """
        found = self.filter(visible_sources(person))
        if box in (Box.DONE, Box.READ):
            kind = ItemKind.DO if box == Box.DONE else ItemKind.READ
            return found.filter(_acted_on(person, kind=kind, outcome=Outcome.DONE))
        kind = ItemKind.DO if box == Box.TODO else ItemKind.READ
        return found.filter(_free_for(person), standings_of(person).addressed(kind=kind, state=ItemState.OPEN))

    def taken_by_others(self, person: User) -> "WorkItemQuerySet":
        """What is addressed to ``person``, too, and has been taken by a colleague."""
        addressed = standings_of(person).addressed(kind=ItemKind.DO, state=ItemState.OPEN)
        return self.filter(visible_sources(person), addressed, ~_free_for(person), claimed_by__isnull=False)

    def in_order_of(self, box: Box | str) -> "WorkItemQuerySet":
        """What is open by its due date, urgent things first; what is done latest first."""
        return self.order_by(*(CLOSED_LAST if box in (Box.DONE, Box.READ) else DUE_FIRST))

    def overdue(self, on: datetime.date | None = None) -> "WorkItemQuerySet":
        return self.filter(due_order__lt=on or today())

    def of_source(self, app: str, uid: object) -> "WorkItemQuerySet":
        """All items of one matter, oldest first. The caller has seen to it that its reader may know of the matter."""
        return self.filter(app=app, source=uid).order_by("pk")

    def open(self) -> "WorkItemQuerySet":
        return self.filter(state=ItemState.OPEN)

    def for_rows(self, person: User) -> "WorkItemQuerySet":
        """With what a row shows: unit, who has taken it, how often it was urged, whether ``person`` has opened it."""
        from internal_bridge.workflow.models import Urging, WorkItemOpening

        urgings = Urging.objects.filter(item=OuterRef("pk")).order_by().values("item").annotate(n=Count("pk"))
        opened = WorkItemOpening.objects.filter(item=OuterRef("pk"), user=person.pk)
        rows = self.select_related("unit", "claimed_by", "closed_by", "closed_for", "person", "post")
        return rows.annotate(urged=Coalesce(Subquery(urgings.values("n")), Value(0)), opened=Exists(opened))


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def counting(self, on: datetime.date | None = None) -> "SubstitutionQuerySet":
        """Those that count on a day, by default today."""
        on = on or today()
        return self.filter(valid_from__lte=on, valid_to__gte=on, ended_at=None)

    def lasting(self, on: datetime.date | None = None) -> "SubstitutionQuerySet":
        """Those that count on a day or will later."""
        return self.filter(valid_to__gte=on or today(), ended_at=None)

    def in_office(self, on: datetime.date | None = None) -> "SubstitutionQuerySet":
        """Of people who have not left."""
        return self.filter(Q(person__left_on=None) | Q(person__left_on__gte=on or today()))

    def visible_to(self, person: User) -> "SubstitutionQuerySet":
        """Both sides see it, and the system administrator all."""
        from internal_bridge.org.permissions import is_system_administrator

        if is_system_administrator(person):
            return self
        return self.filter(Q(person__user=person) | Q(substitute__user=person))


def _free_for(person: User) -> Q:
    """Taken by nobody, by ``person``, by whom they stand in for, or by somebody who has left meanwhile."""
    people = standings_of(person).people
    left = Q(claimed_by__left_on__lt=today()) | Q(claimed_by__user__is_active=False)
    return Q(claimed_by=None) | Q(claimed_by__in=people) | left


def _acted_on(person: User, **also: Any) -> Q:
    """Closed by them, or by a substitute in their name."""
    from internal_bridge.workflow.models import WorkItem

    people = [standing.person.pk for standing in standings_of(person).of if standing.until is None]
    own, for_them = Q(closed_by=person.pk, **also), Q(closed_for__in=people, **also)
    # Nobody has acted for most people: then one index gives their long past in its order, and nothing is sorted.
    return own | for_them if WorkItem.objects.filter(for_them).exists() else own
