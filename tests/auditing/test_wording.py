"""Whatever the office records can be read: every action of the code has words, in Chinese too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from internal_bridge.auditing.enums import Group
from internal_bridge.auditing.wording import ACTIONS, PARAMS, SUBJECTS, action_words, actions_of

ROOT = Path(__file__).parents[2]
# Functions that write to the log, and which of their arguments names the action when it is not called ``action``.
POSITIONS = {"_note": 1, "_note_place": 1, "_write_down": 1, "_record": 1, "_settle": 1, "record_change": 2}
# What those functions put before it, by module.
PREFIXES = {"structure": "unit.", "operations": "bridge."}
ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)?")


def written(source: str, module: str) -> Iterator[str]:
    """The names of actions in a module's source."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [keyword.value for keyword in node.keywords if keyword.arg == "action" and name in ("record_audit", "note")]
        position = POSITIONS.get(name)
        if position is not None and len(node.args) > position:
            given.append(node.args[position])
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and ACTION.fullmatch(value.value):
                text = value.value
                yield text if "." in text else f"{PREFIXES.get(module, '')}{text}"


def all_written() -> set[str]:
    files = [*(ROOT / "core").rglob("*.py"), *(ROOT / "internal_bridge").rglob("*.py")]
    sources = [(file.stem, file.read_text("utf-8")) for file in files]
    return {
        action
        for module, source in sources
        if "record_audit" in source or "note(" in source
        for action in written(source, module)
    }


def test_every_action_of_the_code_has_words():
    found = all_written()

    assert {"logout", "grant.given", "case.read", "bridge.skip_confirmed", "unit.post_closed", "audit.exported"} <= found
    assert found - set(ACTIONS) == set()


def test_an_action_without_words_is_found():
    assert set(written("record_audit(action='moon.landed', subject='', actor=None)", "moon")) - set(ACTIONS) == {"moon.landed"}


@pytest.mark.parametrize(
    "table", [{name: words.text for name, words in ACTIONS.items()}, PARAMS, SUBJECTS], ids=["actions", "params", "subjects"]
)
def test_words_are_there_in_both_languages(table):
    for text in table.values():
        with override("en"):
            english = str(text)
        with override("zh-hans"):
            assert re.search("[一-鿿]", str(text)), english


def test_each_action_stands_in_one_group_and_two_never_share_their_words():
    assert sorted(action for group in Group for action in actions_of(group)) == sorted(ACTIONS)
    with override("zh-hans"):
        assert len({action_words(action) for action in ACTIONS}) == len(ACTIONS)
