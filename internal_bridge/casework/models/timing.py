"""When a limit does not run, what was said of it by the clock, and how far a new calendar has been applied."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from internal_bridge.casework.enums import NoticeKind, PauseReason
from internal_bridge.casework.models.case import Case
from internal_bridge.casework.models.handling import CaseClock


class CasePause(models.Model):
    """暂停计时: from when to when the limits that wait for others do not run.

    ``Case.paused_at`` repeats the open one's beginning for lists and their indexes; ``life.pausing`` writes both.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    round = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(_("ground"), max_length=24, choices=PauseReason)
    begun_at = models.DateTimeField(_("paused since"))
    until = models.DateField(null=True, help_text="the last day that it may take; then the clock ends it")
    ended_at = models.DateTimeField(null=True, help_text="when somebody, or the clock, has ended it")
    last_on = models.DateField(null=True, help_text="the last day that is left out: not later than ``until``")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=PauseReason.values), name="case_pause_reason_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, last_on=None) | Q(ended_at__gte=F("begun_at"), last_on__isnull=False),
                name="case_pause_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(until=None) | Q(last_on__lte=F("until")),
                name="case_pause_not_longer_than_allowed",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="case_pause_one_open"),
        ]
        indexes = [
            models.Index(
                fields=["until", "id"], condition=Q(ended_at=None, until__isnull=False), name="case_pause_ended_by_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.begun_at:%Y-%m-%d} – {self.last_on or ''}"


class ClockNotice(models.Model):
    """A reminder, an urging or the like of one limit: written with its effect, so there is never a second one."""

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="notices", db_index=False)
    kind = models.CharField(max_length=12, choices=NoticeKind)
    due_on = models.DateField(help_text="the day for which it was meant")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="case_notice_kind_known"),
            models.UniqueConstraint(fields=["clock", "kind"], name="case_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.kind}"


class CalendarRecount(models.Model):
    """How far the limits that run have been counted again by an edition of the city's calendar."""

    edition = models.PositiveIntegerField(unique=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cases = models.PositiveIntegerField(default=0, help_text="looked at")
    changed = models.PositiveIntegerField(default=0, help_text="of these, with another date")

    class Meta:
        ordering = ["edition"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.cases}"
