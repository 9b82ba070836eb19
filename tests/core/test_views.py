"""Addresses that no operation has are refused in the API's own form."""

import pytest

pytestmark = pytest.mark.django_db


def test_an_unknown_operation_is_a_problem_document(client):
    answer = client.get("/api/v1/there-is-no-such-thing/", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Not found"


def test_the_exchange_process_has_no_pages_to_show(client, settings):
    settings.ROOT_URLCONF = "config.urls.exchange"
    settings.MIDDLEWARE = []

    answer = client.get("/nothing/here/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
