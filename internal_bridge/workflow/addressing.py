"""Whom an item is addressed to: in SQL for the boxes, and for a single item at hand."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import RoleSet, roles_of
from internal_bridge.org.services import Person, Unit, person_of

if TYPE_CHECKING:
    from internal_bridge.workflow.models import WorkItem

__all__ = ["Standing", "Standings", "forget_standings", "standing_of_person", "standings_of"]

CACHE = "_workflow_standings"


@dataclass(frozen=True)
class Standing:
    """One person in whose place somebody sees work items: themselves, or who has made them a substitute."""

    person: Person
    posts: frozenset[int]
    roles: RoleSet
    until: datetime.date | None = None  # the substitution's last day; None: oneself

    def addresses(self, item: "WorkItem") -> bool:
        """Whether ``item`` is addressed to this person, to a post of theirs or to a role they hold over its unit."""
        if item.role:
            return self.roles.covers(Role(item.role), item.unit.path)
        return item.post_id in self.posts if item.post_id else item.person_id == self.person.pk


@dataclass(frozen=True)
class Standings:
    """Everybody in whose place a login sees work items, oneself first."""

    of: tuple[Standing, ...]
    # Units by role, where a role does not reach over everything.
    units: dict[Role, tuple[int, ...]]
    everywhere: frozenset[Role]

    @property
    def people(self) -> list[int]:
        return [standing.person.pk for standing in self.of]

    def addressed(self, **also: Any) -> Q:
        """The items that are addressed to any of them, and as ``also`` says.

        That is said in each alternative: SQLite takes a partial index for one only where the alternative itself implies it.
        """
        found = Q(pk__in=[])
        if self.of:
            found |= Q(person__in=self.people, **also)
        if posts := sorted({post for standing in self.of for post in standing.posts}):
            found |= Q(post__in=posts, **also)
        for role in sorted(self.everywhere):
            found |= Q(role=role, **also)
        for role, units in self.units.items():
            found |= Q(unit__in=units, role=role, **also)
        return found

    def whose(self, item: "WorkItem") -> Standing | None:
        """In whose place ``item`` is dealt with: one's own comes first. None when it is addressed to none of them."""
        return next((standing for standing in self.of if standing.addresses(item)), None)


def standings_of(user: User) -> Standings:
    """In whose place ``user`` sees work items today. Kept on the user object, which lives as long as the request."""
    held: Standings | None = getattr(user, CACHE, None)
    if held is None:
        held = _look_up(user)
        setattr(user, CACHE, held)
    return held


def forget_standings(user: User) -> None:
    """Let the next question ask the database again."""
    user.__dict__.pop(CACHE, None)


def _look_up(user: User) -> Standings:
    from internal_bridge.workflow.models import Substitution

    own = person_of(user) if user.is_authenticated and user.is_active else None
    if own is None:
        return Standings((), {}, frozenset())
    found = [standing_of_person(own, user)]
    rows = Substitution.objects.counting().filter(substitute=own).in_office().select_related("person__user").order_by("pk")
    found += [standing_of_person(row.person, row.person.user, row.valid_to) for row in rows]
    return _with_units(tuple(found))


def standing_of_person(person: Person, user: User | None, until: datetime.date | None = None) -> Standing:
    """The posts and roles of one person, whose login ``user`` is."""
    posts = frozenset(person.appointments.counting().values_list("post", flat=True))
    return Standing(person, posts, roles_of(user), until)


def _with_units(standings: tuple[Standing, ...]) -> Standings:
    """The units of each role as keys: a list of them lets the database use the boxes' indexes."""
    roles = {role for standing in standings for role in standing.roles.roles}
    everywhere = frozenset(role for role in roles if any(standing.roles.covers_city(role) for standing in standings))
    paths = {
        role: [place for standing in standings for place in standing.roles.paths(role)] for role in sorted(roles - everywhere)
    }
    if not paths:
        return Standings(standings, {}, everywhere)
    rows = list(Unit.objects.covered([place for places in paths.values() for place in places]).values_list("pk", "path"))
    reached = {
        role: tuple(pk for pk, path in rows if any(path.startswith(top) if below else path == top for top, below in places))
        for role, places in paths.items()
    }
    return Standings(standings, reached, everywhere)
