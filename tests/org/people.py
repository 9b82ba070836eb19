"""Units and people for tests: rows as the services would have written them, without a bridge."""

import datetime
import itertools

from core.models import User
from core.text import pinyin_of
from internal_bridge.org.enums import Role, UnitKind
from internal_bridge.org.models import Appointment, Department, Grant, Person, Post, Unit
from internal_bridge.org.querysets import today

LONG_AGO = datetime.date(2020, 1, 1)
serial = itertools.count(1)


def make_unit(code: str = "yls", *, parent: Unit | str | None = "yls", **fields: object) -> Unit:
    """The unit with this code, made below ``parent`` if it is not there; ``yls`` is the city, at the top."""
    if found := Unit.objects.filter(code=code).first():
        return found
    above = make_unit(parent) if isinstance(parent, str) and code != "yls" else None if code == "yls" else parent
    values: dict[str, object] = {
        "name": f"云岭市{code}",
        "short_name": f"市{code}",
        "kind": UnitKind.GOVERNMENT_DEPARTMENT if isinstance(above, Unit) else UnitKind.CITY,
        "valid_from": LONG_AGO,
    }
    path = f"{above.path if isinstance(above, Unit) else ''}{code}/"
    return Unit.objects.create(code=code, parent=above, path=path, **(values | fields))


def make_post(unit: Unit | str, *, department: str = "综合科", post: str = "科员") -> Post:
    """The post of this name, made if it is not there."""
    place = make_unit(unit) if isinstance(unit, str) else unit
    part, _ = Department.objects.get_or_create(unit=place, name=department, valid_to=None)
    return Post.objects.get_or_create(department=part, name=post, valid_to=None)[0]


def appoint(person: Person, unit: Unit | str, *, main: bool = False, **place: str) -> Appointment:
    """A further post of ``person``, since long ago."""
    return Appointment.objects.create(person=person, post=make_post(unit, **place), main=main, valid_from=LONG_AGO)


def grant(
    person: Person, role: Role | str, unit: Unit | str = "yls", *, with_descendants: bool = True, **fields: object
) -> Grant:
    """A right of ``person``, since long ago."""
    place = make_unit(unit) if isinstance(unit, str) else unit
    values = {"valid_from": LONG_AGO, "reason": "测试"} | fields
    return Grant.objects.create(person=person, role=Role(role), unit=place, with_descendants=with_descendants, **values)


def make_person(
    role: Role | str | None = None,
    unit: Unit | str = "yls",
    *,
    username: str | None = None,
    name: str = "覃晓明",
    with_descendants: bool = True,
    login: bool = True,
    **fields: object,
) -> Person:
    """Somebody with a main post in ``unit``, a login, and ``role`` over the unit and all below it; password ``demo``."""
    number = next(serial)
    user = None
    if login:
        user = User.objects.create_user(username or f"person{number}", password="demo", display_name=name)  # nosec B106
    pinyin, initials = pinyin_of(name)
    values = {"staff_number": f"T{number:05d}", "pinyin": pinyin, "initials": initials} | fields
    person = Person.objects.create(user=user, name=name, **values)
    appoint(person, unit, main=True)
    if role is not None:
        grant(person, role, unit, with_descendants=with_descendants)
    return person


def make_login(*roles: str, username: str | None = None, name: str = "覃晓明", unit: Unit | str = "yls") -> User:
    """The login of somebody with these roles over ``unit`` and all below it."""
    person = make_person(None, unit, username=username, name=name)
    for role in roles:
        grant(person, role, unit)
    assert person.user is not None
    return person.user


def end_grants(user: User) -> None:
    """Let the grants of this login have ended yesterday."""
    Grant.objects.filter(person__user=user).update(valid_to=today() - datetime.timedelta(days=1))
