"""Questions about cases; who may see which is ``visible_to`` and nowhere else."""

import datetime
import functools
import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.models import User
from internal_bridge.casework.enums import AFTER_ANSWER, ENDED, OPEN, PRESENT, Actor, EntryKind
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of, units_of
from internal_bridge.org.services import belonging_of
from internal_bridge.workflow.services import principals_of

if TYPE_CHECKING:
    # ruff does not see a name in the string of a base class.
    from internal_bridge.casework import models as casework  # noqa: F401
    from internal_bridge.casework.models import Case, CaseAssignment

# Who sees cases by a right over the units that they are about; the others see what their unit has.
OVERSEERS = (Role.DISPATCHER, Role.INSPECTOR)
UNIT_ROLES = (Role.HANDLER, Role.HEAD)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, person: User) -> "CaseQuerySet":
        """The cases that ``person`` may know of.

        Dispatchers and inspectors of the whole city know of all; those of single units of the cases that name such a unit
        as addressee or as the accused; handlers and heads of the cases that their unit has. Nobody knows of a case that
        they, or a unit that they belong to, are kept out of (信访工作条例 2022 §30). No role is exempt. Who stands in for
        somebody knows what that person knows, unless kept out in person.
        """
        principals = principals_of(person)
        known = [condition for who in (person, *principals) if (condition := _known_to(who)) is not None]
        if not known:
            return self.none()
        rows = self.filter(functools.reduce(operator.or_, known))
        return rows.exclude(_kept_out(person)) if principals else rows

    def known_to(self, person: User) -> "CaseQuerySet":
        """The cases that ``person`` may know of by rights of their own."""
        known = _known_to(person)
        return self.none() if known is None else self.filter(known)

    def dispatched_by(self, person: User) -> "CaseQuerySet":
        """The cases within ``person``'s rights as a dispatcher, whether or not the person is kept out of them."""
        reach = _overseen(person, Role.DISPATCHER)
        return self.none() if reach is None else self.filter(reach)

    def under_way(self) -> "CaseQuerySet":
        """The cases whose answer is still to come."""
        return self.exclude(state__in=sorted(ENDED | AFTER_ANSWER))

    def open_by_policy(self, policies: Iterable[int]) -> dict[int, int]:
        """How many cases that are not over run under each of these versions of policies; one without any is left out."""
        rows = self.filter(state__in=sorted(OPEN), policy__in=list(policies)).order_by().values_list("policy")
        return dict(rows.annotate(models.Count("pk")))

    def overdue(self, today: datetime.date) -> "CaseQuerySet":
        """The cases under way whose limit has passed; a paused clock passes no limit."""
        return self.under_way().filter(due_on__lt=today, paused_at=None)

    def earlier_by_phone(self, case: "Case") -> "CaseQuerySet":
        """The cases received before ``case`` in which one of its phone numbers was given too."""
        digests = case.identity_indexes.values("digest")
        return self.filter(identity_indexes__digest__in=digests, received_at__lt=case.received_at).distinct()


class CaseEntryQuerySet(models.QuerySet["casework.CaseEntry"]):
    def readable_by(self, person: User, case: "Case") -> "CaseEntryQuerySet":
        """The words of ``case`` that ``person``, who may see it, reads: why somebody is kept out is its dispatchers' alone."""
        from internal_bridge.casework.permissions import actors_of

        return self if Actor.DISPATCHER in actors_of(person, case) else self.exclude(kind=EntryKind.EXCLUSION)


class CaseExclusionQuerySet(models.QuerySet["casework.CaseExclusion"]):
    def counting(self) -> "CaseExclusionQuerySet":
        """Those that nobody has lifted."""
        return self.filter(lifted_at=None)

    def against(self, person: User) -> "CaseExclusionQuerySet":
        """Those that keep ``person`` out: by name, in person, or by a unit that the person belongs to or stands below."""
        belonging = belonging_of(person)
        return self.counting().filter(
            Q(unit__code__in=belonging.codes)
            | Q(person__isnull=False, person=belonging.person_id)
            | (Q(person_name=belonging.name) & ~Q(person_name=""))
        )


class ReplyTemplateQuerySet(models.QuerySet["casework.ReplyTemplate"]):
    def visible_to(self, person: User) -> "ReplyTemplateQuerySet":
        """A dispatcher of the city reads all; the others those of every unit and of the units they act for."""
        if roles_of(person).covers_city(Role.DISPATCHER):
            return self
        own = Q(unit__in=units_of(person, Role.HANDLER)) | Q(unit__in=units_of(person, Role.HEAD))
        return self.filter(Q(unit=None) | own)

    def offered_for(self, *, purpose: str, kind: str) -> "ReplyTemplateQuerySet":
        """What a page offers for a case of ``kind``."""
        return self.filter(active=True, purpose=purpose, kind__in=("", kind))


def _reach(person: User) -> Q | None:
    """The cases within ``person``'s rights, as a condition; None when there is no right at all."""
    conditions = [_overseen(person, role) for role in OVERSEERS] + [_held(person, role) for role in UNIT_ROLES]
    found = [condition for condition in conditions if condition is not None]
    if not found or Q() in found:
        return Q() if found else None
    return functools.reduce(operator.or_, found)


def _known_to(person: User) -> Q | None:
    """What is within ``person``'s own rights and ``person`` is not kept out of; None when there is no right at all."""
    reach = _reach(person)
    return None if reach is None else reach & Q(~_kept_out(person))


def _overseen(person: User, role: Role) -> Q | None:
    """By a right over units: the empty condition for the whole city."""
    held = roles_of(person)
    if role not in held.roles:
        return None
    if held.covers_city(role):
        return Q()
    codes = units_of(person, role).values("code")
    accused = _exclusions().counting().filter(unit__code__in=codes).values("case")
    return Q(unit_code__in=codes) | Q(pk__in=accused)


def _held(person: User, role: Role) -> Q | None:
    """By what the person's unit has been given."""
    if role not in roles_of(person).roles:
        return None
    assigned = _assignments().filter(unit__in=units_of(person, role), state__in=sorted(PRESENT))
    return Q(pk__in=assigned.values("case"))


def _kept_out(person: User) -> Exists:
    return Exists(_exclusions().against(person).filter(case=OuterRef("pk")))


def _exclusions() -> CaseExclusionQuerySet:
    from internal_bridge.casework.models import CaseExclusion

    return CaseExclusion.objects.all()


def _assignments() -> "models.QuerySet[CaseAssignment]":
    from internal_bridge.casework.models import CaseAssignment

    return CaseAssignment.objects.all()
