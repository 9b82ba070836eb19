"""Every operation of the public API, called with whatever its description allows and forbids, keeps to the description."""

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

from petitions.services import submit_petition
from tests.exchange.peers import Peer
from tests.petitions.letters import letter

pytestmark = [pytest.mark.django_db]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api" / "portal.yaml"
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
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_operation_keeps_to_its_description(case: Any, peer: Peer) -> None:
    response = case.call(app=schema.app, base_url="http://testserver")

    case.validate_response(response, checks=CHECKS)


@schema.include(operation_id="petition_submit").parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_letter_that_may_be_nameless_is_taken_as_described(case: Any, peer: Peer) -> None:
    made = case.body if isinstance(case.body, dict) else {}
    free = {name: made[name] for name in ("title", "body", "place", "about_person", "urgent") if name in made}
    case.body = letter(kind="report", name=..., phone=..., **free)
    case.headers.pop("Idempotency-Key", None)
    case.query = {}

    response = case.call(app=schema.app, base_url="http://testserver")

    case.validate_response(response, checks=CHECKS)


@schema.include(operation_id="petition_read").parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_petition_that_exists_is_as_described(case: Any, peer: Peer) -> None:
    receipt = submit_petition(kind="complaint", data=letter(), key=None)
    case.path_parameters = {"number": receipt["number"]}
    case.headers["X-Receipt-Code"] = receipt["receipt_code"]

    response = case.call(app=schema.app, base_url="http://testserver")

    case.validate_response(response, checks=CHECKS)
