"""待办事项: the boxes, and one item."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.idempotency import new_key
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.presenters import InboxPage, Query, Reader, reader_of, substitution_words
from internal_bridge.workflow.services import note_opening
from internal_bridge.workflow.views.answers import person_of, private


@require_safe
@private
def inbox(request: HttpRequest) -> HttpResponse:
    """A page of a box: ``?box=`` chooses it, ``?from=`` a kind of matters, ``?q=`` finds; what it does not know is ignored."""
    person, query = person_of(request), Query.of(request)
    context = {
        "query": query,
        "here": InboxPage(person, query),
        "substitutions": substitution_words(person),
        "key": new_key(),
    }
    return render(request, "workflow/inbox.html", context)


@require_safe
@private
@vary_on_headers("HX-Request")
def item(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One item; only the pane when the list asks for it. It is new no more. 404 for what the person may not know of."""
    reader, row = shown(request, uid)
    note_opening(by=person_of(request), item=row)
    template = "workflow/includes/reader.html" if request.htmx else "workflow/item.html"  # type: ignore[attr-defined]
    return render(request, template, {"reader": reader, "key": new_key(), "problem": ""})


def shown(request: HttpRequest, uid: uuid.UUID) -> tuple[Reader, WorkItem]:
    """The item as its reader sees it. Raises ``Http404``."""
    person = person_of(request)
    row = WorkItem.objects.visible_to(person).for_rows(person).filter(uid=uid).first()
    reader = reader_of(row, person) if row is not None else None
    if row is None or reader is None:
        raise Http404
    return reader, row
