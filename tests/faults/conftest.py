"""Both sites, to be hurt: a stack of its own for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.sites import Ports
from deploy.local.stack import Stack


@pytest.fixture
def stack(prepared: Path, tmp_path: Path) -> Iterator[Stack]:
    data = shutil.copytree(prepared, tmp_path / "data")
    with Stack(data, Ports.free()) as running:
        running.start()
        yield running
