"""Pages of what is open, which is in the order of its days: a page costs the same wherever it lies."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

PAGE_SIZE = 25
CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})-([01])-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class DuePage:
    """Rows, and the cursor behind which the next ones stand; empty at the end of the list."""

    rows: list[Any]
    after: str


def due_page(rows: Any, *, after: str = "", size: int = PAGE_SIZE) -> DuePage:
    """The page behind a cursor, else the first. One query. An old or mistyped cursor shows the first page."""
    behind = _behind(after)
    found = list((rows.filter(behind) if behind is not None else rows).order_by("due_order", "-urgent", "pk")[: size + 1])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    return DuePage(shown, f"{last.due_order.isoformat()}-{int(last.urgent)}-{last.pk}" if last is not None else "")


def _behind(text: str) -> Q | None:
    found = CURSOR.fullmatch(text)
    if not found:
        return None
    try:
        due, urgent, pk = datetime.date.fromisoformat(found[1]), found[2] == "1", int(found[3])
    except ValueError:
        return None
    # The first condition is the one that an index serves.
    same = Q(urgent=urgent, pk__gt=pk) | (Q(urgent=False) if urgent else Q(pk__in=[]))
    return Q(due_order__gte=due) & (Q(due_order__gt=due) | same)
