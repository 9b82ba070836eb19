"""What each may do with work items. The world has one to do and one to read, of A's dispatchers, about a case of A."""

import uuid
from dataclasses import replace
from typing import Any

from core.idempotency import new_key
from tests.isolation.actors import DISPATCHERS_OF_CASE_A, OFFICIALS, SYSADMINS
from tests.isolation.rows import Row
from tests.isolation.world import World


def item(world: World) -> dict[str, Any]:
    return {"uid": world.item.uid}


def as_seen(world: World) -> dict[str, Any]:
    return {"version": 1, "idempotency_key": new_key()}


def once(world: World) -> dict[str, Any]:
    return {"idempotency_key": new_key()}


ITEM = Row(DISPATCHERS_OF_CASE_A, others=404, at=item, missing=lambda world: {"uid": uuid.UUID(int=0)})
ROWS: dict[str, Row] = {
    "workflow:inbox": Row(
        OFFICIALS,
        many=True,
        queries=("box=taken", "box=done", "box=pressing", "q=甲地", "after=2026-01-01-0-1", "from=casework"),
    ),
    "workflow:item": ITEM,
    "workflow:claim": replace(ITEM, get=302, post=303, body=as_seen),
    # Nobody has taken it; ``tests/workflow`` gives back what was taken.
    "workflow:release": replace(ITEM, get=302, post=409, body=as_seen),
    "workflow:read": replace(ITEM, get=302, post=303, at=lambda world: {"uid": world.notice.uid}, body=once),
    # Without a person and days there is nothing to arrange; ``tests/workflow`` arranges it.
    "workflow:substitution": Row(OFFICIALS, post=400, queries=("q=officer", "away=officer"), body=once),
    "workflow:end_substitution": Row(
        SYSADMINS,
        get=302,
        post=303,
        others=404,
        at=lambda world: {"uid": world.substitution.uid},
        missing=lambda world: {"uid": uuid.UUID(int=0)},
        body=once,
    ),
    "work_items": Row(OFFICIALS, api=True, many=True, queries=("box=done", "box=toread&page_size=5")),
}
