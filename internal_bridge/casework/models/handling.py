"""Who has a case, by when, and who asked for more time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import User
from internal_bridge.casework.enums import PRESENT, AssignmentState, ExtensionState, Part
from internal_bridge.casework.models.case import Case
from internal_bridge.policies.enums import Stage


class CaseAssignment(models.Model):
    """A unit that has a case, as the lead or to assist, with a state of its own."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"), db_index=False)
    part = models.CharField(max_length=10, choices=Part)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=10, choices=AssignmentState, default=AssignmentState.WAITING)
    assigned_at = models.DateTimeField(_("assigned at"))
    signed_at = models.DateTimeField(_("signed for at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    handler = models.ForeignKey("org.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-part", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(part__in=Part.values), name="case_assignment_part_known"),
            models.CheckConstraint(condition=Q(state__in=AssignmentState.values), name="case_assignment_state_known"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(part=Part.LEAD, state__in=sorted(PRESENT)), name="case_assignment_one_lead"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(state__in=sorted(PRESENT)), name="case_assignment_unit_once"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "case"], condition=Q(state__in=sorted(PRESENT)), name="case_assignment_of_unit"),
            models.Index(fields=["unit", "part", "state", "case"], name="case_assignment_by_state"),
            models.Index(fields=["case"], condition=Q(state=AssignmentState.RETURNING), name="case_assignment_returning"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.unit} {self.part}"


class CaseClock(models.Model):
    """A limit of a case, or of one unit in it, with how its date was found. The row stays when it is met."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    assignment = models.ForeignKey(CaseAssignment, null=True, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    stage = models.CharField(max_length=24, choices=Stage)
    started_on = models.DateField(help_text="the day of the event, itself not counted")
    due_on = models.DateField(help_text="ends at 24:00 of this day in Asia/Shanghai")
    provisional = models.BooleanField(default=False, help_text="the holidays of a year in it are not announced yet")
    explanation = models.JSONField(default=list, help_text="[{code, params}], as case.status carries it")
    basis = models.CharField(max_length=40)
    days = models.PositiveSmallIntegerField()
    day_kind = models.CharField(max_length=10)
    extra_days = models.PositiveSmallIntegerField(default=0, help_text="days of a granted extension")
    expedited_on = models.DateField(null=True, help_text="the day on which it was marked urgent: due on that day")
    calendar_edition = models.PositiveIntegerField(
        default=0, help_text="the edition of the city's calendar that it was counted by"
    )
    stopped_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False, help_text="stopped without being met: it no longer applies")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(stopped_at=None), name="case_clock_running"),
            # Most limits are the whole case's: an index of these by no assignment would lead nowhere.
            models.Index(fields=["assignment"], condition=Q(assignment__isnull=False), name="case_clock_of_assignment"),
            # Which limits a new calendar has still to be applied to.
            models.Index(fields=["calendar_edition", "case"], condition=Q(stopped_at=None), name="case_clock_of_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.stage} {self.due_on}"


class CaseExtension(models.Model):
    """More time that a handler asked for, and what the head said."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField(_("days"))
    state = models.CharField(max_length=8, choices=ExtensionState, default=ExtensionState.PENDING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExtensionState.values), name="case_extension_state_known"),
            models.CheckConstraint(condition=Q(days__gte=1), name="case_extension_has_days"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=ExtensionState.PENDING), name="case_extension_one_pending"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} +{self.days} {self.state}"
