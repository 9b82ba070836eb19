"""Which cases a person may know of follows from their grants."""

import pytest

from internal_bridge.casework.models import Case
from internal_bridge.org.enums import Role
from tests.casework.cases import make_case
from tests.org.people import end_grants, grant, make_login, make_person, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def seen(user):
    return set(Case.objects.visible_to(user).values_list("unit_code", flat=True))


def test_a_dispatcher_sees_the_cases_of_the_units_that_grants_cover_and_nobody_else_any():
    for code, parent in (("xfj", "yls"), ("jyj", "yls"), ("school", "jyj"), ("jyjx", "yls")):
        make_unit(code, parent=parent)
    for code in ("", "unknown", "xfj", "jyj", "school", "jyjx"):
        Case.objects.filter(pk=make_case().pk).update(unit_code=code)

    union = make_person("dispatcher", "jyj")
    grant(union, "dispatcher", "xfj", with_descendants=False)
    top_alone = make_person("dispatcher", "yls", with_descendants=False)
    former = make_login("dispatcher")
    end_grants(former)
    superuser = make_login()
    superuser.is_superuser = True

    assert seen(make_login("dispatcher")) == {"", "unknown", "xfj", "jyj", "school", "jyjx"}
    assert seen(make_person("dispatcher", "jyj").user) == {"jyj", "school"}
    assert seen(make_person("dispatcher", "jyj", with_descendants=False).user) == {"jyj"}
    assert seen(make_login("inspector")) == {"", "unknown", "xfj", "jyj", "school", "jyjx"}
    assert seen(union.user) == {"jyj", "school", "xfj"}
    assert seen(top_alone.user) == set()
    overseers = {Role.DISPATCHER, Role.INSPECTOR}
    others = [make_login(role) for role in Role if role not in overseers]
    for nobody in (former, superuser, *others):
        assert seen(nobody) == set()
