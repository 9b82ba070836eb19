"""Which events are news: their notices are opened in the transaction of the event, and sent later."""

import datetime
from typing import Any

from django.conf import settings

from internal_bridge.casework.enums import NoticeChannel
from internal_bridge.casework.models import Case, Notice

# What somebody would want to look at, or must answer. That a unit has signed, or that a case was closed, can wait.
NEWS = frozenset(
    {
        "accepted", "refused", "redirected", "asked", "extended", "paused", "answered", "withdrawn", "withdrawal_declined",
        "rehandled", "request_answered",
    }
)  # fmt: skip


def open_notices(case: Case, *, event: str, seq: int, at: datetime.datetime, params: dict[str, Any]) -> None:
    """Let the petitioner know of ``event``, told by the ``case.status`` of that number, by each way that the city has on.

    Inside the transaction of the event. Whether the petitioner left an address is looked at when it is sent.
    """
    if event not in NEWS:
        return
    rated = params.get("answer") if event == "answered" else None
    Notice.objects.bulk_create(
        Notice(case=case, seq=seq, event=event, answer=rated, channel=NoticeChannel(channel), due_at=at)
        for channel in settings.NOTICE_CHANNELS
    )
