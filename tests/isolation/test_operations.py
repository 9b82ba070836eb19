"""Every operation of the office's API, called with whatever its description allows and forbids, keeps to the description."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.isolation.world import World

pytestmark = [pytest.mark.django_db]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api" / "office.yaml"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_path(DOCUMENT)
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client does it: the request must not close the connection of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_operation_keeps_to_its_description(case: Any, world: World) -> None:
    for actor in ("sysadmin@a", "handler@a"):
        case.headers["Authorization"] = f"Bearer {world.bearers[actor]}"

        response = case.call(app=schema.app, base_url="http://testserver")

        case.validate_response(response, checks=CHECKS)
