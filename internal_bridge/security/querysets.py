"""Which sessions and tokens a search means."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def of_person(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """The rows of whoever's name or account has ``text`` in it; all rows without one."""
    text = text.strip()
    return rows.filter(Q(user__display_name__icontains=text) | Q(user__username__icontains=text)) if text else rows
