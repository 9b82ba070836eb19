"""Pages of a list in the order of its days or moments, by what stands at their edges: a page costs the same wherever it is.

Shorter lists may be paged by number; ``page_links`` makes the links for those.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page as NumberedPage
from django.db.models import DateTimeField, Model, Q, QuerySet

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
        at = getattr(row, by)
        if not isinstance(at, datetime.datetime):
            at = datetime.datetime.combine(at, datetime.time(), datetime.UTC)
        return cls((at - EPOCH) // datetime.timedelta(microseconds=1), row.pk)

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
    def older(self, by: str, *, days: bool = False) -> Q:
        at = self.moment.date() if days else self.moment
        return Q(**{f"{by}__lte": at}) & (Q(**{f"{by}__lt": at}) | Q(pk__lt=self.pk))

    def newer(self, by: str, *, days: bool = False) -> Q:
        at = self.moment.date() if days else self.moment
        return Q(**{f"{by}__gte": at}) & (Q(**{f"{by}__gt": at}) | Q(pk__gt=self.pk))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; ``older`` and ``newer`` are the cursors of its neighbours, empty at an end of the list."""

    rows: list[Row]
    older: str
    newer: str


def page_of(
    rows: QuerySet[Row], *, by: str, before: str = "", after: str = "", size: int = PAGE_SIZE, ascending: bool = False
) -> Page[Row]:
    """The page before (older than) or after (newer than) a cursor, else the first page of the list. One query.

    ``by`` names the field, of moments or of days and never null, that the list is ordered by: newest first, or ``ascending``.
    """
    days = not isinstance(_field(rows, by), DateTimeField)
    up, down = (before, after) if ascending else (after, before)
    upwards = Cursor.parse(up)
    cursor = upwards or Cursor.parse(down)
    # The rows are read from the cursor on: towards the newer ones or towards the older ones.
    to_newer = ascending != (upwards is not None)
    chosen = rows
    if cursor is not None:
        chosen = rows.filter(cursor.newer(by, days=days) if to_newer else cursor.older(by, days=days))
    found = list(chosen.order_by(*((by, "pk") if to_newer else (f"-{by}", "-pk")))[: size + 1])
    more = len(found) > size
    found = found[:size] if upwards is None else found[:size][::-1]
    if not found:
        return Page([], older="", newer="")
    first, last = str(Cursor.of(found[0], by)), str(Cursor.of(found[-1], by))
    # Whoever comes from further down finds a page below, whoever comes from above one above.
    above = first if (more if upwards else cursor is not None) else ""
    below = last if (True if upwards else more) else ""
    return Page(found, older=above, newer=below) if ascending else Page(found, older=below, newer=above)


def neighbours_of(row: Row, rows: QuerySet[Row], *, by: str, ascending: bool = False) -> tuple[Row | None, Row | None]:
    """What stands before and after ``row`` in the list of ``rows``, in which it need not be itself any more. Two queries.

    ``by`` and ``ascending`` as for ``page_of``; ``row`` has the field that it names.
    """
    cursor = str(Cursor.of(row, by))
    older = next(iter(page_of(rows, by=by, before=cursor, size=1, ascending=ascending).rows), None)
    newer = next(iter(page_of(rows, by=by, after=cursor, size=1, ascending=ascending).rows), None)
    return (older, newer) if ascending else (newer, older)


def _field(rows: QuerySet[Row], name: str) -> Any:
    field: Any = rows.model._meta.get_field(name)
    return getattr(field, "output_field", None) or field


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
