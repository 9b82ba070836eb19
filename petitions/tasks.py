"""What the portal's petitions do in the background."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready


@shared_task
def draw_charts() -> int:
    """Every minute: draw what the statistics show and nobody has drawn."""
    from petitions.charts import draw_missing

    return draw_missing()


@worker_ready.connect
def draw_charts_at_start(**_details: Any) -> None:
    """A page should not wait for the first round."""
    draw_charts.delay()
