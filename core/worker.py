"""What every Celery task of ours is."""

from typing import Any

import celery

from core.audit import acting
from core.enums import Channel


class Task(celery.Task):
    """A task says of what it does that a task did it. Called as a plain function, it belongs to its caller."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        with acting(channel=Channel.TASK, address="", post=""):
            return super().__call__(*args, **kwargs)
