from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from core.health import note_heartbeat
from core.idempotency import purge_records
from core.lockout import purge_lockouts
from core.sessions import purge_sessions
from core.tokens import purge_tokens


@shared_task
def purge_idempotency_records() -> int:
    """Hourly: forget answers older than 24 hours."""
    return purge_records()


@shared_task
def purge_logins() -> int:
    """Every quarter of an hour: delete sessions whose time is up, lockouts and tokens that count no longer."""
    return purge_sessions() + purge_lockouts() + purge_tokens()


@shared_task
def report_worker() -> None:
    """Every 20 s: say that beat, broker and worker work together."""
    note_heartbeat()


@worker_ready.connect
def report_start(**_details: Any) -> None:
    """A worker that has just started says so at once: whoever waits for the site to be ready waits for this."""
    note_heartbeat()
