"""A directory with its administrator, and a bridge to the portal."""

from pathlib import Path
from typing import Any

import pytest

from core.models import User
from internal_bridge.org.models import Unit
from tests.exchange.peers import Peer, introduce_peer
from tests.org.people import make_login, make_unit


@pytest.fixture
def peer(db: None, settings: Any, tmp_path: Path) -> Peer:
    """The portal."""
    return introduce_peer(settings, tmp_path)


@pytest.fixture
def city(db: None) -> Unit:
    return make_unit("yls")


@pytest.fixture
def sysadmin(city: Unit) -> User:
    return make_login("sysadmin", username="sysadmin", name="孙磊")
