"""Departments and posts of a unit."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.org.errors import Conflict
from internal_bridge.org.models import Department, Post
from internal_bridge.org.querysets import today
from internal_bridge.org.services.changes import (
    assign,
    check_fields,
    locked_department,
    locked_post,
    locked_unit,
    note,
    refuse,
    require_administrator,
)

__all__ = ["change_post", "close_department", "close_post", "create_post", "open_department", "rename_department"]


def open_department(*, by: User, unit: str, name: str, position: int = 0) -> Department:
    """A new department of the unit with this code.

    Raises ``PermissionDenied``, ``Unit.DoesNotExist``, ``Conflict`` for a closed unit, ``ValidationError``.
    """
    require_administrator(by)
    with transaction.atomic():
        department = Department(unit=locked_unit(unit), name=name, position=position)
        _check_department(department)
        department.save(force_insert=True)
        _note(department, "department_opened", by, department=department.pk)
    return department


def rename_department(*, by: User, department_id: int, name: str, position: int | None = None) -> Department:
    """Another name, and place in lists, for a department. Raises ``PermissionDenied``, ``DoesNotExist``, ``Conflict``,
    ``ValidationError``."""
    require_administrator(by)
    with transaction.atomic():
        department = locked_department(department_id)
        wanted = {"name": name} | ({} if position is None else {"position": position})
        if differing := assign(department, wanted, {"name", "position"}):
            _check_department(department)
            department.save(update_fields=differing)
            _note(department, "department_changed", by, department=department.pk, fields=differing)
    return department


def close_department(*, by: User, department_id: int, valid_to: datetime.date | None = None) -> Department:
    """Close a department after ``valid_to`` (today). Raises ``PermissionDenied``, ``DoesNotExist``, ``Conflict`` while it has
    open posts."""
    require_administrator(by)
    with transaction.atomic():
        department = locked_department(department_id)
        if department.posts.filter(valid_to=None).exists():
            raise Conflict("posts_remain")
        department.valid_to = valid_to or today()
        department.save(update_fields=["valid_to"])
        _note(department, "department_closed", by, department=department.pk)
    return department


def create_post(*, by: User, department_id: int, name: str, rank: str = "", headcount: int = 1, position: int = 0) -> Post:
    """A new post in a department. Raises ``PermissionDenied``, ``DoesNotExist``, ``Conflict``, ``ValidationError``."""
    require_administrator(by)
    with transaction.atomic():
        department = locked_department(department_id)
        post = Post(department=department, name=name, rank=rank, headcount=headcount, position=position)
        _check_post(post)
        post.save(force_insert=True)
        _note(department, "post_created", by, post=post.pk)
    return post


def change_post(*, by: User, post_id: int, changes: dict[str, Any]) -> Post:
    """Change name, rank, headcount or position. Raises ``PermissionDenied``, ``DoesNotExist``, ``Conflict``,
    ``ValidationError``."""
    require_administrator(by)
    with transaction.atomic():
        post = locked_post(post_id)
        if differing := assign(post, changes, {"name", "rank", "headcount", "position"}):
            _check_post(post)
            post.save(update_fields=differing)
            _note(post.department, "post_changed", by, post=post.pk, fields=differing)
    return post


def close_post(*, by: User, post_id: int, valid_to: datetime.date | None = None) -> Post:
    """Close a post after ``valid_to`` (today). Raises ``PermissionDenied``, ``DoesNotExist``, ``Conflict`` while somebody
    holds it."""
    require_administrator(by)
    with transaction.atomic():
        post = locked_post(post_id)
        if post.appointments.filter(valid_to=None).exists():
            raise Conflict("people_remain")
        post.valid_to = valid_to or today()
        post.save(update_fields=["valid_to"])
        _note(post.department, "post_closed", by, post=post.pk)
    return post


def _note(place: Department, name: str, by: User, **params: Any) -> None:
    note(subject=place.unit.subject, action=f"unit.{name}", by=by, params=params)


def _check_department(department: Department) -> None:
    check_fields(department, "name", "position")
    same = Department.objects.filter(unit=department.unit, name=department.name, valid_to=None).exclude(pk=department.pk)
    if same.exists():
        raise refuse("name", "taken", _("The unit has a department of this name."))


def _check_post(post: Post) -> None:
    check_fields(post, "name", "rank", "headcount", "position")
    same = Post.objects.filter(department=post.department, name=post.name, valid_to=None).exclude(pk=post.pk)
    if same.exists():
        raise refuse("name", "taken", _("The department has a post of this name."))
