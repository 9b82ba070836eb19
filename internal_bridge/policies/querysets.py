"""Which version of a policy holds on a day, who may see drafts, and which rows of the calendar count."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.models import User
from internal_bridge.policies.enums import PolicyState
from internal_bridge.policies.permissions import can_edit_policies

if TYPE_CHECKING:
    from internal_bridge.policies.models import Policy


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, person: User) -> "PolicyQuerySet":
        """What is published is for every official, a draft for whoever may edit it."""
        return self if can_edit_policies(person) else self.published()

    def published(self) -> "PolicyQuerySet":
        return self.filter(state=PolicyState.PUBLISHED)

    def on(self, day: datetime.date) -> "PolicyQuerySet":
        """The versions that hold on ``day``, both ends included: one of each policy at most."""
        last_day_open = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.published().filter(last_day_open, valid_from__lte=day)

    def version_on(self, *, code: str, day: datetime.date) -> "Policy | None":
        """The version of a policy that holds on ``day``."""
        return self.on(day).filter(code=code).order_by("-version").first()


class StandingQuerySet(models.QuerySet[Any]):
    """Rows that end."""

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at=None)
