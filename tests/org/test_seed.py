"""The demo's directory: everybody of 11 "Demo logins" is there, and nothing breaks a rule."""

import time

import pytest
from django.db.models import Count

from core.models import AuditRecord, User
from internal_bridge.org.enums import SEPARATED_ROLES, Role
from internal_bridge.org.models import Appointment, Grant, Person, Post, Unit
from internal_bridge.org.permissions import roles_of, units_of
from internal_bridge.org.seeds import seed_directory
from tests.org.sent import announced

pytestmark = [pytest.mark.django_db, pytest.mark.db]

CASEWORK = ["dispatcher", "dispatcher.zfb", "inspector", "inspector.zfb", "leader", "secretary"]


def roles(username):
    return roles_of(User.objects.get(username=username))


def test_the_demo_directory_has_its_people_and_logins_and_can_be_made_again(peer, reached):
    begun = time.monotonic()
    seed_directory(password_hash="hashed-once")
    reached(f"the demo directory in {time.monotonic() - begun:.1f} s")
    told = len(announced())

    assert Unit.objects.count() == told == 197
    assert 560 <= Person.objects.count() <= 640
    assert Person.objects.annotate(posts=Count("appointments")).filter(posts=2).count() >= 20
    assert set(User.objects.values_list("password", flat=True)) == {"hashed-once"}
    city_level = set(Post.objects.values_list("department__unit__code", flat=True))
    assert len(city_level) == 136
    usernames = set(User.objects.values_list("username", flat=True))
    expected = {*CASEWORK, "sysadmin", "secadmin", "auditor"}
    expected |= {f"{role}.{code}" for role in ("handler", "head") for code in city_level}
    assert usernames == expected
    names = set(Person.objects.values_list("name", flat=True))
    assert all(any(rare in name for name in names) for rare in "镕堃喆昇")
    assert User.objects.get(username="dispatcher").get_full_name() == "陈立"

    # Rights: over the city, over one unit, none that are held together.
    assert roles("dispatcher").covers_city(Role.DISPATCHER)
    assert set(units_of(User.objects.get(username="dispatcher.zfb"), Role.DISPATCHER).values_list("code", flat=True)) == {"xfj"}
    assert roles("handler.jyj").roles == {Role.HANDLER}
    assert roles("head.jyj").paths(Role.HEAD) == (("yls/jyj/", False),)
    several = Person.objects.filter(grants__role__in=SEPARATED_ROLES).annotate(n=Count("grants")).filter(n__gt=1)
    assert not several.exists()
    assert Grant.objects.counting().count() == len(expected)
    assert not Person.objects.exclude(appointments__main=True).exists()
    assert AuditRecord.objects.get().action == "directory.imported"

    # Again: nothing is added, and what was changed stays.
    Unit.objects.filter(code="jyj").update(short_name="教育局")
    before = (Person.objects.count(), Appointment.objects.count(), Grant.objects.count())
    seed_directory(password_hash="hashed-twice")
    assert (Person.objects.count(), Appointment.objects.count(), Grant.objects.count()) == before
    assert Unit.objects.get(code="jyj").short_name == "教育局"
    assert len(announced()) == told
