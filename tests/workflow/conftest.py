"""A bureau with two handlers and a head, another bureau, and matters planted into the registry."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import User
from internal_bridge.org.models import Person, Unit
from internal_bridge.org.permissions import forget_roles
from internal_bridge.org.querysets import today
from internal_bridge.workflow.addressing import forget_standings
from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.services import Source, ToRole, open_item
from tests.org.people import make_person, make_unit
from tests.workflow.sources import Matters, matters, plant


@dataclass
class Town:
    """Who there is, by name."""

    bureau: Unit
    other: Unit
    people: dict[str, Person]
    matters: Matters
    sources: list[Source]

    def __getitem__(self, name: str) -> User:
        """The login, as a new request would have it."""
        user = self.people[name].user
        assert user is not None
        fresh = User.objects.get(pk=user.pk)
        return fresh

    def box(self, name: str, box: Box = Box.TODO) -> set[int]:
        return set(WorkItem.objects.box(self[name], box).values_list("pk", flat=True))

    def open(self, step: str = "handle", *, source: int = 0, to: Any = None, **fields: Any) -> WorkItem:
        """An item, by default for the bureau's handlers."""
        fields.setdefault("at", timezone.now())
        return open_item(source=self.sources[source], step=step, to=to or ToRole("handler", self.bureau), **fields)

    def browser(self, name: str) -> Client:
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(self[name])
        return client


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    bureau, other = make_unit("jyj"), make_unit("wsj")
    people = {
        "li": make_person("handler", bureau, name="李萌"),
        "wang": make_person("handler", bureau, name="王珊"),
        "zhao": make_person("head", bureau, name="赵国栋"),
        "lin": make_person("handler", other, name="林静怡"),
        "sun": make_person("sysadmin", "dsjj", name="孙磊"),
        "city": make_person("handler", "yls", name="覃晓明"),
    }
    types = Matters()
    plant(monkeypatch, types)
    return Town(bureau, other, people, types, matters(bureau, 3))


def days(number: int) -> datetime.date:
    """That many days from today."""
    return today() + datetime.timedelta(days=number)


def forget(user: User) -> User:
    """As the next request would see ``user``."""
    forget_roles(user)
    forget_standings(user)
    return user
