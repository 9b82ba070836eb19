"""The office with its keys, and the portal at the other end."""

from pathlib import Path
from typing import Any

import pytest

from core.models import User
from tests.casework.cases import make_person
from tests.exchange.peers import Peer, introduce_peer


@pytest.fixture
def peer(db: None, settings: Any, tmp_path: Path) -> Peer:
    """The portal."""
    return introduce_peer(settings, tmp_path)


@pytest.fixture
def dispatcher(db: None) -> User:
    return make_person("dispatcher", "dispatcher")
