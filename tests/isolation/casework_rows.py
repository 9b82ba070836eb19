"""Pages about a case beside the case itself: the rows of ``matrix.py``. The case of A has just been registered."""

from typing import Any

from core.idempotency import new_key
from internal_bridge.casework.models import ReplyTemplate
from tests.isolation.actors import DISPATCHERS_OF_CASE_A, Actors
from tests.isolation.rows import Row
from tests.isolation.world import World

# May know of the case, and act on it in no way.
WATCHERS: Actors = frozenset({"inspector@a"})
KEEPERS: Actors = frozenset({"dispatcher@city", "head@a", "head@b", "head@over"})


def case_a(world: World) -> dict[str, Any]:
    return {"number": world.cases["a"].number}


def no_case(world: World) -> dict[str, Any]:
    return {"number": "20260101-000000-0"}


def stamp(world: World) -> dict[str, Any]:
    return {"version": world.cases["a"].version, "draft_version": 0, "idempotency_key": new_key()}


def note(world: World) -> dict[str, Any]:
    return stamp(world) | {"kind": "note", "text": "已到现场查看。"}


def urging(world: World) -> dict[str, Any]:
    return stamp(world) | {"text": "请抓紧办理。"}


def exclusion(world: World) -> dict[str, Any]:
    return stamp(world) | {"target": "unit:unit-b", "reason": "有利害关系"}


def submission(world: World) -> dict[str, Any]:
    return stamp(world) | {"text": "您反映的问题已经办理。", "public_text": "已经办理。", "do": "publish"}


def template_a(world: World) -> dict[str, Any]:
    """A template of A alone."""
    row, _ = ReplyTemplate.objects.get_or_create(unit=world.a, title="甲模板", purpose="reply", defaults={"text": "甲的话"})
    return {"template_id": row.pk}


def template(world: World) -> dict[str, Any]:
    fields = {"purpose": "reply", "kind": "", "unit": "unit-a", "title": "新的", "text": "新的话"}
    return fields | {"version": 1, "idempotency_key": new_key()}


def of_case(get: int, post: int, body: Any = stamp) -> Row:
    """For those who dispatch the case; who only watches it is refused."""
    return Row(DISPATCHERS_OF_CASE_A, get=get, post=post, others=404, know=WATCHERS, at=case_a, missing=no_case, body=body)


ROWS: dict[str, Row] = {
    "casework:note": of_case(200, 303, note),
    # Nothing waits for a unit yet: whoever may urge is told so.
    "casework:urge": Row(
        DISPATCHERS_OF_CASE_A | WATCHERS, get=200, post=409, others=404, at=case_a, missing=no_case, body=urging
    ),
    # Asked for without a reason: what a reason opens is in tests/casework/test_identity_page.py.
    "casework:identity": of_case(200, 400),
    "casework:exclusions": of_case(200, 303, exclusion),
    # There is nothing to review, to check or to dispatch in this state yet.
    "casework:review": of_case(403, 403),
    "casework:reply": of_case(403, 403, submission),
    "casework:check": of_case(302, 409, submission),
    "casework:correction": of_case(302, 409, submission),
    "casework:dispatch": of_case(403, 409),
    "casework:templates": Row(KEEPERS),
    # A template for A: whoever does not keep those is told that the unit is not theirs to choose.
    "casework:new_template": Row(KEEPERS, post=400),
    "casework:template": Row(
        frozenset({"head@a", "head@over"}),
        post=303,
        others=404,
        know=frozenset({"handler@a", "dispatcher@city"}),
        at=template_a,
        body=template,
    ),
}
