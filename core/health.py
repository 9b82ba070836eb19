"""Health: ``/healthz`` says that the process lives, ``/readyz`` names each thing it needs."""

import datetime
from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from core.models import Heartbeat

Check = Callable[[], str]
_checks: dict[str, Check] = {}

WORKER = "worker"
# Beat has a worker write one every 20 s (settings); after three that are missing nobody is at work.
LONGEST_PAUSE = datetime.timedelta(seconds=75)


class Silent(Exception):
    """Nothing has been heard of it for too long."""


def register_check(name: str, check: Check) -> None:
    """Add a named check to ``/readyz``. ``check`` returns a short state to show, or raises when the thing is not ready."""
    _checks[name] = check


def note_heartbeat(name: str = WORKER) -> None:
    """Write down that ``name`` is at work now."""
    row = Heartbeat(name=name, at=timezone.now())
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["at"])


def last_heartbeat(name: str = WORKER) -> datetime.datetime | None:
    """When ``name`` was last at work, if ever."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def check_broker() -> str:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return "ok"


def check_worker() -> str:
    """Whether a worker has done a task of beat's lately: both run, and the broker carries between them."""
    last = last_heartbeat()
    if last is None or timezone.now() - last > LONGEST_PAUSE:
        raise Silent
    return "ok"


register_check("database", check_database)
register_check("broker", check_broker)
register_check("worker", check_worker)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every check passes, else 503; the body names each check with its state, never an exception's text."""
    states, ready = {}, True
    for name, check in _checks.items():
        try:
            states[name] = check()
        except Exception:  # noqa: BLE001  whatever is wrong, this is the place that reports it
            states[name], ready = "failed", False
    return JsonResponse(states, status=200 if ready else 503)
