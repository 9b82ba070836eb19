"""Suggested units: the rows of ``matrix.py`` for rules, models and the question itself."""

from dataclasses import replace
from typing import Any

from core.idempotency import new_key
from tests.isolation.actors import SYSADMINS, dispatchers, holders
from tests.isolation.rows import Row
from tests.isolation.world import World

# Rules hold for everybody's letters: whoever dispatches for the whole city writes them, and the system administrator.
EDITORS = dispatchers("city") | SYSADMINS
LETTER = {"kind": "complaint", "title": "路灯不亮", "body": "门口的路灯一个月没有亮了。"}


def rule(world: World) -> dict[str, Any]:
    return {"uid": world.rule.uid}


def model(world: World) -> dict[str, Any]:
    return {"number": world.model.number}


def typed(world: World) -> dict[str, Any]:
    return {"unit": "unit-a", "any_words": "路灯", "weight": "2", "version": 1, "idempotency_key": new_key()}


PAGE = Row(EDITORS)

ROWS: dict[str, Row] = {
    "routing:rules": replace(PAGE, many=True, queries=("q=路灯", "page=2")),
    "routing:rule_new": replace(PAGE, post=303, body=typed),
    "routing:rule": replace(PAGE, post=303, at=rule, body=typed),
    "routing:try": replace(PAGE, post=200, body=lambda world: LETTER),
    "routing:models": PAGE,
    "routing:activate_model": replace(PAGE, get=302, post=303, at=model),
    "routing_suggest": Row(holders("dispatcher"), get=405, post=200, api=True, body=lambda world: LETTER),
}
