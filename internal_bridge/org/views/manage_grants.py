"""The system administrator's pages of rights: who holds which, given, ended, and taken back on the same day."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from internal_bridge.org import services
from internal_bridge.org.enums import Role
from internal_bridge.org.forms.fields import ActForm
from internal_bridge.org.forms.people import GrantForm
from internal_bridge.org.models import Appointment, Grant, Person
from internal_bridge.org.paging import page_of
from internal_bridge.org.presenters.administration import sections, units_named
from internal_bridge.org.presenters.staff import GRANT_STATES, GrantRow, grant_in_words, grants_listed
from internal_bridge.org.views.acts import Act, Preview, act, administrators_only, run
from internal_bridge.org.views.answers import person_of
from internal_bridge.org.views.manage_people import about


@require_safe
@administrators_only
def grants(request: HttpRequest) -> HttpResponse:
    """All rights; ``?q=`` finds people, ``?role=``, ``?unit=`` and ``?state=`` narrow."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "role", "unit", "state")}
    page = page_of(request, grants_listed(person_of(request), **asked))
    context = {
        "sections": sections("grants"),
        "rows": [GrantRow.of(grant) for grant in page.rows],
        "page": page,
        "asked": asked,
        "units": units_named(),
        "roles": Role.choices,
        "states": [(state, str(label)) for state, label in GRANT_STATES.items()],
    }
    return render(request, "org/administration/grants.html", context)


@act
def give_grant(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A right for a person, after a look at what it opens."""
    found = get_object_or_404(Person, uid=uid)

    def perform(data: dict[str, Any]) -> str:
        services.give_grant(by=person_of(request), uid=uid, appointment_id=data.pop("appointment"), **data)
        return _address(uid)

    doing = about(
        found,
        "give_grant",
        _("Give a right"),
        _("Give this right"),
        _("The right is given."),
        perform,
        preview=lambda data: Preview(grant_in_words(found, data)),
    )
    return run(request, doing, GrantForm, person=found)


@act
def end_grant(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A right ends at once."""
    grant = get_object_or_404(Grant.objects.select_related("person", "unit"), uid=uid)

    def perform(_data: dict[str, Any]) -> str:
        services.end_grant(by=person_of(request), uid=uid)
        return _address(grant.person.uid)

    follows = [
        _("%(role)s over %(unit)s: it counts no more from this moment.") % {"role": Role(grant.role).label, "unit": grant.unit},
        _("On the same day it can be given again with one click on the person's page."),
    ]
    doing = about(
        grant.person,
        "end_grant",
        _("End a right"),
        _("End this right"),
        _("The right has ended."),
        perform,
        follows=follows,
        danger=True,
    )
    return run(request, doing, ActForm)


@act
def restore_grant(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo: the same right once more."""
    grant = get_object_or_404(Grant.objects.select_related("person", "unit"), uid=uid)

    def perform(_data: dict[str, Any]) -> str:
        services.give_grant(
            by=person_of(request),
            uid=grant.person.uid,
            role=grant.role,
            unit=grant.unit.code,
            reason=grant.reason,
            with_descendants=grant.with_descendants,
            appointment_id=grant.appointment_id,
        )
        return _address(grant.person.uid)

    return run(request, _undo(grant.person, "restore_grant", str(Role(grant.role).label), perform), ActForm)


@act
def restore_appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Undo: the same post once more, from today."""
    held = get_object_or_404(Appointment.objects.with_places().select_related("person"), pk=appointment_id)

    def perform(_data: dict[str, Any]) -> str:
        services.appoint_person(
            by=person_of(request), uid=held.person.uid, post_id=held.post_id, main=held.main, duties=held.duties
        )
        return _address(held.person.uid)

    return run(request, _undo(held.person, "restore_appointment", str(held.post), perform), ActForm)


def _undo(person: Person, name: str, what: str, perform: Any) -> Act:
    return about(person, name, f"{_('Undo')}：{what}", _("Restore"), _("Restored."), perform)


def _address(uid: uuid.UUID) -> str:
    return reverse("org:admin_person", args=[uid])
