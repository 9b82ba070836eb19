"""A small town for tests of pages: rows as the services would have written them, without a bridge."""

import datetime
import itertools
from typing import Any

from core.models import User
from core.text import pinyin_of
from internal_bridge.org.enums import Role, UnitKind
from internal_bridge.org.models import Appointment, Department, Grant, Person, Post, Unit

serial = itertools.count(1)
SINCE = datetime.date(2020, 1, 1)


def make_unit(code: str, name: str = "", *, parent: Unit | None = None, kind: str = "", **fields: Any) -> Unit:
    """A unit below ``parent``."""
    kind = kind or (UnitKind.GOVERNMENT_DEPARTMENT if parent else UnitKind.CITY)
    path = f"{parent.path if parent else ''}{code}/"
    names = {"name": name or code, "short_name": fields.pop("short_name", name or code)}
    return Unit.objects.create(code=code, parent=parent, path=path, kind=kind, valid_from=SINCE, **names, **fields)


def make_post(unit: Unit, department: str = "办公室", name: str = "科员", position: int = 1) -> Post:
    """An open post, in a department that is made when it is not there."""
    place, _ = Department.objects.get_or_create(unit=unit, name=department)
    return Post.objects.get_or_create(department=place, name=name, defaults={"position": position})[0]


def make_person(name: str, *posts: Post, login: str = "", **fields: Any) -> Person:
    """Somebody who holds ``posts``, the first as main one; with a login where it is named."""
    pinyin, initials = pinyin_of(name)
    user = User.objects.create_user(login, password="demo", display_name=name) if login else None
    person = Person.objects.create(
        staff_number=fields.pop("staff_number", f"T{next(serial):05}"),
        name=name, pinyin=pinyin, initials=initials, user=user, **fields,
    )  # fmt: skip
    for place, post in enumerate(posts):
        Appointment.objects.create(person=person, post=post, main=place == 0, valid_from=SINCE)
    return person


def make_grant(person: Person, role: str, unit: Unit, **fields: Any) -> Grant:
    return Grant.objects.create(
        person=person, role=role, unit=unit, **{"valid_from": SINCE, "reason": "test", **fields}
    )  # fmt: skip


def make_administrator(unit: Unit, login: str = "sysadmin") -> User:
    """The login of a system administrator with a post in ``unit``."""
    person = make_person("孙磊", make_post(unit, "信息科", "系统管理员"), login=login)
    make_grant(person, Role.SYSADMIN, unit)
    assert person.user is not None
    return person.user
