"""The system administrator's pages of people and their posts."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from internal_bridge.org import services
from internal_bridge.org.forms.fields import ActForm
from internal_bridge.org.forms.people import AppointForm, ChangePersonForm, LeaveForm, LoginForm, NewPersonForm
from internal_bridge.org.forms.units import ClosingForm
from internal_bridge.org.models import Appointment, Person, Unit
from internal_bridge.org.paging import page_of
from internal_bridge.org.presenters.administration import sections, units_named
from internal_bridge.org.presenters.staff import PEOPLE_STATES, StaffRow, people_listed, person_administration
from internal_bridge.org.querysets import today
from internal_bridge.org.views.acts import Act, act, administrators_only, run
from internal_bridge.org.views.answers import person_of


@require_safe
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """All people, those who have left too; ``?q=`` searches, ``?unit=`` and ``?state=`` narrow."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "unit", "state")}
    page = page_of(request, people_listed(**asked))
    context = {
        "sections": sections("people"),
        "rows": [StaffRow.of(person) for person in page.rows],
        "page": page,
        "asked": asked,
        "units": units_named(),
        "states": [(state, str(label)) for state, label in PEOPLE_STATES.items()],
    }
    return render(request, "org/administration/people.html", context)


@require_safe
@administrators_only
def person(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A person with posts and rights, and what can be done."""
    return render(request, "org/administration/person.html", person_administration(_person(uid)))


@act
def new_person(request: HttpRequest) -> HttpResponse:
    """A new person, without post and login yet."""

    def perform(data: dict[str, Any]) -> str:
        return _address(services.create_person(by=person_of(request), **data).uid)

    doing = Act(
        name="create_person",
        title=_("New person"),
        button=_("Enter the person into the directory"),
        back=reverse("org:admin_people"),
        done=_("The person stands in the directory. Appoint them to a post next."),
        perform=perform,
        crumbs=[(_("People"), reverse("org:admin_people"))],
    )
    return run(request, doing, NewPersonForm)


@act
def change_person(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Name, phones, place."""
    found = _person(uid)

    def perform(data: dict[str, Any]) -> str:
        version = data.pop("version")
        services.change_person(by=person_of(request), uid=uid, version=version, changes=data)
        return _address(uid)

    doing = about(found, "change_person", _("Change the data"), _("Save"), _("Saved."), perform)
    return run(request, doing, ChangePersonForm, initial={**ChangePersonForm.values_of(found), "version": found.version})


@act
def appoint_person(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A post; its unit is chosen first (``?unit=``)."""
    found = _person(uid)
    unit = Unit.objects.open().filter(code=request.GET.get("unit", "")).first()

    def perform(data: dict[str, Any]) -> str:
        services.appoint_person(by=person_of(request), uid=uid, post_id=data.pop("post"), **data)
        return _address(uid)

    doing = about(found, "appoint_person", _("Appoint to a post"), _("Appoint"), _("Appointed."), perform)
    if unit is None:
        context = {"act": doing, "units": units_named()}
        return render(request, "org/administration/choose_unit.html", context)
    doing = about(
        found, "appoint_person", f"{_('Appoint to a post')} · {unit.short_name}", _("Appoint"), _("Appointed."), perform
    )
    return run(request, doing, AppointForm, unit=unit)


@act
def end_appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """The last day in a post."""
    rows = Appointment.objects.with_places().select_related("person")
    held = get_object_or_404(rows, pk=appointment_id)

    def perform(data: dict[str, Any]) -> str:
        services.end_appointment(by=person_of(request), appointment_id=appointment_id, valid_to=data["valid_to"])
        return _address(held.person.uid)

    follows = [_("Rights that hang on this post end with it."), _("On the same day it can be undone on the person's page.")]
    title = _("End the appointment: %(post)s") % {"post": f"{held.post.department.unit} {held.post}"}
    doing = about(
        held.person, "end_appointment", title, _("End it"), _("The appointment ends."), perform, follows=follows, danger=True
    )
    return run(request, doing, ClosingForm, initial={"valid_to": today()})


@act
def leave(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The person leaves."""
    found = _person(uid)

    def perform(data: dict[str, Any]) -> str:
        services.let_person_leave(by=person_of(request), uid=uid, **data)
        return _address(uid)

    follows = [
        _("All posts and rights end, the login is shut and its sessions end at once."),
        _("What the person did stays on record under their name."),
    ]
    done = _("The person has left.")
    doing = about(
        found, "let_person_leave", _("Leaves"), _("Let this person leave"), done, perform, follows=follows, danger=True
    )
    return run(request, doing, LeaveForm, initial={"left_on": today(), "version": found.version})


@act
def give_login(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A login; its one-time password is shown in the answer to the form and nowhere else."""
    found = _person(uid)
    shown: dict[str, str] = {}

    def perform(data: dict[str, Any]) -> str:
        person, password = services.give_login(by=person_of(request), uid=uid, username=data["username"])
        shown.update(username=person.user.username if person.user else "", password=password)
        return _address(uid)

    follows = [_("A one-time password is made and shown once. It has to be changed at the first login.")]
    doing = about(found, "give_login", _("Give a login"), _("Make the login"), "", perform, follows=follows, repeatable=True)
    initial = {"username": found.pinyin.replace(" ", "")[:150]}
    return _with_password(request, found, shown, run(request, doing, LoginForm, initial=initial))


@act
def reset_password(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A new one-time password, for who has forgotten theirs; shown as with ``give_login``."""
    found = _person(uid)
    shown: dict[str, str] = {}

    def perform(_data: dict[str, Any]) -> str:
        person, password = services.reset_password(by=person_of(request), uid=uid)
        shown.update(username=person.user.username if person.user else "", password=password)
        return _address(uid)

    follows = [_("The password so far no longer works; open sessions and tokens end."), _("The new one is shown once.")]
    title, button = _("Make a new one-time password"), _("Make it")
    doing = about(found, "reset_password", title, button, "", perform, follows=follows, repeatable=True, danger=True)
    return _with_password(request, found, shown, run(request, doing, ActForm))


def _with_password(request: HttpRequest, found: Person, shown: dict[str, str], response: HttpResponse) -> HttpResponse:
    """The page that shows the password, when one has been made; else what the form answers."""
    if not shown:
        return response
    return render(request, "org/administration/password.html", {"person": found, **shown, "back": _address(found.uid)})


def _person(uid: uuid.UUID) -> Person:
    return get_object_or_404(Person.objects.select_related("user"), uid=uid)


def _address(uid: uuid.UUID) -> str:
    return reverse("org:admin_person", args=[uid])


def about(found: Person, name: str, title: str, button: str, done: str, perform: Any, **more: Any) -> Act:
    """Something done with a person; after a conflict its page says what stands there now."""
    back = _address(found.uid)
    return Act(
        name=name,
        title=f"{title} · {found.name}",
        button=button,
        back=back,
        done=done,
        perform=perform,
        crumbs=[(_("People"), reverse("org:admin_people")), (found.name, back)],
        present=lambda: ChangePersonForm.values_of(_person(found.uid)),
        **more,
    )
