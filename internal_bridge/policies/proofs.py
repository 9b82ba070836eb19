"""Which tests prove which rule: a table that ``manage.py office prove_rules`` gathers from the tests, for the rules page.

Tests are not part of an installation, so the page reads the table: ``{policy: {stage: [{test, version}]}}``. A test that names
a ``version`` proves its figures, one without proves how such a limit is counted and kept, whatever its length.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("proofs.json")


@dataclass(frozen=True)
class Proof:
    """A test. ``sentence`` is its name, which says what it shows; ``figures``: it proves this version's very numbers."""

    test: str
    figures: bool

    @property
    def file(self) -> str:
        return self.test.partition("::")[0]

    @property
    def sentence(self) -> str:
        name = self.test.rpartition("::")[2].removeprefix("test_").replace("_", " ")
        return name[:1].upper() + name[1:]


def proofs_of(policy: str, stage: str, version: int) -> list[Proof]:
    """The tests that hold for the limit of ``stage`` in this version of a policy, those of its figures first."""
    found = [
        Proof(entry["test"], entry["version"] is not None)
        for entry in _table().get(policy, {}).get(stage, [])
        if entry["version"] in (None, version)
    ]
    return sorted(found, key=lambda proof: (not proof.figures, proof.test))


@cache
def _table() -> dict[str, dict[str, list[dict[str, Any]]]]:
    return json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}
