"""The work calendar: the rows of ``matrix.py`` for its page, and for what changes it."""

from dataclasses import replace
from typing import Any

from core.idempotency import new_key
from tests.isolation.actors import OFFICIALS, SYSADMINS
from tests.isolation.rows import Row
from tests.isolation.world import World

NOTICE = "元旦：1月1日至3日放假，共3天。1月9日上班。"


def a_day(world: World) -> dict[str, Any]:
    return {"uid": world.calendar_day.uid}


def a_year(world: World) -> dict[str, Any]:
    return {"uid": world.calendar_year.uid}


def typed(world: World) -> dict[str, Any]:
    both = {"idempotency_key": new_key(), "version": 1, "reason": "停电"}
    return both | {"day": "2026-11-30", "works": "off", "year": "2028", "notice": "国办发明电〔2027〕7号", "text": NOTICE}


ACT = Row(SYSADMINS, post=303, body=typed)

ROWS: dict[str, Row] = {
    "workcalendar:year": Row(OFFICIALS, queries=("year=2027", "year=abc")),
    "workcalendar:set_day": ACT,
    "workcalendar:enter_year": ACT,
    "workcalendar:end_day": replace(ACT, at=a_day),
    "workcalendar:end_year": replace(ACT, at=a_year),
}
