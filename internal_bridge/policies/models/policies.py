"""Limits as rows: a policy is one version of a table of limits, its rules are the lines.

What is published is never edited in place: a change is a new version, and a case keeps the version that it runs under. The
database itself refuses (``internal_bridge.policies.standing``).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.policies.enums import (
    AtEnd,
    Complexity,
    DayKind,
    FigureCode,
    Instrument,
    PolicyState,
    Stage,
    StartEvent,
)
from internal_bridge.policies.querysets import PolicyQuerySet

LONGEST_LIMIT = 366
LARGEST_FIGURE = 1_000
PUBLISHED, DRAFT = models.Q(state=PolicyState.PUBLISHED), models.Q(state=PolicyState.DRAFT)


class Policy(models.Model):
    """One version of a table of limits. ``revision`` counts the changes of a draft, its rules among them."""

    code = models.CharField(_("code"), max_length=32)
    version = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=100)
    instrument = models.CharField(_("instrument"), max_length=16, choices=Instrument)
    state = models.CharField(_("state"), max_length=10, choices=PolicyState, default=PolicyState.PUBLISHED)
    revision = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("why there is this version"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: it came with the platform"
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True, help_text="empty: a draft")
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    auto_dispatch_kinds = models.JSONField(
        _("dispatched automatically"), default=list, blank=True, help_text="kinds that go straight to the unit they name"
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="policy_version_once"),
            models.CheckConstraint(condition=models.Q(instrument__in=Instrument.values), name="policy_instrument_known"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="policy_days_in_order",
            ),
            models.CheckConstraint(
                condition=(PUBLISHED & models.Q(valid_from__isnull=False))
                | (DRAFT & models.Q(valid_from__isnull=True, valid_to__isnull=True, published_at__isnull=True)),
                name="policy_holds_once_published",
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="policy_one_begins_a_day"),
            models.UniqueConstraint(
                fields=["code"], condition=PUBLISHED & models.Q(valid_to__isnull=True), name="policy_one_without_end"
            ),
            models.UniqueConstraint(fields=["code"], condition=DRAFT, name="policy_one_draft"),
        ]
        ordering = ["code", "version"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"policy:{self.code}:{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == PolicyState.DRAFT


class PolicyRule(models.Model):
    """A limit: of a stage, for a kind and a complexity (empty: for every one); the most particular rule holds."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="rules")
    stage = models.CharField(_("stage"), max_length=24, choices=Stage)
    kind = models.CharField(_("kind"), max_length=16, choices=PetitionKind, blank=True)
    complexity = models.CharField(_("complexity"), max_length=16, choices=Complexity, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), help_text="0: at once, on the day of the event itself")
    day_kind = models.CharField(_("counted in"), max_length=8, choices=DayKind)
    starts_at = models.CharField(_("runs from"), max_length=24, choices=StartEvent)
    roll_forward = models.BooleanField(
        _("rolls forward"),
        default=True,
        help_text="a limit in calendar days that ends on a day off ends on the next working day",
    )
    extension_days = models.PositiveSmallIntegerField(_("longest extension"), default=0, help_text="in the same kind of days")
    approver = models.CharField(_("who approves an extension"), max_length=16, choices=Role, blank=True)
    at_end = models.CharField(_("at the end"), max_length=8, choices=AtEnd, default=AtEnd.OVERRUN)
    instrument = models.CharField(
        _("instrument"), max_length=16, choices=Instrument, blank=True, help_text="empty: the policy's own"
    )
    article = models.CharField(_("article"), max_length=6, blank=True, help_text="23.3 is paragraph 3 of article 23")
    to_confirm = models.BooleanField(_("to be confirmed from the text"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "stage", "kind", "complexity"], name="rule_once"),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="rule_stage_known"),
            models.CheckConstraint(condition=models.Q(kind__in=["", *PetitionKind.values]), name="rule_kind_known"),
            models.CheckConstraint(condition=models.Q(complexity__in=["", *Complexity.values]), name="rule_complexity_known"),
            models.CheckConstraint(condition=models.Q(day_kind__in=DayKind.values), name="rule_day_kind_known"),
            models.CheckConstraint(condition=models.Q(starts_at__in=StartEvent.values), name="rule_start_known"),
            models.CheckConstraint(condition=models.Q(at_end__in=AtEnd.values), name="rule_end_known"),
            models.CheckConstraint(condition=models.Q(instrument__in=["", *Instrument.values]), name="rule_instrument_known"),
            models.CheckConstraint(
                condition=models.Q(days__lte=LONGEST_LIMIT, extension_days__lte=LONGEST_LIMIT), name="rule_days_bounded"
            ),
            models.CheckConstraint(
                condition=models.Q(extension_days=0) | ~models.Q(approver=""), name="rule_extension_has_approver"
            ),
        ]
        ordering = ["policy", "id"]
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return f"{self.policy_id} {self.stage} {self.kind} {self.complexity}".strip()


class RuleConfirmation(models.Model):
    """Somebody has read the text and found the rule as it stands there: the one thing that may happen to it in force."""

    rule = models.OneToOneField(PolicyRule, on_delete=models.PROTECT, related_name="confirmation")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("where it was read"), max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(note=""), name="rule_confirmation_has_note")]
        verbose_name = _("confirmation of a limit")
        verbose_name_plural = _("confirmations of limits")

    def __str__(self) -> str:
        return f"{self.rule_id} {self.at:%Y-%m-%d}"


class PolicyFigure(models.Model):
    """A number of a policy that is no limit."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="figures")
    code = models.CharField(_("figure"), max_length=16, choices=FigureCode)
    value = models.PositiveSmallIntegerField(_("value"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "code"], name="figure_once"),
            models.CheckConstraint(condition=models.Q(code__in=FigureCode.values), name="figure_known"),
            models.CheckConstraint(condition=models.Q(value__gte=1, value__lte=LARGEST_FIGURE), name="figure_bounded"),
        ]
        ordering = ["policy", "id"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return f"{self.policy_id} {self.code}"
