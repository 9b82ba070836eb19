"""Questions about cases; who may see which is ``visible_to`` and nowhere else."""

from typing import TYPE_CHECKING

from django.db import models

from core.models import User
from internal_bridge.casework.permissions import is_dispatcher

if TYPE_CHECKING:
    from internal_bridge.casework.models import Case  # noqa: F401  the checker reads it below


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, person: User) -> "CaseQuerySet":
        """The cases that ``person`` may know of."""
        return self if is_dispatcher(person) else self.none()
