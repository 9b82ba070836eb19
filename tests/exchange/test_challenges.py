"""Requests are signed over a nonce of the peer's, once; clocks do not matter."""

import datetime

import pytest
import time_machine

from internal_bridge.exchange.challenges import SignedRequest, issue_nonce, sign_request, verify_request
from internal_bridge.exchange.errors import Refused

pytestmark = pytest.mark.django_db

URL = "http://portal.test/exchange/v1/pull/"


def signed(peer, *, nonce=None, body=b"{}", url=URL):
    request = SignedRequest("POST", url, {"content-type": "application/json"})
    nonce = nonce or issue_nonce()
    with peer.acting():
        return SignedRequest("POST", url, sign_request(request, body=body, nonce=nonce))


def test_a_signed_request_tells_who_sent_it(peer):
    assert verify_request(signed(peer), body=b"{}")[0] == peer.code


def test_a_nonce_counts_once(peer):
    request = signed(peer)
    verify_request(request, body=b"{}")

    with pytest.raises(Refused):
        verify_request(request, body=b"{}")


@pytest.mark.parametrize("nonce", ["made-up", "made:up:0000"])
def test_a_nonce_that_we_did_not_issue_counts_for_nothing(peer, nonce):
    with pytest.raises(Refused):
        verify_request(signed(peer, nonce=nonce), body=b"{}")


def test_an_old_nonce_counts_for_nothing(peer):
    request = signed(peer)

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=3)), pytest.raises(Refused):
        verify_request(request, body=b"{}")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_peer_whose_clock_is_a_day_wrong_is_not_shut_out(peer, days):
    nonce = issue_nonce()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)):
        from internal_bridge.exchange.models import PartyKey

        PartyKey.objects.update(valid_from=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        request = signed(peer, nonce=nonce)

    assert verify_request(request, body=b"{}")[0] == peer.code


@pytest.mark.parametrize(
    "change",
    [
        lambda request: (request, b'{"wait":1}'),
        lambda request: (SignedRequest("GET", request.url, request.headers), b"{}"),
        lambda request: (SignedRequest("POST", URL.replace("pull", "receipts"), request.headers), b"{}"),
        lambda request: (SignedRequest("POST", request.url, {**request.headers, "content-type": "text/plain"}), b"{}"),
        lambda request: (SignedRequest("POST", request.url, {"content-type": "application/json"}), b"{}"),
    ],
    ids=["body", "method", "path", "type", "no signature"],
)
def test_an_altered_request_is_refused(peer, change):
    request, body = change(signed(peer))

    with pytest.raises(Refused):
        verify_request(request, body=body)
