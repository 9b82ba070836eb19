"""Every operation of the public API, called with whatever its description allows and forbids, keeps to the description."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from petitions.services import submit_petition
from tests.exchange.peers import Peer
from tests.fuzzing import call, described, one_connection
from tests.petitions.letters import letter
from tests.petitions.replies import publish, withdraw

__all__ = ["one_connection"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

schema = described("portal")


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_operation_keeps_to_its_description(case: Any, peer: Peer) -> None:
    call(case)


@schema.include(operation_id="petition_submit").parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_letter_that_may_be_nameless_is_taken_as_described(case: Any, peer: Peer) -> None:
    made = case.body if isinstance(case.body, dict) else {}
    free = {name: made[name] for name in ("title", "body", "place", "about_person", "urgent") if name in made}
    case.body = letter(kind="report", name=..., phone=..., **free)
    case.headers.pop("Idempotency-Key", None)
    case.query = {}

    call(case)


@schema.include(operation_id=["petition_read", "petition_supplement", "petition_withdraw"]).parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_petition_that_exists_is_as_described(case: Any, peer: Peer) -> None:
    receipt = submit_petition(kind="complaint", data=letter(), key=None)
    case.path_parameters = {"number": receipt["number"]}
    case.headers["X-Receipt-Code"] = receipt["receipt_code"]

    call(case)


@schema.include(operation_id="reply_read").parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_reply_that_exists_or_did_is_as_described(case: Any, peer: Peer) -> None:
    uid = publish(peer)
    case.path_parameters = {"reply_id": uid}

    call(case)
    withdraw(peer, uid)
    call(case)
