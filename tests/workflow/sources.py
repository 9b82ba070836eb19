"""A feature's matters, planted: what work items in tests are about, and who may know of which."""

import uuid
from typing import Any

from core.identifiers import uuid7
from core.models import User
from internal_bridge.casework.models import Case
from internal_bridge.org.models import Unit
from internal_bridge.workflow import registry
from internal_bridge.workflow.registry import Presented, SourceType
from internal_bridge.workflow.services import Source

APP = "org"


class Matters(SourceType):
    """Units stand in for matters: they have a ``uid`` and a name; nobody may know of those that are hidden from them."""

    app = APP

    def __init__(self) -> None:
        self.hidden: dict[int, set[uuid.UUID]] = {}
        self.asked = 0

    def visible(self, person: User) -> Any:
        return Unit.objects.exclude(uid__in=self.hidden.get(person.pk, set()))

    def present(self, uids: set[uuid.UUID], person: User) -> dict[uuid.UUID, Presented]:
        self.asked += 1
        rows = self.visible(person).filter(uid__in=uids)
        return {
            row.uid: Presented(
                title=f"事项{row.name}", url=f"/units/{row.code}/", number=row.code, subtitle=f"{row.short_name}来件"
            )
            for row in rows
        }

    def step_label(self, step: str) -> str:
        return {"sign": "签收", "handle": "承办", "review": "审核"}.get(step, step)

    def search(self, person: User, text: str) -> Any:
        return self.visible(person).filter(name__contains=text)

    def hide(self, source: Source, *from_whom: User) -> None:
        for user in from_whom:
            self.hidden.setdefault(user.pk, set()).add(source.uid)


def plant(monkeypatch: Any, *types: SourceType) -> None:
    """Let the registry know these types and no other."""
    monkeypatch.setattr(registry, "_types", {source_type.app: source_type for source_type in types})


def matters(unit: Unit, count: int, first: int = 0) -> list[Source]:
    """That many further matters: closed units below ``unit``."""
    rows = Unit.objects.bulk_create(
        Unit(code=f"m{n}", name=f"第{n}件", short_name=f"第{n}件", parent=unit, path=f"{unit.path}m{n}/", kind="institution",
             valid_from="2020-01-01") for n in range(first, first + count)
    )  # fmt: skip
    return [Source(APP, row.uid) for row in rows]


def unknown_matter() -> Source:
    return Source(APP, uuid7())


class Cases(SourceType):
    """Cases, until casework itself makes them known."""

    app = "casework"

    def visible(self, person: User) -> Any:
        return Case.objects.visible_to(person)

    def present(self, uids: set[uuid.UUID], person: User) -> dict[uuid.UUID, Presented]:
        rows = self.visible(person).filter(uid__in=uids)
        return {row.uid: Presented(title=row.title, url=f"/cases/{row.number}/", number=row.number) for row in rows}

    def search(self, person: User, text: str) -> Any:
        return self.visible(person).filter(title__contains=text)


def know_cases() -> None:
    """Have cases in the registry."""
    registry._types.setdefault("casework", Cases())
