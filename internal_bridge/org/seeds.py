"""Demo people of the office."""

import datetime

from core.models import User
from core.text import pinyin_of
from internal_bridge.org.enums import Role, UnitKind
from internal_bridge.org.models import Grant, Person, Unit

__all__ = ["seed_directory"]

PEOPLE = [("dispatcher", "陈立", Role.DISPATCHER), ("sysadmin", "孙磊", Role.SYSADMIN), ("secadmin", "方圆", Role.SECADMIN)]
FOUNDED = datetime.date(2024, 1, 1)


def seed_directory(*, password_hash: str) -> None:
    """Make the demo logins. Safe to repeat."""
    names = {"path": "yls/", "name": "云岭市", "short_name": "云岭市", "kind": UnitKind.CITY, "valid_from": FOUNDED}
    city, _ = Unit.objects.get_or_create(code="yls", defaults=names)
    for number, (username, name, role) in enumerate(PEOPLE, 1):
        user, _ = User.objects.get_or_create(username=username, defaults={"display_name": name, "password": password_hash})
        pinyin, initials = pinyin_of(name)
        person, created = Person.objects.get_or_create(
            user=user, defaults={"staff_number": f"YL{number:05d}", "name": name, "pinyin": pinyin, "initials": initials}
        )
        if created:
            Grant.objects.create(
                person=person, role=role, unit=city, with_descendants=True, valid_from=FOUNDED, reason="演示数据"
            )
