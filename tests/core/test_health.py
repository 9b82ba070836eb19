"""``/healthz`` says that the process lives; ``/readyz`` names each thing it needs."""

import time

import pytest
from celery import current_app
from django.db import connection

from core import health

pytestmark = pytest.mark.django_db


def test_liveness_needs_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readiness_names_each_thing(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "bridge": "0 waiting, 0 dead"}


def test_a_broker_that_is_down_is_named_within_seconds(client, monkeypatch):
    # Nobody listens on port 1.
    monkeypatch.setattr(current_app, "connection_for_write", lambda: current_app.connection("redis://127.0.0.1:1/0"))
    started = time.monotonic()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == "failed"
    assert response.json()["database"] == "ok"
    assert time.monotonic() - started < 6


def test_a_database_that_is_down_is_named(client, monkeypatch):
    def refuse():
        raise ConnectionError("password of the database: planted")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "failed"
    assert "planted" not in response.content.decode()


def test_what_an_app_registers_is_asked_too(client, monkeypatch):
    monkeypatch.setattr(health, "_checks", {"engine": lambda: "3 shards"})

    assert client.get("/readyz").json() == {"engine": "3 shards"}


def test_probes_need_no_login_and_are_never_redirected(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
