from celery import shared_task

from core.idempotency import purge_records


@shared_task
def purge_idempotency_records() -> int:
    """Hourly: forget answers older than 24 hours."""
    return purge_records()
