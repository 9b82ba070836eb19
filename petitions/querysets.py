"""Questions about the directory's mirror."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from petitions.models import Unit  # noqa: F401  the checker reads it below


class UnitQuerySet(models.QuerySet["Unit"]):
    def taking_petitions(self) -> "UnitQuerySet":
        """Units that a petition may name as the one that should handle it."""
        return self.filter(accepts_petitions=True)
