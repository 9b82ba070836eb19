"""Lists of the APIs (11): ``{count, next, previous, results}``, by ``page`` and ``page_size`` of at most 100."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
PARAMETERS = ("page", "page_size")


class Pages(PageNumberPagination):
    """Raises ``ValidationError`` for a page or a size that is no such number, ``NotFound`` for a page behind the last."""

    page_size = PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        errors = {}
        for name, largest in (("page", None), ("page_size", MAX_PAGE_SIZE)):
            given = request.query_params.get(name, "1")
            # Longer numbers lie behind every last page, and Python refuses to read some of them.
            is_number = given.isascii() and given.isdecimal() and len(given) <= 12 and int(given) >= 1
            if not is_number:
                errors[name] = [_("Enter a number from 1 on.")]
            elif largest and int(given) > largest:
                errors[name] = [_("Enter a number up to %(largest)d.") % {"largest": largest}]
        if errors:
            raise ValidationError(errors)
        return super().paginate_queryset(queryset, request, view)
