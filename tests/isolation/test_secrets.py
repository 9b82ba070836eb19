"""Nothing of unit A comes to people of unit B: not by a guessed id, a filter, a count, a list, a file or a program."""

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client

from core.idempotency import new_key
from core.models import ApiToken
from internal_bridge.org.models import Person
from tests.isolation.actors import (
    AUDITORS,
    OF_MOBILE_A,
    OF_MOBILE_B,
    OFFICIALS,
    OPERATORS,
    ROLES,
    SECADMINS,
    STRANGERS_TO_A,
    SYSADMINS,
    holders,
)
from tests.isolation.asking import WHO_FILTERS, address_of, ask, differences, guesses
from tests.isolation.matrix import ROWS
from tests.isolation.world import BROWSER, World, changed

pytestmark = pytest.mark.django_db

LISTS = sorted(name for name, row in ROWS.items() if row.is_listed())
ABOUT_ONE = sorted(name for name, row in ROWS.items() if row.is_about_one())
MOBILES = (("officer_a", OF_MOBILE_A), ("officer_b", OF_MOBILE_B))
ADMINISTRATORS = holders("sysadmin", "secadmin", "auditor")


@pytest.mark.parametrize("name", LISTS)
def test_what_happens_at_a_changes_nothing_that_others_get(world: World, name: str) -> None:
    found = differences(world, name, ROWS[name])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["desk:home", "casework:list"])
def test_the_same_shows_to_whom_it_concerns(world: World, name: str) -> None:
    path = address_of(name, {})
    before = ask(world, "dispatcher@a", "get", path).comparable()
    with changed(world, "nobody"):
        assert ask(world, "dispatcher@a", "get", path).comparable() != before


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_a_guessed_id_is_answered_like_one_that_is_not_there(world: World, name: str) -> None:
    found = guesses(world, name, ROWS[name])
    assert not found, "\n".join(found)


def test_a_file_of_one_case_is_not_found_under_another(world: World) -> None:
    parts = {"number": world.cases["b"].number, "attachment_id": world.cases["a"].attachments.get().pk}
    for actor in ("dispatcher@a", "dispatcher@b", "dispatcher@city"):
        assert ask(world, actor, "get", address_of("casework:attachment", parts)).status == 404


@pytest.mark.parametrize(("officer", "readers"), MOBILES)
def test_a_mobile_number_is_for_colleagues_superiors_and_the_system_administrator(
    world: World, officer: str, readers: frozenset[str]
) -> None:
    person = getattr(world, officer)
    unit = person.appointments.get(main=True).post.department.unit.code
    page, cards = address_of("org:person", {"uid": person.uid}), f"{address_of('org:export_cards', {})}?unit={unit}"
    for path, asked in ((page, OFFICIALS), (cards, WHO_FILTERS | {"handler@a", "handler@b", "head@over"})):
        shown = {actor for actor in asked if person.mobile.encode() in ask(world, actor, "get", path).body}
        assert shown == readers & asked, path


def test_nobody_is_found_by_a_mobile_number(world: World) -> None:
    path, name = address_of("org:export_cards", {}), world.officer_a.name.encode()
    for actor in ("handler@a", "sysadmin@a", "head@over", "handler@b"):
        for text in ("1111", "13900001111", "139 0000 1111", "%1111", "_1111"):
            assert name not in ask(world, actor, "get", f"{path}?view=all&q={text}").body, (actor, text)
        assert name in ask(world, actor, "get", f"{path}?view=all&q=2211").body


def test_nobody_ends_anothers_session_or_token_among_their_own(world: World) -> None:
    for actor in sorted(OFFICIALS):
        client = Client(headers=BROWSER)
        with transaction.atomic():
            client.force_login(world.users[actor])
            client.post(address_of("account_end_session", {"session_id": world.session.pk}))
            client.post(address_of("account_end_token", {"token_id": world.token.pk}))
            client.post(address_of("account_end_other_sessions", {}))
            assert UserSession.objects.filter(pk=world.session.pk).exists()
            assert ApiToken.objects.get(pk=world.token.pk).revoked_at is None
            transaction.set_rollback(True)


def test_no_address_is_open_to_two_kinds_of_administrators_but_the_bridge() -> None:
    for name, row in ROWS.items():
        # What everybody may, administrators may too; they see there what everybody sees.
        if row.may & ADMINISTRATORS and row.may != OFFICIALS and "anonymous" not in row.may:
            # Rules about units are the dispatchers', too; there is nothing of a case in them.
            shared = name.startswith("routing:") and row.may & ADMINISTRATORS == SYSADMINS
            bridge = name.startswith("exchange") and row.may == OPERATORS
            assert row.may in (SYSADMINS, SECADMINS, AUDITORS) or shared or bridge, name


def test_every_role_has_a_twin_at_the_other_unit() -> None:
    assert len(ROLES) == 9
    assert {actor for actor in STRANGERS_TO_A if actor.endswith("@b")} == {f"{role}@b" for role in ROLES}


@pytest.mark.parametrize("target", ["secadmin@a", "secadmin@b", "auditor@b"])
def test_the_system_administrator_takes_over_no_other_administrators_login(world: World, target: str) -> None:
    path = address_of("org:admin_person_password", {"uid": Person.objects.get(user=world.users[target]).uid})
    answer = ask(world, "sysadmin@a", "post", path, {"idempotency_key": new_key()})
    assert answer.status == 409
    assert "core_user" not in answer.written


@pytest.mark.parametrize("role", ROLES)
def test_no_administrator_gives_themselves_a_right(world: World, role: str) -> None:
    path = address_of("org:admin_grant_give", {"uid": Person.objects.get(user=world.users["sysadmin@a"]).uid})
    form = {"role": role, "unit": "unit-a", "reason": "试试", "idempotency_key": new_key()}
    answer = ask(world, "sysadmin@a", "post", path, form)
    assert answer.status == 409
    assert "org_grant" not in answer.written
