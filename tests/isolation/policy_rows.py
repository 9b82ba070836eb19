"""Limits: the rows of ``matrix.py`` for the rules in force, for versions of policies, and for what a case would have."""

from dataclasses import replace
from typing import Any

from core.idempotency import new_key
from internal_bridge.org.querysets import today
from internal_bridge.policies.models import PolicyRule
from tests.isolation.actors import OFFICIALS, SYSADMINS
from tests.isolation.rows import Parts, Row
from tests.isolation.world import World


def draft(world: World) -> dict[str, Any]:
    return {"code": world.draft.code, "number": world.draft.version}


def nowhere(world: World) -> dict[str, Any]:
    return {"code": "hotline", "number": 999}


def line(world: World) -> dict[str, Any]:
    return {**draft(world), "rule_id": world.draft.rules.get(stage="sign").pk}


def marked(world: World) -> dict[str, Any]:
    return {"code": "petition_2022", "number": 1, "rule_id": PolicyRule.objects.get(to_confirm=True).pk}


def typed(**fields: Any) -> Parts:
    return lambda world: {"version": world.draft.revision, "idempotency_key": new_key(), **fields}


LIMIT = {"days": 2, "day_kind": "working", "extension_days": 0, "at_end": "overrun"}
PAGE = Row(SYSADMINS)
ACT = Row(SYSADMINS, post=303, at=draft, missing=nowhere, body=typed())
LINE = replace(ACT, at=line, missing=None)

ROWS: dict[str, Row] = {
    # Asked without its query: everybody who works here is told what is missing.
    "deadlines_preview": Row(OFFICIALS, get=400, api=True),
    "policies:rules": Row(OFFICIALS, many=True, queries=("on=2026-01-01", "on=2020-01-01")),
    "policies:list": replace(PAGE, many=True),
    "policies:version": replace(PAGE, at=draft, missing=nowhere),
    "policies:draft": replace(
        ACT, at=lambda world: {"code": "petition_2022"}, missing=lambda world: {"code": "nothing"}
    ),
    "policies:settings": replace(ACT, body=typed(name="热线时限")),
    # It says the same as the version in force.
    "policies:publish": replace(ACT, post=409, body=typed(valid_from=today(), reason="提速")),
    "policies:discard": ACT,
    "policies:rule_new": replace(ACT, body=typed(**LIMIT, stage="notice", starts_at="accepted")),
    "policies:rule": replace(LINE, body=typed(**LIMIT, stage="sign", starts_at="dispatched")),
    "policies:rule_drop": LINE,
    "policies:rule_confirm": replace(LINE, at=marked, body=typed(note="国务院公报")),
}  # fmt: skip
