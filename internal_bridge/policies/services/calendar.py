"""The city's work calendar: which one is in force, and what is done to it.

Every change is an edition of its own, recorded in the audit log; it counts from the next request and the next task on.
"""

import contextlib
import datetime
import uuid
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.models import User
from core.workdays import (
    ANNOUNCED,
    WorkCalendar,
    YearNotice,
    announced_fingerprint,
    announced_years,
    ask_again,
    calendar_in_force,
    local_date,
)
from internal_bridge.org.errors import StaleVersion
from internal_bridge.policies.enums import CalendarChange
from internal_bridge.policies.models import AnnouncedYear, CalendarDay, CalendarEdition
from internal_bridge.policies.permissions import can_keep_calendar

__all__ = [
    "StaleVersion",
    "calendar_in_force",
    "check_year",
    "current_edition",
    "end_day",
    "end_year",
    "enter_year",
    "notice_announced_years",
    "set_day",
    "years_kept",
]

FIRST_YEAR = 2020
# How far ahead a day or a year is set.
YEARS_AHEAD = 5
SATURDAY = 5

# The latest edition that this process has built; editions never change, so it is known by its uid.
_built: dict[uuid.UUID, WorkCalendar] = {}


def current_edition() -> int:
    """The number of the edition that is in force in this request or task."""
    return calendar_in_force().edition


def latest_calendar() -> WorkCalendar:
    """The calendar of the latest edition; one query. It is the source of ``core.workdays.calendar_in_force``."""
    edition = CalendarEdition.objects.order_by("-number").first()
    if edition is None:
        return ANNOUNCED
    calendar = _built.get(edition.uid)
    if calendar is None:
        calendar = edition.calendar()
        _built.clear()
        _built[edition.uid] = calendar
    return calendar


def years_kept() -> range:
    """The years of which days can be set."""
    return range(FIRST_YEAR, local_date(timezone.now()).year + YEARS_AHEAD + 1)


def set_day(*, by: User, day: datetime.date, works: bool, reason: str, version: int) -> CalendarDay:
    """Set ``day`` otherwise than announced: offices work, or they do not. ``version`` is the edition that was looked at.

    Raises ``PermissionDenied``, ``StaleVersion``, and ``ValidationError`` for a day that is so already or out of reach.
    """
    with _changing(by, version) as now:
        _check_reason(reason)
        _check_year("day", day.year)
        if CalendarDay.objects.standing().filter(day=day).exists():
            raise ValidationError({"day": _("This day has been set already. Take that back first.")})
        if calendar_in_force().is_working_day(day) == works:
            already = _("Offices work on this day anyway.") if works else _("Offices do not work on this day anyway.")
            raise ValidationError({"works": already})
        row = CalendarDay.objects.create(day=day, works=works, reason=reason.strip(), made_by=by, made_at=now)
        _new_edition(CalendarChange.DAY_SET, now, by=by, about=str(day), reason=reason)
        record_audit(action="calendar.day_set", subject=row.subject, actor=by, params={"day": str(day), "works": works})
    return row


def end_day(*, by: User, uid: uuid.UUID, reason: str, version: int) -> CalendarDay:
    """Take back that a day is set otherwise; the row stays. Raises as ``set_day``, and ``CalendarDay.DoesNotExist``."""
    with _changing(by, version) as now:
        _check_reason(reason)
        row = CalendarDay.objects.standing().get(uid=uid)
        _end(row, by, now, reason)
        _new_edition(CalendarChange.DAY_ENDED, now, by=by, about=str(row.day), reason=reason)
        record_audit(action="calendar.day_ended", subject=row.subject, actor=by, params={"day": str(row.day)})
    return row


def enter_year(*, by: User, said: YearNotice, notice: str, version: int) -> AnnouncedYear:
    """Enter what the State Council has announced for a year. ``notice`` is the number of its notice.

    Raises ``PermissionDenied``, ``StaleVersion``, and ``ValidationError`` for a year that has been entered or is out of reach,
    for days of another year and for days that are said twice.
    """
    with _changing(by, version) as now:
        check_year(said)
        if not notice.strip():
            raise ValidationError({"notice": _("Give the number of the notice.")})
        row = AnnouncedYear.objects.create(
            year=said.year,
            notice=notice.strip(),
            days_off=_pairs(said.days_off),
            make_up_days=_pairs(said.make_up_days),
            made_by=by,
            made_at=now,
        )
        _new_edition(CalendarChange.YEAR_ENTERED, now, by=by, about=str(said.year), reason=notice)
        record_audit(
            action="calendar.year_entered", subject=row.subject, actor=by, params={"year": said.year, "notice": row.notice}
        )
    return row


def check_year(said: YearNotice) -> None:
    """Raise ``ValidationError`` by field of ``enter_year`` for a year that cannot be entered."""
    _check_year("year", said.year)
    _check_days(said)
    if AnnouncedYear.objects.standing().filter(year=said.year).exists():
        raise ValidationError({"year": _("This year has been entered already. Take that back first.")})


def end_year(*, by: User, uid: uuid.UUID, reason: str, version: int) -> AnnouncedYear:
    """Take back a year that was entered; the row stays. Raises as ``set_day``, and ``AnnouncedYear.DoesNotExist``."""
    with _changing(by, version) as now:
        _check_reason(reason)
        row = AnnouncedYear.objects.standing().get(uid=uid)
        _end(row, by, now, reason)
        _new_edition(CalendarChange.YEAR_ENDED, now, by=by, about=str(row.year), reason=reason)
        record_audit(action="calendar.year_ended", subject=row.subject, actor=by, params={"year": row.year})
    return row


def notice_announced_years() -> bool:
    """Make an edition when the installed ``chinesecalendar`` knows something else than before; whether it did."""
    with transaction.atomic():
        if _latest_edition().announced == announced_fingerprint():
            return False
        last = announced_years()[-1]
        _new_edition(CalendarChange.ANNOUNCED, timezone.now(), by=None, about=str(last), reason="")
        record_audit(action="calendar.announced", subject=f"calendar-year:{last}", actor=None, params={"year": last})
    return True


@contextlib.contextmanager
def _changing(by: User, version: int) -> Iterator[datetime.datetime]:
    """A transaction in which ``by`` changes the calendar as of edition ``version``, and nobody else does; it yields now."""
    if not can_keep_calendar(by):
        raise PermissionDenied
    with transaction.atomic():
        latest = _latest_edition()
        if latest.number != version:
            raise StaleVersion(latest.number)
        ask_again()
        try:
            yield timezone.now()
        finally:
            # What was asked within may be rolled back.
            ask_again()


def _latest_edition() -> CalendarEdition:
    """The latest edition, locked against another one being made. The first is there from the start and never goes."""
    CalendarEdition.objects.select_for_update().order_by("number").first()
    latest = CalendarEdition.objects.order_by("-number").first()
    return latest or CalendarEdition(number=0, announced="")


def _new_edition(
    change: CalendarChange, now: datetime.datetime, *, by: User | None, about: str, reason: str
) -> CalendarEdition:
    """Keep the calendar as the rows make it from ``now`` on."""
    days = CalendarDay.objects.standing().order_by("day").values_list("day", "works")
    years = AnnouncedYear.objects.standing().order_by("year").values("year", "days_off", "make_up_days")
    edition = CalendarEdition.objects.create(
        number=_latest_edition().number + 1,
        change=change,
        about=about,
        reason=reason.strip(),
        made_by=by,
        made_at=now,
        additions={"days": {day.isoformat(): works for day, works in days}, "years": list(years)},
        announced=announced_fingerprint(),
    )
    ask_again()
    return edition


def _end(row: CalendarDay | AnnouncedYear, by: User, now: datetime.datetime, reason: str) -> None:
    # Not before it was made, whatever the clock says.
    row.ended_at, row.ended_by, row.end_reason = max(now, row.made_at), by, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})


def _check_year(name: str, year: int) -> None:
    years = years_kept()
    if year not in years:
        between = {"first": years[0], "last": years[-1]}
        raise ValidationError({name: _("Only days of the years %(first)s to %(last)s can be set.") % between})


def _check_days(said: YearNotice) -> None:
    days = [day for part in (said.days_off, said.make_up_days) for day, _holiday in part]
    strange = sorted({day for day in days if day.year != said.year})
    if strange:
        raise ValidationError({"text": _("%(day)s is not in %(year)s.") % {"day": strange[0], "year": said.year}})
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise ValidationError({"text": _("%(day)s is said twice.") % {"day": twice[0]}})
    weekdays = sorted(day for day, _holiday in said.make_up_days if day.weekday() < SATURDAY)
    if weekdays:
        raise ValidationError({"text": _("%(day)s is no Saturday or Sunday: it makes up for nothing.") % {"day": weekdays[0]}})
    if not said.days_off:
        raise ValidationError({"text": _("There is no day off in this text.")})


def _pairs(said: Iterable[tuple[datetime.date, str]]) -> list[list[str]]:
    return [[day.isoformat(), holiday] for day, holiday in sorted(said)]
