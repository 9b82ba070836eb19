"""Who may do what: roles by grants, as small predicates. To be a superuser gives nothing in the office."""

import dataclasses
from functools import cached_property
from typing import Any

from rules.permissions import set_perm
from rules.predicates import Predicate, predicate

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Grant, Unit
from internal_bridge.org.querysets import UnitQuerySet

__all__ = [
    "RoleSet",
    "can_administer_directory",
    "forget_roles",
    "has_role",
    "is_auditor",
    "is_dispatcher",
    "is_handler",
    "is_head",
    "is_inspector",
    "is_leader",
    "is_secretary",
    "is_security_administrator",
    "is_system_administrator",
    "roles_of",
    "units_of",
]

CACHE = "_org_roles"
BELONGING_CACHE = "_org_belonging"


@dataclasses.dataclass(frozen=True)
class HeldGrant:
    """What a counting grant gives."""

    role: str
    path: str
    with_descendants: bool


@dataclasses.dataclass(frozen=True)
class RoleSet:
    """The union of a person's counting grants."""

    grants: tuple[HeldGrant, ...]

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(grant.role) for grant in self.grants)

    def paths(self, role: Role) -> tuple[tuple[str, bool], ...]:
        """(path, with descendants) of each unit over which ``role`` is held."""
        return tuple((grant.path, grant.with_descendants) for grant in self.grants if grant.role == role)

    def covers(self, role: Role, unit_path: str) -> bool:
        """Whether ``role`` is held over the unit with this path."""
        return any(
            unit_path.startswith(path) if with_descendants else unit_path == path for path, with_descendants in self.paths(role)
        )

    def covers_city(self, role: Role) -> bool:
        """Whether ``role`` is held over a unit without a superior and all below it: over everything there is."""
        return any(with_descendants and path.count("/") == 1 for path, with_descendants in self.paths(role))


NOTHING = RoleSet(())


def roles_of(user: Any) -> RoleSet:
    """What ``user`` may do. One query, kept on the user object, which lives as long as the request."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOTHING
    held: RoleSet | None = getattr(user, CACHE, None)
    if held is None:
        rows = Grant.objects.counting().filter(person__user=user).values_list("role", "unit__path", "with_descendants")
        held = RoleSet(tuple(HeldGrant(*row) for row in rows))
        setattr(user, CACHE, held)
    return held


def forget_roles(user: User) -> None:
    """Let the next question ask the database again, for where the person belongs too."""
    user.__dict__.pop(CACHE, None)
    user.__dict__.pop(BELONGING_CACHE, None)


def units_of(user: User, role: Role) -> UnitQuerySet:
    """The units over which ``user`` holds ``role``: the union of the grants."""
    return Unit.objects.covered(roles_of(user).paths(role))


def has_role(role: Role) -> Predicate:
    """The predicate that asks for ``role``, over whichever unit."""

    @predicate(f"has_role:{role.value}")
    def holds(user: Any) -> bool:
        return role in roles_of(user).roles

    return holds


is_dispatcher = has_role(Role.DISPATCHER)
is_handler = has_role(Role.HANDLER)
is_head = has_role(Role.HEAD)
is_inspector = has_role(Role.INSPECTOR)
is_leader = has_role(Role.LEADER)
is_secretary = has_role(Role.SECRETARY)
is_system_administrator = has_role(Role.SYSADMIN)
is_security_administrator = has_role(Role.SECADMIN)
is_auditor = has_role(Role.AUDITOR)

can_administer_directory = is_system_administrator

# The bridge knows no roles: it asks by these names.
set_perm("exchange.operate_bridge", is_system_administrator | is_security_administrator)
set_perm("exchange.manage_keys", is_security_administrator)
