"""The list as a file."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.streaming import one_by_one
from core.workdays import local_date
from internal_bridge.casework.permissions import can_see_cases
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.casework.queue.asked import FILTERS, Asked
from internal_bridge.casework.queue.exports import FORMATS, export_cases
from internal_bridge.casework.views.access import person_of, private


@require_GET
@private
def export(request: HttpRequest, format: str) -> StreamingHttpResponse:
    """What the list shows by the same address, all pages of it."""
    if not can_see_cases(person_of(request)):
        raise PermissionDenied
    if format not in FORMATS:
        raise Http404
    asked = Asked(request.GET, person_of(request))
    used = [name for name in FILTERS if request.GET.get(name)]
    return export_of(request, asked.cases, format=format, view=asked.view.code, filters=used)


def export_of(
    request: HttpRequest, cases: CaseQuerySet, *, format: str, view: str, filters: list[str]
) -> StreamingHttpResponse:
    """``cases``, which the person may see, as a file; recorded."""
    parts = export_cases(by=person_of(request), cases=cases, format=format, view=view, filters=filters)
    name = f"{_('Cases')}-{local_date(timezone.now()):%Y%m%d}.{format}"
    return StreamingHttpResponse(
        one_by_one(parts, asks_database=True),
        content_type=FORMATS[format],
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        },
    )
