"""Numbered pages of a list, with a count that stops where a reader stops caring."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.presenters import Count

PAGE_SIZE = 50
# Beyond this nobody turns pages: one searches.
LAST_PAGE = 400


@dataclass(frozen=True)
class Page:
    """One page of rows; ``newer`` and ``older`` are the addresses of its neighbours, empty at an end."""

    rows: list[Any]
    total: Count
    first: int
    last: int
    before: str
    after: str


def page_of(request: HttpRequest, rows: QuerySet[Any], *, size: int = PAGE_SIZE) -> Page:
    """The page that ``?page=`` names; what it cannot be is read as the first. Two queries."""
    text = request.GET.get("page", "1")
    number = min(int(text), LAST_PAGE) if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) else 1
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    more = len(found) > size and number < LAST_PAGE
    found = found[:size]
    return Page(
        rows=found,
        total=Count.of(rows),
        first=start + 1 if found else 0,
        last=start + len(found),
        before=_address(request, number - 1) if number > 1 else "",
        after=_address(request, number + 1) if more else "",
    )


def _address(request: HttpRequest, number: int) -> str:
    wanted = request.GET.copy()
    wanted["page"] = str(number)
    return f"?{wanted.urlencode()}"
