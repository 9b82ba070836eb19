"""Calling every operation of an API with whatever its description allows and forbids: what the sites' tests of it share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

DESCRIPTIONS = Path(__file__).resolve().parents[1] / "docs" / "api"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def described(site: str) -> Any:
    """The description of the API of ``site`` (portal or office), which is called within this process."""
    schema = schemathesis.openapi.from_path(DESCRIPTIONS / f"{site}.yaml")
    schema.app = get_wsgi_application()
    return schema


def call(case: Any) -> None:
    """Send ``case``; the answer has to keep to the description."""
    response = case.call(app=case.operation.schema.app, base_url="http://testserver")
    case.validate_response(response, checks=CHECKS)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """As Django's own test client does it: the request must not close the connection of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
