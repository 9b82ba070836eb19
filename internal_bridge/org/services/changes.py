"""What every verb of the directory does: ask for the right, lock the row, write down what happened."""

import uuid
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.events import record_event
from core.models import User
from internal_bridge.org.errors import Conflict, StaleVersion
from internal_bridge.org.models import Department, Person, Post, Unit
from internal_bridge.org.permissions import can_administer_directory
from internal_bridge.org.querysets import today

Row = TypeVar("Row", bound=models.Model)


def require_administrator(by: User) -> None:
    """Raise ``PermissionDenied`` for whoever may not administer the directory."""
    if not can_administer_directory(by):
        raise PermissionDenied


def note(*, subject: str, action: str, by: User | None, params: dict[str, Any] | None = None) -> None:
    """Write ``action`` ('unit.renamed') to both logs: as an event of ``subject``, whose name is its second half, and as an
    administrative act."""
    record_event(subject=subject, name=action.partition(".")[2], at=timezone.now(), actor=by, params=params)
    record_audit(action=action, subject=subject, actor=by, params=params)


def locked_unit(code: str, version: int | None = None) -> Unit:
    """The open unit, locked. Raises ``Unit.DoesNotExist``, ``Conflict`` when it is closed, ``StaleVersion``."""
    unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(code=code)
    if unit.valid_to is not None:
        raise Conflict("closed")
    check_version(unit, version)
    return unit


def locked_person(uid: uuid.UUID, version: int | None = None) -> Person:
    """The person, locked, with the login. Raises ``Person.DoesNotExist``, ``Conflict`` for who has left, ``StaleVersion``."""
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(uid=uid)
    if person.left_on is not None:
        raise Conflict("left")
    check_version(person, version)
    return person


def locked_department(department_id: int) -> Department:
    """The open department, locked, with its unit. Raises ``Department.DoesNotExist``, ``Conflict`` when it is closed."""
    department = Department.objects.select_for_update(of=("self",)).select_related("unit").get(pk=department_id)
    if department.valid_to is not None and department.valid_to < today():
        raise Conflict("closed")
    return department


def locked_post(post_id: int) -> Post:
    """The open post, locked, with its place. Raises ``Post.DoesNotExist``, ``Conflict`` when it is closed."""
    post = Post.objects.select_for_update(of=("self",)).select_related("department__unit").get(pk=post_id)
    if post.valid_to is not None and post.valid_to < today():
        raise Conflict("closed")
    return post


def check_version(row: Unit | Person, version: int | None) -> None:
    """Raise ``StaleVersion`` when somebody has changed the row since ``version``."""
    if version is not None and row.version != version:
        raise StaleVersion(row.version)


def assign(row: models.Model, changes: dict[str, Any], allowed: set[str]) -> list[str]:
    """Set the fields that differ and return their names, sorted. Raises ``TypeError`` for a field that is not ``allowed``."""
    if unknown := set(changes) - allowed:
        raise TypeError(f"cannot be changed: {', '.join(sorted(unknown))}")
    differing = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in differing:
        setattr(row, name, changes[name])
    return differing


def check_fields(row: models.Model, *names: str) -> None:
    """Validate these fields alone; raises ``ValidationError`` by field."""
    row.clean_fields(exclude={field.name for field in row._meta.fields} - set(names))


def refuse(field: str, code: str, message: str) -> ValidationError:
    """A ``ValidationError`` of one field."""
    return ValidationError({field: ValidationError(message, code=code)})


def check_last_day(first: Any, last: Any, field: str = "valid_to") -> None:
    """Raise ``ValidationError`` when the last day is before the first."""
    if last < first:
        raise refuse(field, "before_first_day", _("The last day is before the first."))
