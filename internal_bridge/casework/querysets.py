"""Questions about cases; who may see which is ``visible_to`` and nowhere else."""

from typing import TYPE_CHECKING

from django.db import models

from core.models import User
from internal_bridge.casework.permissions import is_dispatcher

if TYPE_CHECKING:
    from internal_bridge.casework.models import Case


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, person: User) -> "CaseQuerySet":
        """The cases that ``person`` may know of."""
        return self if is_dispatcher(person) else self.none()

    def earlier_by_phone(self, case: "Case") -> "CaseQuerySet":
        """The cases received before ``case`` in which one of its phone numbers was given too."""
        digests = case.identity_indexes.values("digest")
        return self.filter(identity_indexes__digest__in=digests, received_at__lt=case.received_at).distinct()
