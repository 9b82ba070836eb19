"""The directory as other apps ask it: units and people, and where somebody belongs."""

import dataclasses

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Appointment, Grant, Person, Unit
from internal_bridge.org.permissions import BELONGING_CACHE, roles_of
from internal_bridge.org.querysets import PersonQuerySet, UnitQuerySet

SUCCESSIONS = 10


@dataclasses.dataclass(frozen=True)
class Belonging:
    """Who somebody is, and the paths of the units of present appointments and of grants to act for a unit."""

    person_id: int | None
    name: str
    paths: frozenset[str]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of those units and of all their superiors."""
        return frozenset(code for path in self.paths for code in path.strip("/").split("/"))


NOBODY = Belonging(None, "", frozenset())


def all_units() -> UnitQuerySet:
    """All units there are or were."""
    return Unit.objects.all()


def units_with(role: Role) -> UnitQuerySet:
    """The units over which somebody holds ``role`` by a grant for just that unit."""
    grants = Grant.objects.counting().filter(role=role)
    return Unit.objects.filter(pk__in=grants.values("unit"))


def all_people() -> PersonQuerySet:
    """Everybody who works or worked for the city."""
    return Person.objects.all()


def home_units(of: PersonQuerySet) -> UnitQuerySet:
    """The units in which these people have a present appointment."""
    return Unit.objects.filter(
        departments__posts__appointments__in=Appointment.objects.counting().filter(person__in=of)
    ).distinct()


def find_unit(code: str) -> Unit | None:
    """The unit with this code, open or closed."""
    return Unit.objects.filter(code=code).first() if code else None


def find_open_units(code: str) -> list[Unit]:
    """The unit with this code, or who follows it where it has closed; none for an unknown code."""
    found = list(Unit.objects.filter(code=code)) if code else []
    for _ in range(SUCCESSIONS):
        closed = [unit for unit in found if not Unit.objects.open().filter(pk=unit.pk).exists()]
        if not closed:
            return found
        following = Unit.objects.filter(predecessions__unit__in=closed)
        found = [unit for unit in found if unit not in closed] + list(following)
    return found


def root_unit() -> Unit | None:
    """The city itself: the open unit without a superior."""
    return Unit.objects.open().filter(parent=None).order_by("pk").first()


def person_of(user: User) -> Person | None:
    """The person whose login this is."""
    return Person.objects.filter(user=user).first()


def belonging_of(user: User) -> Belonging:
    """Where ``user`` belongs. Two queries, kept on the user object like its roles."""
    held: Belonging | None = getattr(user, BELONGING_CACHE, None)
    if held is None:
        held = _look_up(user)
        setattr(user, BELONGING_CACHE, held)
    return held


def _look_up(user: User) -> Belonging:
    person = person_of(user)
    if person is None:
        return NOBODY
    present = Unit.objects.filter(departments__posts__appointments__in=person.appointments.counting())
    paths = set(present.values_list("path", flat=True))
    roles = roles_of(user)
    acting = {path for role in (Role.HANDLER, Role.HEAD) for path, _ in roles.paths(role)}
    return Belonging(person.pk, person.name, frozenset(paths | acting))
