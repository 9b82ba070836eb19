"""The work calendar: a year of it for everybody who works here, and what the system administrator changes in it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.workdays import local_date
from internal_bridge.org.views.acts import Act, Preview, act, run
from internal_bridge.org.views.answers import person_of, private
from internal_bridge.policies.calendar_forms import EnterYearForm, ReasonForm, SetDayForm
from internal_bridge.policies.calendar_presenters import YearPage, preview_lines
from internal_bridge.policies.models import AnnouncedYear, CalendarDay
from internal_bridge.policies.permissions import can_keep_calendar
from internal_bridge.policies.services import calendar as services


@require_safe
@private
def year(request: HttpRequest) -> HttpResponse:
    """A year of the calendar, this one unless ``?year=`` names another, and what the city has changed."""
    today = local_date(timezone.now())
    text = request.GET.get("year", "")
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today.year
    shown = asked if asked in services.years_kept() else today.year
    page = YearPage(shown, today, keeps=can_keep_calendar(person_of(request)))
    return render(request, "policies/calendar.html", {"page": page})


@act
def set_day(request: HttpRequest) -> HttpResponse:
    """Set a day otherwise than announced."""

    def perform(data: dict[str, Any]) -> str:
        return _address(services.set_day(by=person_of(request), **data).day.year)

    doing = Act(
        name="set_calendar_day",
        title=_("Set a day otherwise"),
        button=_("Set the day"),
        done=_("The day is set. Running limits are counted again."),
        perform=perform,
        intro=_("A working day becomes a day off, or a day off a working day: for this city, for every limit."),
        follows=_follows(),
        **_place(),
    )
    return run(request, doing, SetDayForm, initial={"version": services.current_edition()})


@act
def end_day(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take back that a day is set otherwise."""
    row = get_object_or_404(CalendarDay.objects.standing(), uid=uid)

    def perform(data: dict[str, Any]) -> str:
        services.end_day(by=person_of(request), uid=uid, **data)
        return _address(row.day.year)

    doing = Act(
        name="end_calendar_day",
        title=_("Take back %(day)s") % {"day": row.day},
        button=_("Take it back"),
        done=_("The day is again what was announced. Running limits are counted again."),
        perform=perform,
        danger=True,
        follows=_follows(),
        **_place(),
    )
    return run(request, doing, ReasonForm, initial={"version": services.current_edition()})


@act
def enter_year(request: HttpRequest) -> HttpResponse:
    """Enter a year's notice by hand, because the package that knows them has not been updated yet."""

    def perform(data: dict[str, Any]) -> str:
        said = EnterYearForm.said(data)
        services.enter_year(by=person_of(request), said=said, notice=data["notice"], version=data["version"])
        return _address(said.year)

    doing = Act(
        name="enter_calendar_year",
        title=_("Enter a year's notice"),
        button=_("Enter the year"),
        done=_("The year counts as announced. Running limits are counted again."),
        perform=perform,
        intro=_("What the State Council has announced for a year that is not known here yet, or is known wrongly."),
        preview=lambda data: Preview(preview_lines(EnterYearForm.said(data))),
        **_place(),
    )
    return run(request, doing, EnterYearForm, initial={"version": services.current_edition()})


@act
def end_year(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take back a year that was entered by hand."""
    row = get_object_or_404(AnnouncedYear.objects.standing(), uid=uid)

    def perform(data: dict[str, Any]) -> str:
        services.end_year(by=person_of(request), uid=uid, **data)
        return _address(row.year)

    doing = Act(
        name="end_calendar_year",
        title=_("Take back what was entered for %(year)s") % {"year": row.year},
        button=_("Take it back"),
        done=_("What was entered does not count any more. Running limits are counted again."),
        perform=perform,
        danger=True,
        follows=_follows(),
        **_place(),
    )
    return run(request, doing, ReasonForm, initial={"version": services.current_edition()})


def _address(shown: int) -> str:
    return f"{reverse('workcalendar:year')}?year={shown}"


def _place() -> dict[str, Any]:
    address = reverse("workcalendar:year")
    return {"back": address, "crumbs": [(_("Work calendar"), address)]}


def _follows() -> list[str]:
    return [
        _("Limits that run are counted again, and each says why its date has changed."),
        _("It stands in the audit log and in the list of editions; nothing is deleted."),
    ]
