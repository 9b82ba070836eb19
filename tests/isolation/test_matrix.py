"""Who gets what at every address of the office: strangers, each role here and there, superiors, and who has no right."""

import pytest
from django.conf import settings
from django.test import Client

from tests.isolation.addresses import addresses, described_path, operations
from tests.isolation.asking import address_of, problems
from tests.isolation.matrix import ROWS
from tests.isolation.world import BROWSER, World

pytestmark = pytest.mark.django_db

# Each way in which rows are chosen for their reader.
ON_POSTGRESQL = {
    "casework:list",
    "casework:detail",
    "org:person",
    "org:admin_grants",
    "auditing:list",
    "workflow:inbox",
    "workflow:item",
}


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    names = [name for name, _route in addresses()]
    assert sorted(names) == sorted(ROWS)


def test_every_operation_of_the_api_has_its_row() -> None:
    paths = {described_path(route): ROWS[name] for name, route in addresses() if name in ROWS and ROWS[name].api}
    described = set(operations())
    assert described == {
        (method, path) for path, row in paths.items() for method in ("get", "post") if getattr(row, method) != 405
    }


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.db if name in ON_POSTGRESQL else ()) for name in sorted(ROWS)]
)
def test_each_gets_what_is_theirs_and_nothing_else(world: World, name: str) -> None:
    found = problems(world, name, ROWS[name])
    assert not found, "\n".join(found)


def test_no_form_is_taken_without_its_token(world: World) -> None:
    for name, row in ROWS.items():
        # Nothing is done there, or without a session, which is what CSRF lives on.
        if row.post in (404, 405) or name in ("healthz", "readyz", "auth_token"):
            continue
        client = Client(headers=BROWSER, enforce_csrf_checks=True)
        actor = min(row.may)
        if actor != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[actor]
        assert client.post(address_of(name, row.at(world)), row.body(world)).status_code == 403, name


def test_nothing_that_takes_a_login_stays_in_a_cache(world: World) -> None:
    for name, row in ROWS.items():
        if row.get == 200 and "anonymous" not in row.may:
            client = Client(headers=BROWSER)
            client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[min(row.may)]
            control = client.get(address_of(name, row.at(world))).headers.get("Cache-Control", "")
            assert "no-store" in control, name
