"""Questions about cases; who may see which is ``visible_to`` and nowhere else."""

from typing import TYPE_CHECKING

from django.db import models

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of, units_of

if TYPE_CHECKING:
    from internal_bridge.casework.models import Case


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, person: User) -> "CaseQuerySet":
        """The cases that ``person`` may know of: as a dispatcher, those about the units of the grants.

        A grant over the whole city covers the cases, too, that name no unit or an unknown one.
        """
        roles = roles_of(person)
        if Role.DISPATCHER not in roles.roles:
            return self.none()
        if roles.covers_city(Role.DISPATCHER):
            return self
        return self.filter(unit_code__in=units_of(person, Role.DISPATCHER).values("code"))

    def earlier_by_phone(self, case: "Case") -> "CaseQuerySet":
        """The cases received before ``case`` in which one of its phone numbers was given too."""
        digests = case.identity_indexes.values("digest")
        return self.filter(identity_indexes__digest__in=digests, received_at__lt=case.received_at).distinct()
