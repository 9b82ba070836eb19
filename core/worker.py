"""What every Celery task of ours is."""

from typing import Any

import celery

from core.audit import acting
from core.enums import Channel
from core.workdays import one_calendar


class Task(celery.Task):
    """A task says of what it does that a task did it, and counts by one calendar. Called as a function, it is its caller's."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        with acting(channel=Channel.TASK, address="", post=""), one_calendar():
            return super().__call__(*args, **kwargs)
