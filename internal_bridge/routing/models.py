"""Rules that point from words to units, and the trained models that are asked beside them."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.models import User
from internal_bridge.routing.querysets import RoutingModelQuerySet, RoutingRuleQuerySet

LONGEST_WORDS = 2_000
HEAVIEST = 10


class RoutingRule(models.Model):
    """Who speaks of this should be sent there. Words are kept apart by spaces.

    It holds where one of ``any_words`` stands in the title or the text, and one of each group of ``all_words`` (alternatives of
    a group are joined by slashes), and none of ``not_words``, for the ``kinds`` and the ``place`` where these are given.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    any_words = models.TextField(_("Any of these words"), blank=True, max_length=LONGEST_WORDS)
    all_words = models.TextField(_("All of these words"), blank=True, max_length=LONGEST_WORDS)
    not_words = models.TextField(_("None of these words"), blank=True, max_length=LONGEST_WORDS)
    kinds = models.JSONField(_("Kinds"), default=list, blank=True, help_text="empty: every kind")
    place = models.CharField(_("Place"), max_length=100, blank=True)
    weight = models.FloatField(_("Weight"), default=2.0, validators=[MinValueValidator(0.1), MaxValueValidator(HEAVIEST)])
    note = models.CharField(_("Note"), max_length=200, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Last day"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: the first start"
    )

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["unit__position", "unit_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gt=0) & Q(weight__lte=HEAVIEST), name="routing_rule_weight_sound"),
            models.CheckConstraint(condition=~Q(any_words="") | ~Q(all_words=""), name="routing_rule_has_words"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="routing_rule_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["unit", "id"], name="routing_rule_of_unit")]
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people call it: R-027."""
        return f"R-{self.pk or 0:03d}"

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"routing-rule:{self.uid}"

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it counts on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.active and begun and (self.valid_to is None or self.valid_to >= day)


class RoutingModel(models.Model):
    """A trained model: its figures here, its numbers in a file of ``ROUTING_MODELS_DIR`` that must have this ``digest``."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(_("Number"), unique=True)
    trained_at = models.DateTimeField()
    trained_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: a command at the console"
    )
    examples = models.PositiveIntegerField()
    metrics = models.JSONField(default=dict, help_text="{part: {method: {top1, top3, cases}}}; empty when not evaluated")
    file_name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file, hex")
    active = models.BooleanField(default=False)

    objects = RoutingModelQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="routing_model_one_active")]
        verbose_name = _("routing model")
        verbose_name_plural = _("routing models")

    def __str__(self) -> str:
        return f"M-{self.number:03d}"

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"routing-model:{self.uid}"
