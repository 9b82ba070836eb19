"""Pages of a list that is ordered newest first, by what stands at their edges: a page costs the same wherever it lies.

Shorter lists may be paged by number; ``page_links`` makes the links for those.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page as NumberedPage
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 25

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
CURSOR_PATTERN = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Cursor:
    """A row's place in the order: its moment (in microseconds since 1970), then its key."""

    microseconds: int
    pk: int

    @classmethod
    def of(cls, row: Any, by: str) -> "Cursor":
        return cls((getattr(row, by) - EPOCH) // datetime.timedelta(microseconds=1), row.pk)

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor that ``text`` writes down, or None when it is none: an old or mistyped address shows the first page."""
        found = CURSOR_PATTERN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.microseconds}-{self.pk}"

    @property
    def moment(self) -> datetime.datetime:
        return EPOCH + datetime.timedelta(microseconds=self.microseconds)

    # The first condition is the one that an index serves; the second settles rows of the same instant.
    def older(self, by: str) -> Q:
        return Q(**{f"{by}__lte": self.moment}) & (Q(**{f"{by}__lt": self.moment}) | Q(pk__lt=self.pk))

    def newer(self, by: str) -> Q:
        return Q(**{f"{by}__gte": self.moment}) & (Q(**{f"{by}__gt": self.moment}) | Q(pk__gt=self.pk))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; ``older`` and ``newer`` are the cursors of its neighbours, empty at an end of the list."""

    rows: list[Row]
    older: str
    newer: str


def page_of(rows: QuerySet[Row], *, by: str, before: str = "", after: str = "", size: int = PAGE_SIZE) -> Page[Row]:
    """The page before (older than) or after (newer than) a cursor, else the newest page. One query.

    ``by`` names the field of the moments that the list is ordered by.
    """
    if after and (cursor := Cursor.parse(after)):
        found = list(rows.filter(cursor.newer(by)).order_by(by, "pk")[: size + 1])
        more = len(found) > size
        found = found[:size][::-1]
        return Page(
            found,
            older=str(Cursor.of(found[-1], by)) if found else "",
            newer=str(Cursor.of(found[0], by)) if more else "",
        )
    cursor = Cursor.parse(before) if before else None
    chosen = rows.filter(cursor.older(by)) if cursor else rows
    found = list(chosen.order_by(f"-{by}", "-pk")[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(
        found,
        older=str(Cursor.of(found[-1], by)) if more else "",
        newer=str(Cursor.of(found[0], by)) if found and cursor else "",
    )


def page_links(page: NumberedPage, kept: dict[str, Any]) -> dict[str, Any]:
    """A pager's links, as templates take them: first, last and those around the current page, and its two neighbours.

    ``kept`` are the address's other parameters. Of a link, ``number`` is None for a gap.
    """

    def query(number: int) -> str:
        return urlencode(kept | {"page": number})

    links = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        known = isinstance(number, int)
        links.append({"number": number if known else None, "query": query(int(number)) if known else ""})
    return {
        "page_links": links,
        "previous_query": query(page.previous_page_number()) if page.has_previous() else "",
        "next_query": query(page.next_page_number()) if page.has_next() else "",
    }
