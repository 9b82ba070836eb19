"""The portal with its keys, the office at the other end, and three units."""

from pathlib import Path
from typing import Any

import pytest

from petitions.models import Unit
from tests.exchange.peers import Peer, introduce_peer


@pytest.fixture
def peer(db: None, settings: Any, tmp_path: Path) -> Peer:
    """The office."""
    return introduce_peer(settings, tmp_path)


@pytest.fixture
def units(db: None) -> list[Unit]:
    """Two units that take petitions and one that does not."""
    return [
        Unit.objects.create(code=code, name=name, short_name=name, kind="bureau", accepts_petitions=takes)
        for code, name, takes in (("gaj", "云岭市公安局", True), ("zjj", "云岭市住建局", True), ("rsks", "人事考试院", False))
    ]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for sealed files."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR
