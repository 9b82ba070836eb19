"""Whom a petition is about × every exit of the office: nothing of it shows, nothing tells that it is there (2022 §30).

Walks the same rows as the matrix, so that an address without one fails there; here each is asked as people who would see all of
the case, were it not about them.
"""

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from core.presenters import Count
from internal_bridge.casework.models import Case, CaseAssignment, CaseEntry, CaseExclusion
from internal_bridge.casework.querysets import CaseExclusionQuerySet
from internal_bridge.desk import presenters as desk_presenters
from internal_bridge.org.enums import Role
from internal_bridge.workflow.enums import ItemKind
from internal_bridge.workflow.services import NewItem, Source, ToRole, open_items
from tests.casework.cases import make_case
from tests.isolation import world as worlds
from tests.isolation.asking import Answer, address_of, ask
from tests.isolation.matrix import ROWS
from tests.isolation.rows import Row
from tests.isolation.world import World
from tests.org.people import grant, make_person, make_unit

pytestmark = pytest.mark.django_db

# They would see it: dispatcher and inspector of the city who work in the accused unit, its head, and a handler of the unit that
# has the case, who is kept out in person.
DISPATCHER, INSPECTOR, HEAD, HANDLER = "accused dispatcher", "accused inspector", "accused head", "excluded handler"
ACCUSED = (DISPATCHER, INSPECTOR, HEAD, HANDLER)
TITLE, BODY, NOTE = "丙局乱收费", "丙局窗口多收了三百元。", "丙局负责人已被约谈"
# What a person may ask for in words; whatever of it comes back stood in the question.
WORDS = ("q=丙局", "q=乱收费")
ON_POSTGRESQL = {"casework:list", "casework:detail", "workflow:inbox", "desk:home"}


@pytest.fixture(scope="module")
def accused(world: World, django_db_blocker: Any) -> Iterator[World]:
    """The world as the matrix has it, but that the case of A is about unit C, and people of C ask."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _about_c(world)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.db if name in ON_POSTGRESQL else ()) for name in sorted(ROWS)]
)
def test_no_exit_tells_the_accused_of_the_case(accused: World, name: str) -> None:
    found = told(accused, name)
    assert not found, "\n".join(found)


def test_others_do_see_what_is_looked_for(accused: World) -> None:
    page = ask(accused, "dispatcher@city", "get", address_of("casework:detail", {"number": accused.cases["a"].number}))
    inbox = ask(accused, "dispatcher@city", "get", address_of("workflow:inbox", {}))
    for answer, told_there in ((page, (TITLE, BODY)), (inbox, (TITLE, accused.cases["a"].number))):
        assert answer.status == 200
        assert [text for text in told_there if text.encode() not in answer.body] == []


@pytest.mark.parametrize("name", ["casework:list", "casework:detail", "casework:action", "workflow:inbox", "work_items"])
def test_an_exclusion_that_is_forgotten_is_found_out(accused: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(CaseExclusionQuerySet, "against", lambda rows, person: rows.none())
    assert told(accused, name)


def test_a_count_of_what_is_not_shown_is_found_out(accused: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_presenters, "case_count", lambda person: Count.of(Case.objects.all()))
    assert told(accused, "casework:list") == [
        f"/cases/{query} tells {actor} that there is one more" for actor in ACCUSED for query in ("?", f"?{WORDS[0]}")
    ]


def told(world: World, name: str) -> list[str]:
    """What an address tells the accused, one sentence each."""
    row = ROWS[name]
    return [wrong for actor in _askers(name) for wrong in _told_to(world, name, row, actor)]


def _askers(name: str) -> tuple[str, ...]:
    """Of what has nothing to do with cases one is enough."""
    return ACCUSED if name.startswith(("casework:", "case_", "workflow:", "work_items", "desk:")) else (DISPATCHER,)


def _told_to(world: World, name: str, row: Row, actor: str) -> Iterator[str]:
    path = address_of(name, row.at(world))
    about_it = _names_the_case(world, row)
    absent = address_of(name, row.absent(world)) if about_it else ""
    for bearer in (False, True) if row.api else (False,):
        for method in ("get", "post"):
            answer = ask(world, actor, method, path, row.body(world), bearer=bearer, api=row.api)
            yield from _leaks(world, actor, f"{method} {path}", answer, path)
            if about_it:
                other = ask(world, actor, method, absent, row.body(world), bearer=bearer, api=row.api)
                if _alike(answer, path) != _alike(other, absent):
                    yield f"{method} {path} is {answer.status} to {actor}, one that is not there {other.status}"
    if row.is_listed():
        for query in ("", *row.queries, *WORDS, f"q={world.cases['a'].number}"):
            asked = f"{path}?{query}"
            before = ask(world, actor, "get", asked)
            yield from _leaks(world, actor, asked, before, query)
            if before.status == 200 and not bearer and query in ("", WORDS[0]):
                yield from _changes(world, actor, asked, before, path)


def _changes(world: World, actor: str, asked: str, before: Answer, path: str) -> Iterator[str]:
    """What is otherwise once there is one more case about them: a count, an order, a line."""
    with transaction.atomic():
        _one_more(world)
        after = ask(world, actor, "get", asked)
        transaction.set_rollback(True)
    if before.comparable(path) != after.comparable(path):
        yield f"{asked} tells {actor} that there is one more"


def _leaks(world: World, actor: str, asked: str, answer: Answer, said: str) -> Iterator[str]:
    for secret in world.secrets:
        if secret.text not in said and (secret.text.encode() in answer.body or secret.text in answer.location):
            yield f"{asked} shows {secret.name} to {actor}"


def _alike(answer: Answer, path: str) -> tuple[Any, ...]:
    return *answer.comparable(path), answer.location.replace(path, "").partition("?next=")[0]


def _names_the_case(world: World, row: Row) -> bool:
    case = world.cases["a"]
    return bool({str(part) for part in row.at(world).values()} & {case.number, str(world.item.uid), str(world.notice.uid)})


def _about_c(world: World) -> World:
    """The case, and who asks."""
    c, lead = make_unit("unit-c", parent="over"), make_unit("unit-d", parent="over")
    case = _case(world, TITLE, BODY)
    CaseAssignment.objects.create(case=case, unit=lead, part="lead", state="signed", assigned_at=case.received_at)
    CaseEntry.objects.create(case=case, kind="note", text=NOTE, at=case.received_at, author=world.officer_a.user, unit=lead)
    attachment = world.cases["a"].attachments.get()
    attachment.pk, attachment.case, attachment.name = None, case, "丙局收据.pdf"
    attachment.save(force_insert=True)
    people = {
        DISPATCHER: _person(c, DISPATCHER, Role.DISPATCHER, "yls"),
        INSPECTOR: _person(c, INSPECTOR, Role.INSPECTOR, "yls"),
        HEAD: _person(c, HEAD, Role.HEAD, "over"),
        HANDLER: _person(lead, HANDLER, Role.HANDLER, "unit-d"),
    }
    CaseExclusion.objects.create(case=case, unit=c, added_at=case.received_at)
    CaseExclusion.objects.create(case=case, person=people[HANDLER], added_at=case.received_at)
    items = open_items(
        [
            NewItem(source=Source("casework", case.uid), step=step, to=ToRole(role, unit), kind=kind)
            for step, role, unit, kind in (
                ("check", Role.DISPATCHER, make_unit("yls"), ItemKind.DO),
                ("added", Role.DISPATCHER, make_unit("yls"), ItemKind.READ),
                ("handle", Role.HANDLER, lead, ItemKind.DO),
                ("review", Role.HEAD, lead, ItemKind.DO),
            )
        ],
        at=timezone.now(),
    )
    made = dataclasses.replace(
        world,
        cases=world.cases | {"a": case},
        item=items[0],
        notice=items[1],
        users={name: person.user for name, person in people.items()},
        cookies=dict(world.cookies),
        bearers=dict(world.bearers),
        secrets=[
            worlds.Secret(name, text, frozenset())
            for name, text in (
                ("its number", case.number),
                ("its title", TITLE),
                ("its text", BODY),
                ("a note", NOTE),
                ("a file's name", "丙局收据"),
                ("its register number", case.register_label),
                ("its uid", str(case.uid)),
                ("an item's uid", str(items[0].uid)),
            )
        ],
    )
    worlds._log_in(made)
    return made


def _case(world: World, title: str, body: str = "") -> Case:
    case = make_case(state="in_progress", title=title)
    lead = make_unit("unit-d", parent="over")
    Case.objects.filter(pk=case.pk).update(unit_code="unit-c", about_unit_code="unit-c", lead_unit=lead, body=body or case.body)
    return Case.objects.get(pk=case.pk)


def _person(unit: Any, username: str, role: Role, over: str) -> Any:
    person = make_person(None, unit, username=username, name=f"丁{username[:8]}")
    grant(person, role, over)
    return person


def _one_more(world: World) -> None:
    case = _case(world, f"丙局又一件{uuid.uuid4().hex[:6]}")
    CaseExclusion.objects.create(case=case, unit=make_unit("unit-c"), added_at=case.received_at)
    CaseAssignment.objects.create(
        case=case, unit=make_unit("unit-d"), part="lead", state="signed", assigned_at=case.received_at
    )
    for row in world.cases["a"].exclusions.filter(person__isnull=False):
        CaseExclusion.objects.create(case=case, person=row.person, added_at=case.received_at)
    source = Source("casework", case.uid)
    for role, unit in ((Role.DISPATCHER, "yls"), (Role.HANDLER, "unit-d"), (Role.HEAD, "unit-d")):
        for kind in ItemKind:
            open_items([NewItem(source=source, step="more", to=ToRole(role, make_unit(unit)), kind=kind)], at=timezone.now())
