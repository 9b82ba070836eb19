"""What casework does in the background. Each task takes an id and tolerates repetition; beat finds what was left behind."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready


@shared_task
def do_bulk_run(run_id: int) -> None:
    """Do what is left of a bulk run."""
    from internal_bridge.casework.models import BulkRun
    from internal_bridge.casework.queue.bulk import do_run

    do_run(BulkRun.objects.get(pk=run_id))


@shared_task
def sweep_clocks() -> dict[str, int]:
    """Every minute: what the clock does to cases, in the order in which one follows from the other; how much of each."""
    from internal_bridge.casework.clockwork.endings import close_cases, let_rights_lapse, resume_cases
    from internal_bridge.casework.clockwork.notices import issue_notices
    from internal_bridge.casework.services.recounting import recount_cases

    # By the calendar as it is now, before it is asked what is over.
    sweeps = (recount_cases, resume_cases, let_rights_lapse, close_cases, issue_notices)
    return {sweep.__name__: sweep() for sweep in sweeps}


@shared_task
def resume_forgotten_bulk_runs() -> int:
    """Every minute: hand over what a worker has left behind."""
    from internal_bridge.casework.queue.bulk import resume_runs

    return resume_runs()


@shared_task
def send_waiting_notices() -> int:
    """Every minute: let petitioners know of news."""
    from internal_bridge.casework.notices.sending import send_waiting_notices

    return send_waiting_notices()


@shared_task
def tell_figures() -> int:
    """Every five minutes: tell the portal the figures of the last days, as far as they are new."""
    from internal_bridge.casework.figures import tell_figures

    return tell_figures()


@worker_ready.connect
def tell_figures_at_start(**_details: Any) -> None:
    """What happened while no worker ran is told without waiting for the next round."""
    tell_figures.delay()
