"""Gather from the tests which rule each proves, and write the rules down: ``proofs.json`` for the page, ``docs/rules.md``."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from internal_bridge.policies.models import Policy
from internal_bridge.policies.presenters.rules import RuleRow
from internal_bridge.policies.presenters.tables import panels
from internal_bridge.policies.proofs import TABLE

ROOT = Path(settings.BASE_DIR)
# Below these, every site's copy of the tree has the same tests.
FOLDERS = ("tests/casework", "tests/policies")
DOCUMENT = ROOT / "docs" / "rules.md"
HEAD = """# Rules

Written by `manage.py office prove_rules` from the rules that come with the platform and from the tests; do not edit. A test
that says "figures" holds the very numbers to the text; the others prove how such a limit is counted and kept.
"""


class Command(BaseCommand):
    help = "Write which test proves which rule, after tests with @proves or rules have changed."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (ROOT / FOLDERS[0]).is_dir():
            raise CommandError("The tests are not here: the table is written where the product is made.")
        TABLE.write_text(table_text(), "utf-8")
        DOCUMENT.write_text(document(), "utf-8")


def table_text() -> str:
    """``proofs.json`` as it should be."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for policy, stage, version, test in proofs():
        found.setdefault(policy, {}).setdefault(stage, []).append({"test": test, "version": version})
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def proofs() -> Iterator[tuple[str, str, int | None, str]]:
    """(policy, stage, version or None, test) of every ``@proves`` in the tests."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    yield from _of(node, f"{path.relative_to(ROOT)}::{node.name}")


def _of(test: ast.FunctionDef, name: str) -> Iterator[tuple[str, str, int | None, str]]:
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "proves":
            policy, *stages = [ast.literal_eval(argument) for argument in decorator.args]
            version = next((ast.literal_eval(each.value) for each in decorator.keywords if each.arg == "version"), None)
            yield from ((policy, stage, version, name) for stage in stages)


def document() -> str:
    """``docs/rules.md`` as it should be: the first versions, which every installation has."""
    with translation.override("en"):
        parts = [HEAD]
        first = Policy.objects.filter(version=1).order_by("pk").prefetch_related("figures")
        for panel in panels(first, proofs=True):
            parts.append(f"\n## {panel.policy.name} (`{panel.policy.code}`, version 1)\n")
            parts.append("| stage | for | limit | runs | on days off | extension | at the end | source | proved by |")
            parts.append("|---|---|---|---|---|---|---|---|---|")
            parts += [_line(row) for row in panel.rows]
            parts += [f"\n- {label}: {value}" for label, value in panel.figures]
        return "\n".join(parts) + "\n"


def _line(row: RuleRow) -> str:
    tests = "; ".join(f"{'figures: ' if proof.figures else ''}`{proof.test}`" for proof in row.proofs)
    source = f"{row.basis}{' (to be confirmed)' if row.to_confirm else ''}"
    cells = [row.stage, row.applies or "all", row.limit, row.runs_from, row.rolls, row.extension or "none", row.at_end]
    return f"| {' | '.join([*cells, source, tests])} |"
