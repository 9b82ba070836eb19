"""Pages of a list that is ordered newest first, by what stands at their edges: a page costs the same wherever it lies."""

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from internal_bridge.casework.models import Case
    from internal_bridge.casework.querysets import CaseQuerySet

PAGE_SIZE = 25

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
CURSOR_PATTERN = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """A row's place in the order: when it was received (in microseconds since 1970), then its key."""

    microseconds: int
    pk: int

    @classmethod
    def of(cls, case: "Case") -> "Cursor":
        return cls((case.received_at - EPOCH) // datetime.timedelta(microseconds=1), case.pk)

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor that ``text`` writes down, or None when it is none: an old or mistyped address shows the first page."""
        found = CURSOR_PATTERN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.microseconds}-{self.pk}"

    @property
    def received_at(self) -> datetime.datetime:
        return EPOCH + datetime.timedelta(microseconds=self.microseconds)

    # The first condition is the one that an index serves; the second settles rows received in the same instant.
    def older(self) -> Q:
        return Q(received_at__lte=self.received_at) & (Q(received_at__lt=self.received_at) | Q(pk__lt=self.pk))

    def newer(self) -> Q:
        return Q(received_at__gte=self.received_at) & (Q(received_at__gt=self.received_at) | Q(pk__gt=self.pk))


@dataclass(frozen=True)
class Page:
    """One page of cases; ``older`` and ``newer`` are the cursors of its neighbours, empty at an end of the list."""

    cases: list["Case"]
    older: str
    newer: str


def page_of(cases: "CaseQuerySet", *, before: str = "", after: str = "", size: int = PAGE_SIZE) -> Page:
    """The page before (older than) or after (newer than) a cursor, else the newest page. One query."""
    if after and (cursor := Cursor.parse(after)):
        rows = list(cases.filter(cursor.newer()).order_by("received_at", "pk")[: size + 1])
        more = len(rows) > size
        rows = rows[:size][::-1]
        return Page(rows, older=str(Cursor.of(rows[-1])) if rows else "", newer=str(Cursor.of(rows[0])) if more else "")
    cursor = Cursor.parse(before) if before else None
    chosen = cases.filter(cursor.older()) if cursor else cases
    rows = list(chosen.order_by("-received_at", "-pk")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows,
        older=str(Cursor.of(rows[-1])) if more else "",
        newer=str(Cursor.of(rows[0])) if rows and cursor else "",
    )
