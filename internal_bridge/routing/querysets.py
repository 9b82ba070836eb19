"""Questions about rules and models."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core.models import User

if TYPE_CHECKING:
    from internal_bridge.routing import models as routing


class RoutingRuleQuerySet(models.QuerySet["routing.RoutingRule"]):
    def visible_to(self, person: User) -> "RoutingRuleQuerySet":
        """Whoever may edit the rules sees all of them, nobody else any."""
        from internal_bridge.routing.permissions import can_edit_rules

        return self if can_edit_rules(person) else self.none()

    def search(self, text: str) -> "RoutingRuleQuerySet":
        """By a word, the note, or the unit's name or code."""
        text = text.strip()
        if not text:
            return self
        label = text.upper().removeprefix("R-")
        numbered = Q(pk=int(label)) if label.isascii() and label.isdecimal() and len(label) < 10 else Q()
        return self.filter(
            numbered
            | Q(any_words__icontains=text)
            | Q(all_words__icontains=text)
            | Q(note__icontains=text)
            | Q(unit__name__contains=text)
            | Q(unit__short_name__contains=text)
            | Q(unit__code=text.lower())
        )


class RoutingModelQuerySet(models.QuerySet["routing.RoutingModel"]):
    def in_use(self) -> "routing.RoutingModel | None":
        """The model that is asked now; none before the first training."""
        return self.filter(active=True).first()
