"""Features open items for what somebody is to do, and close them with the act; in the transaction of their own change."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.services import Person, Post, Unit
from internal_bridge.workflow.addressing import standings_of
from internal_bridge.workflow.enums import ItemKind, ItemState, Outcome
from internal_bridge.workflow.models import WorkItem

__all__ = [
    "NewItem",
    "Source",
    "ToPerson",
    "ToPost",
    "ToRole",
    "change_due",
    "close_items",
    "free_items",
    "open_item",
    "open_items",
    "open_items_of",
]


@dataclass(frozen=True)
class Source:
    """What an item is about: an app's label and the uid of one of its matters."""

    app: str
    uid: uuid.UUID


@dataclass(frozen=True)
class ToRole:
    """Whoever holds ``role`` over ``unit``."""

    role: Role
    unit: Unit

    def columns(self) -> dict[str, Any]:
        return {"role": str(self.role), "unit_id": self.unit.pk}


@dataclass(frozen=True)
class ToPerson:
    """One person, who does it for ``unit``."""

    person: Person
    unit: Unit

    def columns(self) -> dict[str, Any]:
        return {"person_id": self.person.pk, "unit_id": self.unit.pk}


@dataclass(frozen=True)
class ToPost:
    """Whoever holds ``post``, which is one of ``unit``'s."""

    post: Post
    unit: Unit

    def columns(self) -> dict[str, Any]:
        return {"post_id": self.post.pk, "unit_id": self.unit.pk}


@dataclass(frozen=True)
class NewItem:
    """One of many items that are opened together; ``step`` is a code of the source's app."""

    source: Source
    step: str
    to: ToRole | ToPerson | ToPost
    due_on: datetime.date | None = None
    kind: ItemKind = ItemKind.DO
    round: int = 1
    urgent: bool = False

    def row(self, at: datetime.datetime) -> WorkItem:
        return WorkItem(
            app=self.source.app,
            source=self.source.uid,
            step=self.step,
            kind=self.kind,
            round=self.round,
            due_on=self.due_on,
            urgent=self.urgent,
            created_at=at,
            **self.to.columns(),
        )


def open_item(
    *,
    source: Source,
    step: str,
    to: ToRole | ToPerson | ToPost,
    due_on: datetime.date | None = None,
    kind: ItemKind = ItemKind.DO,
    round: int = 1,
    urgent: bool = False,
    at: datetime.datetime,
) -> WorkItem:
    """The open item for this source, step, round and addressee: the one that is there already, unchanged, or a new one.

    Works inside the caller's transaction. ``at`` is when it was wanted, ``due_on`` its last day.
    """
    new = NewItem(source=source, step=step, to=to, due_on=due_on, kind=kind, round=round, urgent=urgent)
    return open_items([new], at=at)[0]


def open_items(items: Iterable[NewItem], *, at: datetime.datetime) -> list[WorkItem]:
    """As ``open_item`` each, in the order of ``items``, in two statements for any number of them."""
    rows = [new.row(at) for new in items]
    if not rows:
        return []
    with transaction.atomic():
        # A row that an index refuses is there already: the database decides, for two may open the same at once.
        WorkItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        sources = {row.source for row in rows}
        there = {_key(item): item for item in WorkItem.objects.open().filter(source__in=sources).select_related("unit")}
    return [there[_key(row)] for row in rows]


def open_items_of(source: Source, *, kind: ItemKind, also: Collection[str] = ()) -> list[WorkItem]:
    """What is open of ``source`` and of ``kind``, or of the steps ``also``; locked until the caller's transaction ends."""
    rows = WorkItem.objects.open().filter(Q(kind=kind) | Q(step__in=also), app=source.app, source=source.uid)
    return list(rows.select_related("unit").select_for_update(of=("self",)).order_by("pk"))


def close_items(
    *,
    source: Source,
    steps: Collection[str] | None = None,
    unit: Unit | None = None,
    by: User | None,
    at: datetime.datetime,
    outcome: Outcome | str,
) -> int:
    """Close what is open of ``source``, with ``steps`` only these, with ``unit`` only there; how many there were.

    ``outcome`` done: ``by`` has done it, in the name of whom the item was addressed to if they act as a substitute; ``by`` None
    is the clock. Otherwise it is wanted no more. Without ``steps`` what is to be read stays. Works inside the caller's
    transaction.
    """
    outcome = Outcome(outcome)
    wanted = Q() if steps is not None else Q(kind=ItemKind.DO)
    state = ItemState.DONE if outcome == Outcome.DONE else ItemState.CANCELLED
    with transaction.atomic():
        rows = _open_of(source, steps, unit).filter(wanted).select_related("unit").select_for_update(of=("self",))
        closed = list(rows.order_by("pk"))
        for_whom: dict[int | None, list[int]] = {}
        for item in closed:
            for_whom.setdefault(_acted_for(item, by), []).append(item.pk)
        for person, keys in for_whom.items():
            WorkItem.objects.filter(pk__in=keys).update(
                state=state, outcome=outcome, closed_at=at, closed_by=by, closed_for=person, version=F("version") + 1
            )
    return len(closed)


def change_due(
    *,
    source: Source,
    steps: Collection[str] | None,
    due_on: datetime.date | None,
    unit: Unit | None = None,
    urgent: bool | None = None,
) -> int:
    """Give what is open of ``source`` another last day, and another urgency where it is given; how many items there were.

    Who has one in hand keeps it: ``version`` stays."""
    changes = {"due_on": due_on} if urgent is None else {"due_on": due_on, "urgent": urgent}
    return _open_of(source, steps, unit).update(**changes)


def free_items(items: Collection[WorkItem]) -> int:
    """Let nobody have ``items`` in hand any more, because who had may not know of them now; how many there were."""
    keys = [item.pk for item in items]
    return WorkItem.objects.open().filter(pk__in=keys).update(claimed_by=None, claimed_at=None, version=F("version") + 1)


def _open_of(source: Source, steps: Collection[str] | None, unit: Unit | None) -> Any:
    found = WorkItem.objects.open().filter(app=source.app, source=source.uid)
    if steps is not None:
        found = found.filter(step__in=steps)
    return found.filter(unit=unit) if unit is not None else found


def _acted_for(item: WorkItem, by: User | None) -> int | None:
    """The person for whom a substitute has acted."""
    standing = standings_of(by).whose(item) if by is not None else None
    return standing.person.pk if standing is not None and standing.until is not None else None


def _key(item: WorkItem) -> tuple[Any, ...]:
    return item.app, item.source, item.step, item.round, item.person_id, item.post_id, item.role, item.role and item.unit_id
