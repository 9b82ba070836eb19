"""Which version of a policy holds on a day."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from internal_bridge.policies.models import Policy


class PolicyQuerySet(models.QuerySet["Policy"]):
    def valid_on(self, day: datetime.date) -> "PolicyQuerySet":
        """The versions that hold on ``day``, both ends included; where two overlap, the newer one comes first."""
        last_day_open = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(last_day_open, valid_from__lte=day).order_by("code", "-version")
