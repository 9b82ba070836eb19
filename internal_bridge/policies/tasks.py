"""What beat asks of the calendar."""

from celery import shared_task

from internal_bridge.policies.services.calendar import notice_announced_years as notice


@shared_task
def notice_announced_years() -> bool:
    """Hourly: the State Council's next notice has come with an update of chinesecalendar, and limits are counted by it."""
    return notice()
