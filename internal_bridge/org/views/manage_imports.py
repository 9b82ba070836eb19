"""The system administrator's pages of imports and exports."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from core.sheets import BYTE_ORDER_MARK, sheet_line
from core.streaming import one_by_one
from internal_bridge.org.enums import ImportKind
from internal_bridge.org.exports import export_directory
from internal_bridge.org.forms.imports import ApplyForm, ImportForm
from internal_bridge.org.imports import COLUMNS, confirm_import, start_import
from internal_bridge.org.models import ImportRun
from internal_bridge.org.presenters.administration import sections
from internal_bridge.org.presenters.imports import RunView
from internal_bridge.org.views.acts import Act, act, administrators_only, run
from internal_bridge.org.views.answers import person_of

RUNS_SHOWN = 20
# A line of each list, as an example in its template.
EXAMPLES = {
    ImportKind.UNITS: ["slj", "云岭市水利局", "市水利局", "yls", "government_department", "水库管理;河道治理", "true"],
    ImportKind.POSTS: ["slj", "办公室", "主任", "一级主任科员", "1"],
    ImportKind.PEOPLE: [
        *("YL90001", "李萌", "slj", "办公室", "主任", "true", "办公室全面工作"),
        *("0890-13102202", "13900000000", "", "3 号楼 512", ""),
    ],
}


@act
def imports(request: HttpRequest) -> HttpResponse:
    """Templates, exports, the imports so far, and a form for another."""

    def perform(data: dict[str, object]) -> str:
        return reverse("org:import", args=[start_import(by=person_of(request), **data).uid])  # type: ignore[arg-type]

    doing = Act(
        name="start_import",
        title=_("Import and export"),
        button="",
        back=reverse("org:admin_imports"),
        done="",
        perform=perform,
        crumbs=[],
        template="org/administration/imports.html",
        more=lambda: {
            "sections": sections("imports"),
            "runs": [RunView(each) for each in _runs(request).defer("content")[:RUNS_SHOWN]],
            "kinds": ImportKind.choices,
        },
    )
    return run(request, doing, ImportForm)


@require_safe
@administrators_only
@vary_on_headers("HX-Request")
def import_run(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """An import: its progress, what it would do and what is bad in it, then what it did."""
    view = RunView(_run(request, uid))
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "org/administration/includes/progress.html", {"run": view})
        if not view.running:
            response["X-Done"] = "1"
        return response
    context = {"run": view, "form": ApplyForm(), "problem": ""}
    return render(request, "org/administration/import.html", context)


@act
def apply(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Apply a checked import."""
    found = _run(request, uid)
    address = reverse("org:import", args=[uid])
    if request.method != "POST":
        # Where a login or a reloaded tab may lead.
        return redirect(address)

    def perform(data: dict[str, object]) -> str:
        confirm_import(by=person_of(request), run=found, mode=str(data["mode"]))
        return address

    doing = Act(
        name=f"apply_import:{uid}",
        title="",
        button="",
        back=address,
        done="",
        perform=perform,
        crumbs=[],
        template="org/administration/import.html",
        more=lambda: {"run": RunView(_run(request, uid))},
    )
    return run(request, doing, ApplyForm)


@require_GET
@administrators_only
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty list with an example line, for a spreadsheet program."""
    lines = [COLUMNS[_kind(kind)], EXAMPLES[_kind(kind)]]
    return HttpResponse(BYTE_ORDER_MARK + "".join(sheet_line(line) for line in lines), headers=_headers(f"{kind}-template.csv"))


@require_GET
@administrators_only
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """All open units, posts or people."""
    chunks = export_directory(by=person_of(request), kind=_kind(kind))
    return StreamingHttpResponse(one_by_one(chunks, asks_database=True), headers=_headers(f"{kind}.csv"))


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }


def _kind(text: str) -> ImportKind:
    if text not in ImportKind.values:
        raise Http404
    return ImportKind(text)


def _runs(request: HttpRequest):  # type: ignore[no-untyped-def]
    return ImportRun.objects.visible_to(person_of(request)).select_related("started_by")


def _run(request: HttpRequest, uid: uuid.UUID) -> ImportRun:
    found: ImportRun = get_object_or_404(_runs(request).defer("content"), uid=uid)
    return found
