"""The table of a case's life as a page for readers, written from the table itself: ``docs/case-life.md``."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.utils.translation import override

from internal_bridge.casework.enums import PUBLIC_STATUS, Action, Actor, AssignmentState, CaseState, Step
from internal_bridge.casework.life import guards
from internal_bridge.casework.life.table import ROWS, Transition
from internal_bridge.casework.life.waiting import BY_ASSIGNMENT, BY_STATE
from internal_bridge.org.enums import Role
from internal_bridge.policies.enums import Stage

HEAD = """# The life of a case

Written by `manage.py office describe_life --write` from `casework/life/table.py` and `casework/life/waiting.py`; a test fails
when it is not up to date. Names in `code` are those of the API.

An action is taken by whoever may see the case and stands in the column *who*. It wants the case's `version`, writes one event,
and is refused with words when one of its guards says so. What nobody may know of is answered as if it were not there.
"""
ASSISTING = """## Assisting units

A unit that assists has a state of its own, and the case stays where it is while the units have it.
"""
WAITING = """## What a case waits for

Work items follow from the state of case and units: none is lost and none is left over. Dispatchers' items lie at the city, or
at a unit that is kept out and has deputies for it. Besides: a wish for more time waits for the head of the lead unit
(`decide_extension`), the petitioner's wish to withdraw waits for the dispatcher (`decide_withdrawal`).
So do, after the answer, a request for a review (`decide_review`) and a rating of 1 or 2 (`decide_rehandling`): `rehandle` or
`answer_request` answers them.
"""
GUARDS = """## Why an action is refused

Besides the wrong state and a version that is not the last one:
"""


def describe_life() -> str:
    """The whole page, in English with the Chinese labels."""
    with override("en"):
        parts = [HEAD, *_diagram(), "## States\n", *_states(), "## Actions\n", *_actions(), ASSISTING, *_assisting()]
        parts += [WAITING, *_waiting(), GUARDS, *_refusals()]
    return "\n".join(parts)


def _diagram() -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2\n    [*] --> registered"
    edges: dict[tuple[str, str], list[str]] = {}
    for row in ROWS:
        for source in _in_order(row.sources, CaseState):
            for target in _in_order(row.targets, CaseState):
                if source != target:
                    edges.setdefault((source, target), []).append(row.action.value)
    for (source, target), actions in edges.items():
        yield f"    {source} --> {target}: {', '.join(actions)}"
    yield from (f"    {state} --> [*]" for state in ("refused", "redirected", "closed", "withdrawn"))
    yield "```\n"


def _states() -> Iterator[str]:
    yield from _table(
        ("state", "name", "the petitioner sees", "actions"),
        (
            (
                f"`{state.value}`",
                _both(state),
                f"`{PUBLIC_STATUS[state].value}`",
                _codes(row.action for row in ROWS if state in row.sources),
            )
            for state in CaseState
        ),
    )


def _actions() -> Iterator[str]:
    yield from _table(
        ("action", "name", "who", "from → to", "fields", "event", "the petitioner is told", "does", "refused"),
        (
            (
                f"`{row.action.value}`",
                _both(row.action),
                ", ".join(str(actor.label) for actor in Actor if actor in row.by),
                f"{_codes(_in_order(row.sources, CaseState)) or 'none'} → {_target(row)}",
                _fields(row),
                f"`{row.event}`",
                f"`{row.told}`" if row.told else "",
                _codes(_in_order(row.did, Step)),
                _codes(_refusals_of(row)),
            )
            for row in ROWS
        ),
    )


def _assisting() -> Iterator[str]:
    yield from _table(
        ("state of its own", "name", "waits for"),
        ((f"`{state.value}`", _both(state), _wait(BY_ASSIGNMENT.get(state))) for state in AssignmentState),
    )
    assisting = [row for row in ROWS if row.assisting]
    yield from (
        f"- `{row.action.value}` acts on it while the case is {_codes(_in_order(row.assisting, CaseState))}."
        for row in assisting
    )
    yield ""


def _waiting() -> Iterator[str]:
    yield from _table(
        ("state", "waits for"), ((f"`{state.value}`", _wait(BY_STATE.get(state)) or "nobody") for state in CaseState)
    )


def _refusals() -> Iterator[str]:
    yield from _table(("code", "words"), ((f"`{code}`", _both_of(words)) for code, words in sorted(guards.WORDS.items())))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
    yield from (f"| {' | '.join(cells)} |" for cells in rows)
    yield ""


def _target(row: Transition) -> str:
    if len(row.targets) > 1:
        return "back"
    return _codes(_in_order(row.targets, CaseState)) or "stays"


def _fields(row: Transition) -> str:
    """The names of what it takes; ``?`` where it may be left out."""
    return ", ".join(f"`{name}{'' if field.required else '?'}`" for name, field in row.form.base_fields.items())


def _wait(wanted: tuple[Step, Role, Stage] | None) -> str:
    if wanted is None:
        return ""
    step, role, stage = wanted
    return f"`{step.value}` {_both(step)}: {_both(role)}, due by the limit of `{stage.value}`"


def _refusals_of(row: Transition) -> list[str]:
    """The reasons that its guards, or the effect itself, may give: the codes that these name."""
    named = {constant for check in (*row.guards, row.effect) for constant in check.__code__.co_consts}
    return [code for code in guards.WORDS if code in named]


def _codes(values: Iterable[Action | CaseState | Step | str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _in_order(values: Collection[Any], of: type[Any]) -> list[Any]:
    return [value for value in of if value in values]


def _both(value: Any) -> str:
    return _both_of(value.label)


def _both_of(words: Any) -> str:
    english = str(words)
    with override("zh-hans"):
        return f"{english} {words}"
