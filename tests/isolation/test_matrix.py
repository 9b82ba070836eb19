"""Who gets what at every address of the office: strangers, each role here and there, superiors, and who has no right."""

import pytest

from tests.isolation.addresses import addresses, operations
from tests.isolation.asking import address_of, problems
from tests.isolation.matrix import ROWS
from tests.isolation.world import World

pytestmark = pytest.mark.django_db


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    names = [name for name, _route in addresses()]
    assert sorted(names) == sorted(ROWS)


def test_every_operation_of_the_api_has_its_row(world: World) -> None:
    paths = {address_of(name, row.at(world)): row for name, row in ROWS.items() if row.api}
    described = set(operations())
    assert described == {
        (method, path) for path, row in paths.items() for method in ("get", "post") if getattr(row, method) != 405
    }


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_gets_what_is_theirs_and_nothing_else(world: World, name: str) -> None:
    found = problems(world, name, ROWS[name])
    assert not found, "\n".join(found)
