"""Both sites, to be hurt: a stack of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.sites import Ports
from deploy.local.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with Stack(tmp_path / "data", Ports.free()) as running:
        running.start()
        yield running
