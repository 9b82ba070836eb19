"""The system administrator's pages of units."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from internal_bridge.org import services
from internal_bridge.org.errors import Conflict
from internal_bridge.org.forms.units import (
    ChangeUnitForm,
    CloseUnitForm,
    MergeUnitForm,
    MoveUnitForm,
    NewUnitForm,
    RenameUnitForm,
)
from internal_bridge.org.models import Unit
from internal_bridge.org.paging import page_of
from internal_bridge.org.presenters.administration import UnitRow, merger_in_words, sections, unit_administration, units_listed
from internal_bridge.org.querysets import today
from internal_bridge.org.views.acts import Act, Preview, act, administrators_only, run
from internal_bridge.org.views.answers import person_of


@require_safe
@administrators_only
def administration(request: HttpRequest) -> HttpResponse:
    """The administration begins with its units."""
    return redirect("org:admin_units")


@require_safe
@administrators_only
def units(request: HttpRequest) -> HttpResponse:
    """All units, the closed ones too; ``?q=`` searches, ``?state=`` is open (as without), closed or all."""
    state = request.GET.get("state", "open")
    text = request.GET.get("q", "").strip()[:60]
    page = page_of(request, units_listed(state, text))
    context = {
        "sections": sections("units"),
        "rows": [UnitRow.of(unit) for unit in page.rows],
        "page": page,
        "text": text,
        "state": state,
        "states": [("open", _("Existing")), ("closed", _("Closed ones")), ("all", _("All"))],
    }
    return render(request, "org/administration/units.html", context)


@require_safe
@administrators_only
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit with its departments and posts, and what can be done with it."""
    return render(request, "org/administration/unit.html", unit_administration(_unit(code)))


@act
def new_unit(request: HttpRequest) -> HttpResponse:
    """A new unit."""

    def perform(data: dict[str, Any]) -> str:
        return _address(services.create_unit(by=person_of(request), **{**data, "parent": data["parent"] or None}).code)

    doing = Act(
        name="create_unit",
        title=_("New unit"),
        button=_("Enter the unit into the directory"),
        back=reverse("org:admin_units"),
        done=_("The unit stands in the directory. The portal is told."),
        perform=perform,
        crumbs=_crumbs(),
    )
    return run(request, doing, NewUnitForm, initial={"parent": request.GET.get("parent", "")})


@act
def change_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Duties, phone, kind and the like."""
    found = _unit(code)

    def perform(data: dict[str, Any]) -> str:
        version = data.pop("version")
        services.change_unit(by=person_of(request), code=code, version=version, changes=data)
        return _address(code)

    doing = _act(found, "change_unit", _("Change the entry"), _("Save"), _("Saved. The portal is told."), perform)
    return run(request, doing, ChangeUnitForm, initial={**ChangeUnitForm.values_of(found), "version": found.version})


@act
def rename_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Another name."""
    found = _unit(code)

    def perform(data: dict[str, Any]) -> str:
        services.rename_unit(by=person_of(request), code=code, **data)
        return _address(code)

    follows = [
        _("The name so far, %(name)s, is kept with its dates and can still be searched for.") % {"name": found.name},
        _("The portal shows the new name within seconds."),
    ]
    done = _("Renamed. The portal is told.")
    doing = _act(found, "rename_unit", _("Rename"), _("Rename the unit"), done, perform, follows=follows)
    initial = {"name": found.name, "short_name": found.short_name, "version": found.version}
    return run(request, doing, RenameUnitForm, initial=initial)


@act
def move_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Another superior."""
    found = _unit(code)

    def perform(data: dict[str, Any]) -> str:
        services.move_unit(by=person_of(request), code=code, version=data["version"], parent=data["parent"] or None)
        return _address(code)

    below = Unit.objects.open().below(found).exclude(pk=found.pk).count()
    follows = [
        _("%(n)s units below it move along.") % {"n": below},
        _("Rights that reach down from the old superior no longer cover it; those of the new one do."),
    ]
    done = _("Moved. The portal is told.")
    doing = _act(found, "move_unit", _("Put under another unit"), _("Move the unit"), done, perform, follows=follows)
    initial = {"parent": found.parent.code if found.parent else "", "version": found.version}
    return run(request, doing, MoveUnitForm, initial=initial)


@act
def close_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The last day, and who follows."""
    found = _unit(code)

    def perform(data: dict[str, Any]) -> str:
        services.close_unit(by=person_of(request), code=code, **data)
        return _address(code)

    follows = [
        _("Its departments and posts end with it. Nobody may hold a post there any more, and no unit may be below it."),
        _("Its page stays, and names the successors. Its code is never given again."),
        _("A closed unit cannot be opened again."),
    ]
    done = _("Closed. The portal is told.")
    doing = _act(found, "close_unit", _("Close down"), _("Close the unit"), done, perform, follows=follows, danger=True)
    return run(request, doing, CloseUnitForm, initial={"valid_to": today(), "version": found.version})


@act
def merge_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Into another unit, after a look at what follows."""
    found = _unit(code)

    def preview(data: dict[str, Any]) -> Preview:
        into = Unit.objects.open().get(code=data["into"])
        if found.valid_to is not None:
            raise Conflict("closed")
        if into == found:
            raise Conflict("below_itself")
        return Preview(merger_in_words(found, into), hidden={"version": into.version})

    def perform(data: dict[str, Any]) -> str:
        into, version = data["into"], data["version"]
        version = Unit.objects.get(code=into).version if version is None else version
        services.merge_units(by=person_of(request), codes=[code], into=into, version=version, on=data["on"])
        return _address(into)

    done = _("Merged. The portal is told.")
    doing = _act(found, "merge_units", _("Merge into another unit"), _("Merge"), done, perform, preview=preview, danger=True)
    return run(request, doing, MergeUnitForm)


def _unit(code: str) -> Unit:
    return get_object_or_404(Unit.objects.select_related("parent"), code=code)


def _address(code: str) -> str:
    return reverse("org:admin_unit", args=[code])


def _crumbs(found: Unit | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("Administration"), reverse("org:admin_units"))]
    return [*crumbs, (found.short_name, _address(found.code))] if found else crumbs


def _act(found: Unit, name: str, title: str, button: str, done: str, perform: Any, **more: Any) -> Act:
    """Something done with ``found``; after a conflict its page says what stands there now."""

    def present() -> dict[str, Any]:
        now = _unit(found.code)
        return {**ChangeUnitForm.values_of(now), "name": now.name, "parent": now.parent.code if now.parent else ""}

    titled = f"{title}：{found.short_name}"
    back = _address(found.code)
    return Act(
        name=name,
        title=titled,
        button=button,
        back=back,
        done=done,
        perform=perform,
        crumbs=_crumbs(found),
        present=present,
        **more,
    )
