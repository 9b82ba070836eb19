"""Whatever is moved and merged in whatever order: paths say where units stand, and access is the union of grants."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import User
from internal_bridge.org import services
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Unit
from internal_bridge.org.permissions import roles_of, units_of
from internal_bridge.org.services import Conflict
from tests.org.people import grant, make_person, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.db]

CODES = [f"u{number}" for number in range(7)]
codes = st.sampled_from(CODES)
moves = st.tuples(st.just("move"), codes, st.sampled_from([*CODES, "yls"]))
merges = st.tuples(st.just("merge"), codes, codes)
grants = st.lists(st.tuples(codes, st.booleans()), max_size=4)
thrifty = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def do(by, verb, code, other):
    if verb == "move":
        services.move_unit(by=by, code=code, version=Unit.objects.get(code=code).version, parent=other)
    elif code != other:
        services.merge_units(by=by, codes=[code], into=other, version=Unit.objects.get(code=other).version)


def below(code, parents):
    """The open unit with this code and all below it, by following parents one at a time."""
    found, before = {code}, set()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


@thrifty
@given(parents=st.lists(st.integers(0, 6), min_size=7, max_size=7), steps=st.lists(moves | merges, max_size=5), held=grants)
def test_paths_and_access_follow_the_tree(peer, sysadmin, parents, steps, held):
    with transaction.atomic():
        for number, code in enumerate(CODES):
            above = parents[number] % number if number else None
            make_unit(code, parent="yls" if above is None else CODES[above])
        person = make_person()
        for code, with_descendants in held:
            grant(person, Role.HANDLER, code, with_descendants=with_descendants)

        for step in steps:
            # Closed already, or below itself.
            with contextlib.suppress(Conflict):
                do(sysadmin, *step)

        tree = {unit.code: unit for unit in Unit.objects.filter(valid_to=None).select_related("parent")}
        above = {code: unit.parent.code if unit.parent else None for code, unit in tree.items()}
        for code, unit in tree.items():
            assert unit.path == (tree[above[code]].path if above[code] else "") + f"{code}/"
            assert above[code] is None or above[code] in tree
            assert set(Unit.objects.filter(valid_to=None).below(unit).values_list("code", flat=True)) == below(code, above)
        user = User.objects.get(pk=person.user_id)
        reach = set()
        for code, with_descendants in held:
            reach |= (below(code, above) if with_descendants else {code}) & set(tree)
        assert set(units_of(user, Role.HANDLER).filter(valid_to=None).values_list("code", flat=True)) == reach
        assert {code for code, unit in tree.items() if roles_of(user).covers(Role.HANDLER, unit.path)} == reach
        # The next example begins with the same directory.
        transaction.set_rollback(True)
