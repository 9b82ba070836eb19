"""A list asks the database as often for 600 people as for 10."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import ApiToken, AuditRecord, Lockout, User
from internal_bridge.casework.models import Case
from internal_bridge.org.enums import ImportKind, Role
from internal_bridge.org.models import Appointment, Grant, ImportRun, Person, Unit
from internal_bridge.workflow.services import NewItem, Source, ToRole, open_items
from tests.isolation.asking import address_of
from tests.isolation.matrix import ROWS
from tests.isolation.world import BROWSER
from tests.org.people import LONG_AGO, make_login, make_post, make_unit
from tests.workflow.sources import know_cases

pytestmark = pytest.mark.django_db

LISTS = {name: row for name, row in ROWS.items() if row.many}
MOST = 40


def crowd(first: int, last: int) -> None:
    """People of these numbers, each with one of everything that a list may show."""
    now, numbers = timezone.now(), range(first, last)
    city = make_unit("yls")
    units = Unit.objects.bulk_create(
        Unit(code=f"u{n}", name=f"单位{n}", short_name=f"单位{n}", parent=city, path=f"yls/u{n}/", kind="institution",
             valid_from=LONG_AGO) for n in numbers[::10]
    )  # fmt: skip
    posts = [make_post(unit) for unit in [city, *units[:5]]]
    users = User.objects.bulk_create(User(username=f"crowd{n}", display_name=f"众{n}") for n in numbers)
    people = Person.objects.bulk_create(
        Person(staff_number=f"C{n}", user=user, name=f"众{n}", pinyin=f"zhong {n}", initials="z", mobile=f"1390000{n:04d}")
        for n, user in zip(numbers, users, strict=True)
    )
    for post, main in ((posts[0], True), (posts[-1], False)):
        Appointment.objects.bulk_create(
            Appointment(person=person, post=post, main=main, valid_from=LONG_AGO) for person in people
        )
    Grant.objects.bulk_create(
        Grant(person=person, role=Role.HANDLER, unit=city, valid_from=LONG_AGO, reason="测试") for person in people
    )
    later = now + datetime.timedelta(hours=1)
    many = list(zip(numbers, users, strict=True))
    UserSession.objects.bulk_create(
        UserSession(user=user, ip="192.0.2.1", session_key=f"k{n}", user_agent="Mozilla/5.0") for n, user in many
    )
    ApiToken.objects.bulk_create(ApiToken(user=user, digest=f"{n:064d}", created_at=now, expires_at=later) for n, user in many)
    Lockout.objects.bulk_create(
        Lockout(login_hash=f"{n:064d}", user=user, network="192.0.2.0/24", failures=5, last_at=now, locked_until=later)
        for n, user in many
    )
    AuditRecord.objects.bulk_create(
        AuditRecord(at=now, actor=user, login=user.username, channel="page", action="person.changed",
                    subject=f"person:{person.uid}", leaf_hash="0" * 64)
        for user, person in zip(users, people, strict=True)
    )  # fmt: skip
    ImportRun.objects.bulk_create(ImportRun(kind=ImportKind.PEOPLE, started_by=user, content="") for _n, user in many)
    cases = Case.objects.bulk_create(
        Case(number=f"20260101-{n:06d}-0", register_year=2020, register_number=n, kind="complaint", received_at=now,
             registered_at=now, title=f"来件{n}", body="正文", unit_code="yls", source="portal", citizen_key=bytes(32),
             submission_box=b"", submission_commitment="0" * 64, submission_info=b"")
        for n in numbers
    )  # fmt: skip
    open_items(
        [NewItem(Source("casework", case.uid), "handle", ToRole(Role.DISPATCHER, units[n % len(units)]), due_on=LONG_AGO)
         for n, case in enumerate(cases)], at=now,
    )  # fmt: skip


def reader(row: Any) -> Client:
    """Somebody who may see the list, with a right over the whole city."""
    role = next(role for role in ("dispatcher", "sysadmin", "secadmin", "auditor") if f"{role}@a" in row.may)
    client = Client(headers=BROWSER)
    client.force_login(User.objects.get(username=role))
    return client


def counted() -> dict[str, int]:
    """How many queries each list takes."""
    counts = {}
    for name, row in LISTS.items():
        client = reader(row)
        # The first request of a session writes down that it is in use.
        client.get("/")
        for query in ("", "view=all", "q=众"):
            path = f"{address_of(name, {})}?{query}"
            with CaptureQueriesContext(connection) as captured:
                status = client.get(path).status_code
            # A query may be about what only the world of the matrix has.
            if status == 200:
                counts[path] = len(captured)
    return counts


@pytest.fixture(scope="module")
def measured(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """For 10 people and for 600."""
    with django_db_blocker.unblock(), transaction.atomic():
        for role in ("dispatcher", "sysadmin", "secadmin", "auditor"):
            make_login(role, username=role)
        know_cases()
        crowd(1_000, 1_010)
        few = counted()
        crowd(1_010, 1_600)
        yield few, counted()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_many_as_for_few(measured: Any, name: str) -> None:
    few, many = measured
    path = address_of(name, {})
    asked = {query for query in few if query.startswith(f"{path}?")}
    assert f"{path}?" in asked
    for query in asked:
        # Fewer, where the first page of many is all of one kind.
        assert many[query] <= few[query], query
        assert few[query] <= MOST, query
