"""The office with its keys, its keyring and a place for files, and the portal at the other end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import keyring
from core.models import User
from tests.casework.cases import make_person
from tests.casework.office import Office
from tests.casework.situations import Standing, standing
from tests.exchange.peers import Peer, introduce_peer
from tests.org.people import make_unit


@pytest.fixture
def peer(db: None, settings: Any, tmp_path: Path) -> Peer:
    """The portal; and the city, without which no petition finds anybody."""
    make_unit()
    settings.KEYRING_DIR, settings.FILES_DIR = tmp_path / "keyring", tmp_path / "files"
    keyring.make_keys()
    return introduce_peer(settings, tmp_path)


@pytest.fixture(scope="module")
def standing_office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """One office for all tests of a module, which leave it as they found it."""
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.fixture
def dispatcher(db: None) -> User:
    return make_person("dispatcher", "dispatcher")


@pytest.fixture
def office(dispatcher: User) -> Client:
    """A browser in which the dispatcher has logged in."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(dispatcher)
    return client


@pytest.fixture
def town(peer: Peer) -> Office:
    """Everybody who has a part in a case's life."""
    return Office()
