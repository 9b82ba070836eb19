"""``/healthz`` says that the process lives; ``/readyz`` names each thing it needs."""

import datetime
import time

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core import health
from core.models import Heartbeat
from core.tasks import report_start, report_worker

pytestmark = pytest.mark.django_db


def test_liveness_needs_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readiness_names_each_thing(client):
    report_start()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "worker": "ok", "bridge": "0 waiting, 0 dead"}


@pytest.mark.parametrize(("silence", "state"), [(0, "ok"), (70, "ok"), (80, "failed"), (86_400, "failed")])
def test_a_worker_that_says_nothing_is_named(client, silence, state):
    report_worker()
    report_worker()
    Heartbeat.objects.update(at=timezone.now() - datetime.timedelta(seconds=silence))

    response = client.get("/readyz")

    assert response.json()["worker"] == state
    assert response.status_code == (200 if state == "ok" else 503)
    assert Heartbeat.objects.count() == 1


def test_without_any_worker_the_site_is_not_ready(client):
    assert client.get("/readyz").json()["worker"] == "failed"


def test_beat_has_a_worker_report_often_enough():
    entry = settings.CELERY_BEAT_SCHEDULE["report-worker"]
    assert entry["task"] == report_worker.name
    assert 3 * entry["schedule"] < health.LONGEST_PAUSE.total_seconds()


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
    report_start()

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
