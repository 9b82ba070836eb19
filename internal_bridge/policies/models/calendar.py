"""The city's work calendar: single days set otherwise than announced, years entered by hand, and its editions.

Nothing is deleted: a row ends. Each change is an edition, which keeps the whole calendar as it was from then on.
"""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.models import User
from core.workdays import WorkCalendar, YearNotice
from internal_bridge.policies.enums import CalendarChange
from internal_bridge.policies.querysets import StandingQuerySet

LONGEST_REASON = 200


class Ending(models.Model):
    """A row that counts until it ends."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=LONGEST_REASON, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        abstract = True


class CalendarDay(Ending):
    """A day on which the city works, or does not, otherwise than announced."""

    day = models.DateField(_("Day"))
    works = models.BooleanField(_("Offices work"))

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=Q(ended_at=None), name="calendar_day_set_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="calendar_day_ends_later"),
        ]
        verbose_name = _("day set otherwise")
        verbose_name_plural = _("days set otherwise")

    def __str__(self) -> str:
        return self.day.isoformat()

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"calendar-day:{self.day}"


class AnnouncedYear(Ending):
    """What a notice of the State Council says of a year that ``chinesecalendar`` does not know, or knows wrongly.

    ``days_off`` and ``make_up_days``: pairs of an ISO date and the code of its holiday, each day once, in order.
    """

    year = models.PositiveSmallIntegerField(_("Year"))
    notice = models.CharField(_("Number of the notice"), max_length=60)
    days_off = models.JSONField(default=list)
    make_up_days = models.JSONField(default=list)

    class Meta:
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["year"], condition=Q(ended_at=None), name="calendar_year_entered_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="calendar_year_ends_later"),
            models.CheckConstraint(condition=~Q(notice=""), name="calendar_year_has_notice"),
        ]
        verbose_name = _("year entered by hand")
        verbose_name_plural = _("years entered by hand")

    def __str__(self) -> str:
        return str(self.year)

    @property
    def subject(self) -> str:
        """The subject of its audit records."""
        return f"calendar-year:{self.year}"


class CalendarEdition(models.Model):
    """The calendar from ``made_at`` on, until the next number. ``additions`` is all that the city adds to what is announced."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(_("Edition"), unique=True)
    change = models.CharField(_("What has changed"), max_length=12, choices=CalendarChange.choices)
    about = models.CharField(max_length=10, blank=True, help_text="the day or the year that has changed")
    reason = models.CharField(_("Reason"), max_length=LONGEST_REASON, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="nobody: noticed")
    made_at = models.DateTimeField()
    additions = models.JSONField(default=dict, help_text="{days: {date: works}, years: [{year, days_off, make_up_days}]}")
    announced = models.CharField(max_length=64, help_text="SHA-256 of what chinesecalendar knew, hex")

    class Meta:
        ordering = ["-number"]
        verbose_name = _("edition of the calendar")
        verbose_name_plural = _("editions of the calendar")

    def __str__(self) -> str:
        return str(self.number)

    def calendar(self) -> WorkCalendar:
        """The calendar of this edition, over what the installed chinesecalendar knows."""
        days = {datetime.date.fromisoformat(day): works for day, works in self.additions.get("days", {}).items()}
        years = [_notice(said) for said in self.additions.get("years", [])]
        return WorkCalendar.with_additions(days, years, self.number)


def _notice(said: dict) -> YearNotice:
    off, made_up = (
        tuple((datetime.date.fromisoformat(day), holiday) for day, holiday in said[part])
        for part in ("days_off", "make_up_days")
    )
    return YearNotice(said["year"], off, made_up)
