"""Which version of a policy holds on a day."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from internal_bridge.policies.models import Policy


class PolicyQuerySet(models.QuerySet["Policy"]):
    def version_on(self, *, code: str, day: datetime.date) -> "Policy | None":
        """The version of a policy that holds on ``day``, both ends included; where two overlap, the newer one."""
        last_day_open = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(last_day_open, code=code, valid_from__lte=day).order_by("-version").first()
