"""One world for all tests here: they leave it as they found it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation.world import World, standing


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("world")) as made:
        yield made
