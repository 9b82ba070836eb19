"""The house's rules, held against the house."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import boundaries, layout
from tests.architecture.sources import ROOT

Rule = Callable[[Path], list[str]]


@pytest.mark.parametrize("rule", [*boundaries.RULES, *layout.RULES, layout.folders], ids=lambda rule: rule.__name__)
def test_rule_is_kept(rule: Rule) -> None:
    assert rule(ROOT) == []
