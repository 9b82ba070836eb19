"""审计日志: the list, one record, and the list as a file; for the audit administrator alone."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from core.models import AuditRecord, User
from core.paging import page_of
from core.streaming import one_by_one
from core.workdays import local_date
from internal_bridge.auditing.filters import AuditFilter
from internal_bridge.auditing.permissions import can_read_audit
from internal_bridge.auditing.presenters import RecordPage, chips_of, rows_of, views_of
from internal_bridge.auditing.querysets import records_visible_to
from internal_bridge.auditing.services import export_records, note_reading, open_record

PAGE_SIZE = 50
PAGING = ("before", "after")

View = Callable[..., HttpResponseBase]


def auditors_only(view: View) -> View:
    """403 for everybody else, the other administrators too: that there is a log is no secret."""

    @wraps(view)
    @cache_control(private=True, no_store=True)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_read_audit(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@auditors_only
def record_list(request: HttpRequest) -> HttpResponse:
    """The log, newest first, 50 a page, by the filters of the address. A filter that cannot be is refused beside its field."""
    person = _person(request)
    asked = AuditFilter(request.GET, queryset=records_visible_to(person))
    if not asked.form.is_valid():
        return render(request, "auditing/list.html", {"form": asked.form, "wrong": True}, status=400)
    page = page_of(asked.qs, by="at", before=request.GET.get("before", ""), after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "form": asked.form,
        "views": views_of(_without_group(request, person).qs, request.GET, asked),
        "chips": chips_of(asked, request.GET),
        "rows": rows_of(page.rows),
        "older": _paged(request, "before", page.older),
        "newer": _paged(request, "after", page.newer),
        "query": _query(request, *PAGING),
    }
    note_reading(person=person, filters=asked.used())
    return render(request, "auditing/list.html", context)


@require_safe
@auditors_only
def record(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One record: who, what, from where, the particulars, and whether it still fits its hash."""
    try:
        found = open_record(person=_person(request), uid=uid)
    except AuditRecord.DoesNotExist as error:
        raise Http404 from error
    return render(request, "auditing/record.html", {"page": RecordPage.of(found)})


@require_GET
@auditors_only
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, all pages of it, as CSV; at most 100,000 records, the newest."""
    person = _person(request)
    asked = AuditFilter(request.GET, queryset=records_visible_to(person))
    if not asked.form.is_valid():
        return render(request, "auditing/list.html", {"form": asked.form, "wrong": True}, status=400)
    chunks = export_records(person=person, records=asked.qs, filters=asked.used())
    name = f"{_('Audit log')}-{local_date(timezone.now()):%Y%m%d}.csv"
    return StreamingHttpResponse(
        one_by_one(chunks, asks_database=True),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _person(request: HttpRequest) -> User:
    """Who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return request.user  # type: ignore[return-value]


def _without_group(request: HttpRequest, person: User) -> AuditFilter:
    asked = request.GET.copy()
    asked.pop("group", None)
    return AuditFilter(asked, queryset=records_visible_to(person))


def _query(request: HttpRequest, *without: str) -> str:
    wanted = request.GET.copy()
    for name in without:
        wanted.pop(name, None)
    return f"?{wanted.urlencode()}" if wanted else ""


def _paged(request: HttpRequest, name: str, cursor: str) -> str:
    """The address of a neighbouring page, empty at an end of the list."""
    if not cursor:
        return ""
    rest = _query(request, *PAGING)
    return f"{rest}&{name}={cursor}" if rest else f"?{name}={cursor}"
