"""What each may do with cases by program: the rows of ``matrix.py`` for their API."""

from dataclasses import replace
from typing import Any

from tests.isolation.actors import DISPATCHERS_OF_CASE_A, OF_CASE_A, OFFICIALS, holders
from tests.isolation.rows import Row
from tests.isolation.world import World


def case_a(world: World) -> dict[str, Any]:
    return {"number": world.cases["a"].number}


def no_case(world: World) -> dict[str, Any]:
    return {"number": "20260101-000000-0"}


def file_a(world: World) -> dict[str, Any]:
    return {**case_a(world), "attachment_id": world.cases["a"].attachments.get().pk}


def file_in_other_case(world: World) -> dict[str, Any]:
    return {"number": world.cases["b"].number, "attachment_id": world.cases["a"].attachments.get().pk}


CALL = {"channel": "phone", "kind": "suggestion", "title": "增设路灯", "body": "巷子里晚上没有灯。"}
CASE = Row(OF_CASE_A, others=404, api=True, at=case_a, missing=no_case)
# An inspector sees everything and has no part in it.
VERB = replace(CASE, may=DISPATCHERS_OF_CASE_A, know=OF_CASE_A - DISPATCHERS_OF_CASE_A, get=405, post=200)
ROWS: dict[str, Row] = {
    "case_list": Row(
        OFFICIALS,
        post=201,
        writers=holders("dispatcher"),
        body=lambda world: CALL,
        api=True,
        many=True,
        queries=("state=registered", "ordering=due", "q=甲地", "overdue=false", "kind=complaint&page_size=1"),
    ),
    "case_read": CASE,
    "case_act": replace(
        VERB,
        at=lambda world: {**case_a(world), "action": "accept"},
        missing=lambda world: {**no_case(world), "action": "accept"},
        body=lambda world: {"version": world.cases["a"].version},
    ),
    # Its purpose; ``tests/casework`` looks at who else is refused.
    "case_identity": replace(
        VERB,
        body=lambda world: {"reason": "电话核实施工地点"},
        reveals=frozenset({"petitioner's name", "petitioner's phone"}),
    ),
    "case_note": replace(VERB, post=201, body=lambda world: {"text": "已电话联系施工单位。"}),
    "case_attachment": replace(CASE, at=file_a, missing=file_in_other_case),
}
