"""The system administrator's pages of departments and posts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from internal_bridge.org import services
from internal_bridge.org.forms.units import ClosingForm, DepartmentForm, PostForm
from internal_bridge.org.models import Department, Post, Unit
from internal_bridge.org.views.acts import Act, act, run
from internal_bridge.org.views.answers import person_of


@act
def new_department(request: HttpRequest, code: str) -> HttpResponse:
    """A new department of a unit."""
    unit = get_object_or_404(Unit, code=code)

    def perform(data: dict[str, Any]) -> str:
        services.open_department(by=person_of(request), unit=code, **data)
        return _address(unit)

    return run(request, _act(unit, "open_department", _("New department"), perform), DepartmentForm)


@act
def change_department(request: HttpRequest, department_id: int) -> HttpResponse:
    """Another name or place in lists."""
    department = _department(department_id)

    def perform(data: dict[str, Any]) -> str:
        services.rename_department(by=person_of(request), department_id=department_id, **data)
        return _address(department.unit)

    doing = _act(department.unit, "rename_department", f"{_('Change')}：{department.name}", perform)
    return run(request, doing, DepartmentForm, initial={"name": department.name, "position": department.position})


@act
def close_department(request: HttpRequest, department_id: int) -> HttpResponse:
    """The last day of a department."""
    department = _department(department_id)

    def perform(data: dict[str, Any]) -> str:
        services.close_department(by=person_of(request), department_id=department_id, **data)
        return _address(department.unit)

    doing = _act(department.unit, "close_department", f"{_('Close down')}：{department.name}", perform, closes=True)
    return run(request, doing, ClosingForm)


@act
def new_post(request: HttpRequest, department_id: int) -> HttpResponse:
    """A new post in a department."""
    department = _department(department_id)

    def perform(data: dict[str, Any]) -> str:
        services.create_post(by=person_of(request), department_id=department_id, **data)
        return _address(department.unit)

    return run(request, _act(department.unit, "create_post", f"{_('New post')}：{department.name}", perform), PostForm)


@act
def change_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Name, rank, headcount, place in lists."""
    post = _post(post_id)
    unit = post.department.unit

    def perform(data: dict[str, Any]) -> str:
        services.change_post(by=person_of(request), post_id=post_id, changes=data)
        return _address(unit)

    initial = {name: getattr(post, name) for name in ("name", "rank", "headcount", "position")}
    return run(request, _act(unit, "change_post", f"{_('Change')}：{post.name}", perform), PostForm, initial=initial)


@act
def close_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """The last day of a post."""
    post = _post(post_id)
    unit = post.department.unit

    def perform(data: dict[str, Any]) -> str:
        services.close_post(by=person_of(request), post_id=post_id, **data)
        return _address(unit)

    return run(request, _act(unit, "close_post", f"{_('Close down')}：{post.name}", perform, closes=True), ClosingForm)


def _department(department_id: int) -> Department:
    return get_object_or_404(Department.objects.select_related("unit"), pk=department_id)


def _post(post_id: int) -> Post:
    return get_object_or_404(Post.objects.select_related("department__unit"), pk=post_id)


def _address(unit: Unit) -> str:
    return reverse("org:admin_unit", args=[unit.code])


def _act(unit: Unit, name: str, title: str, perform: Any, *, closes: bool = False) -> Act:
    back = _address(unit)
    return Act(
        name=name,
        title=title,
        button=_("Close down") if closes else _("Save"),
        back=back,
        done=_("Saved."),
        perform=perform,
        crumbs=[(_("Administration"), reverse("org:admin_units")), (unit.short_name, back)],
        danger=closes,
    )
