"""What pages of every app say alike: counts that stop where a reader stops caring, and spans of time."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import ngettext

COUNT_CAP = 1_000


@dataclass(frozen=True)
class Count:
    """A number of rows, counted no further than a page needs to say."""

    value: int

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> "Count":
        return cls(rows.order_by()[: COUNT_CAP + 1].count())

    def __str__(self) -> str:
        shown = number_format(min(self.value, COUNT_CAP), use_l10n=True, force_grouping=True)
        return f"{shown}+" if self.value > COUNT_CAP else shown

    def __bool__(self) -> bool:
        return self.value > 0


def ago(span: datetime.timedelta) -> str:
    """How long ago something was, in its largest whole unit."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}
    if seconds < 3_600:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 86_400:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", seconds // 3_600) % {"n": seconds // 3_600}
    return ngettext("%(n)d day ago", "%(n)d days ago", seconds // 86_400) % {"n": seconds // 86_400}


def lasting(span: datetime.timedelta) -> str:
    """How long something lasts, in its largest whole unit."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    if seconds < 3_600:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 86_400:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3_600) % {"n": seconds // 3_600}
    return ngettext("%(n)d day", "%(n)d days", seconds // 86_400) % {"n": seconds // 86_400}
