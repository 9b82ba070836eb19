"""Many cases at once: what is chosen in the list, the question before it is done, its progress and results, its undoing."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.enums import BulkAction
from internal_bridge.casework.models import BulkRun, Case
from internal_bridge.casework.permissions import can_see_cases
from internal_bridge.casework.presenters.bulk import RunView, run_rows
from internal_bridge.casework.queue.acts import may_act
from internal_bridge.casework.queue.asked import list_address
from internal_bridge.casework.queue.bulk import Chosen, NothingChosen, read_chosen, start_run, undo_run
from internal_bridge.casework.queue.forms import FORMS, BulkForm
from internal_bridge.casework.views.access import person_of, private
from internal_bridge.casework.views.exports import export_of

EXPORT = "export"
MOST_SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
@private
def bulk(request: HttpRequest) -> HttpResponseBase:
    """What the list sends: the chosen cases and what is wanted. Dispatch and urge ask a question first, a claim none."""
    if not can_see_cases(person_of(request)):
        raise PermissionDenied
    back = list_address(request.POST.get("query", ""))
    if request.method != "POST":
        # Where a login or a reloaded tab may lead.
        return redirect("casework:list")
    chosen = read_chosen(request.POST.getlist("chosen"))
    if not chosen:
        messages.error(request, _("Choose at least one case first."))
        return _see(back)
    wanted = request.POST.get("action", "")
    if wanted == EXPORT:
        cases = Case.objects.visible_to(person_of(request)).filter(number__in=[each.number for each in chosen])
        return export_of(request, cases, format="xlsx", view="chosen", filters=[])
    if wanted not in FORMS:
        messages.error(request, _("Choose what should be done with the cases."))
        return _see(back)
    action = BulkAction(wanted)
    if not may_act(person_of(request), action):
        raise PermissionDenied
    form = FORMS[action](request.POST if action == BulkAction.CLAIM or "confirmed" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return _ask(request, action, form, chosen, back, status=400 if form.is_bound else 200)
    return _start(request, action, form, chosen, back)


def _start(request: HttpRequest, action: BulkAction, form: BulkForm, chosen: list[Chosen], back: str) -> HttpResponse:
    try:
        run = start_run(
            by=person_of(request),
            action=action,
            chosen=chosen,
            fields=form.fields_of_action(),
            key=form.cleaned_data["idempotency_key"],
        )
    except NothingChosen:
        messages.error(request, _("None of the chosen cases is open to you any more."))
        return _see(back)
    except (KeyReused, InvalidKey):
        messages.error(request, _("Nothing was done: this form had been sent before. Choose the cases again."))
        return _see(back)
    return _see(reverse("casework:bulk_run", args=[run.uid]))


def _ask(
    request: HttpRequest, action: BulkAction, form: BulkForm, chosen: list[Chosen], back: str, *, status: int
) -> HttpResponse:
    numbers = [each.number for each in chosen]
    cases = Case.objects.visible_to(person_of(request)).filter(number__in=numbers).only("number", "title", "state", "kind")
    context = {
        "action": action,
        "form": form,
        "chosen": [f"{each.number}:{each.version}" for each in chosen],
        "cases": cases.order_by("due_order", "pk")[:MOST_SHOWN],
        "more": max(len(chosen) - MOST_SHOWN, 0),
        "total": len(chosen),
        "query": request.POST.get("query", ""),
        "back": back,
    }
    return render(request, "casework/bulk.html", context, status=status)


@require_safe
@private
@vary_on_headers("HX-Request")
def bulk_run(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How far a run is, then what became of each case, and why not."""
    run = _own(request, uid)
    view = RunView.of(run, timezone.now())
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "casework/includes/bulk_progress.html", {"run": view})
        if not view.running:
            response["X-Done"] = "1"
        return response
    rows = run_rows(run, person_of(request)) if not view.running else []
    return render(request, "casework/bulk_run.html", {"run": view, "rows": rows, "form": BulkForm()})


@require_POST
@private
def bulk_undo(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Give back what a run has claimed."""
    run, form = _own(request, uid), BulkForm(request.POST)
    try:
        key = form.cleaned_data["idempotency_key"] if form.is_valid() else None
        undoing = undo_run(by=person_of(request), run=run, key=key)
    except (NothingChosen, KeyReused):
        messages.error(request, _("This can no longer be undone."))
        undoing = run
    return _see(reverse("casework:bulk_run", args=[undoing.uid]))


def _own(request: HttpRequest, uid: uuid.UUID) -> BulkRun:
    """One's own run; another's is not there."""
    rows = BulkRun.objects.select_related("undone_by", "undoes")
    found: BulkRun = get_object_or_404(rows, uid=uid, by=person_of(request))
    return found


def _see(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response
