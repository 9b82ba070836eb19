"""What each may do in the queue of cases. The world has a view of its own and a run over case A, both of A's dispatcher."""

import uuid
from dataclasses import replace
from typing import Any

from core.idempotency import new_key
from tests.isolation.actors import Actors, holders
from tests.isolation.rows import Row
from tests.isolation.world import World

# Who has a queue at all. What is in it, is another matter: everybody asks for case A.
CASEWORKERS = holders("dispatcher", "inspector", "handler", "head")
OWNER: Actors = frozenset({"dispatcher@a"})
QUERIES = (
    "view=all&q=甲地",
    "view=overdue",
    "kind=complaint&light=red",
    "unit=unit-a",
    "ordering=-received_at",
    "view=nonsense",
)


def chosen(world: World) -> dict[str, Any]:
    """Case A, to be exported: whoever may not know of it gets a file without it."""
    case = world.cases["a"]
    return {"action": "export", "chosen": f"{case.number}:{case.version}", "idempotency_key": new_key(), "query": ""}


def once(world: World) -> dict[str, Any]:
    return {"idempotency_key": new_key()}


def view(world: World) -> dict[str, Any]:
    return {"view_id": world.queue["view"].pk}


def run(world: World) -> dict[str, Any]:
    return {"uid": world.queue["run"].uid}


OWN_VIEW = Row(OWNER, get=405, post=303, others=404, at=view)
OWN_RUN = Row(OWNER, others=404, at=run, missing=lambda world: {"uid": uuid.UUID(int=0)})
ROWS: dict[str, Row] = {
    "casework:export": Row(
        CASEWORKERS, at=lambda world: {"format": "csv"}, missing=lambda world: {"format": "exe"}, queries=QUERIES
    ),
    "casework:save_view": Row(
        CASEWORKERS,
        post=303,
        queries=QUERIES,
        body=lambda world: {"name": "甲的视图", "query": "view=all&q=甲地", "idempotency_key": new_key()},
    ),
    "casework:delete_view": OWN_VIEW,
    "casework:restore_view": replace(OWN_VIEW, at=lambda world: {"view_id": world.queue["deleted"].pk}),
    "casework:bulk": Row(CASEWORKERS, get=302, post=200, body=chosen),
    "casework:bulk_run": OWN_RUN,
    "casework:bulk_undo": replace(OWN_RUN, get=405, post=303, body=once),
}
