"""What is done with an item in the inbox itself: take it, give it back, mark it as read."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.idempotency import KeyReused, new_key
from internal_bridge.workflow import services
from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.forms import ItemForm, ReadForm
from internal_bridge.workflow.views.answers import person_of, private, see_other
from internal_bridge.workflow.views.inbox import shown

DAMAGED = "damaged"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def claim(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take the item; 409 and how it stands now when a colleague was faster."""
    return _act(request, uid, services.claim_item, _("You have taken this. Your colleagues see that you have it."))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def release(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Give it back to all who are addressed."""
    return _act(request, uid, services.release_item, _("You have given this back. Everybody who is addressed finds it again."))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def read(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Mark as read. A second time changes nothing."""
    reader, _row = shown(request, uid)
    if request.method != "POST":
        return redirect("workflow:item", uid=uid)
    if not ReadForm(request.POST).is_valid():
        return _page(request, uid, _("This form is damaged. Open it again."), 400)
    try:
        services.mark_read(by=person_of(request), uid=uid)
    except services.Conflict as conflict:
        return _page(request, uid, str(conflict), 409)
    messages.success(request, _("Marked as read: %(title)s") % {"title": reader.row.title})
    return see_other(f"{reverse('workflow:inbox')}?box={Box.TOREAD}")


def _act(request: HttpRequest, uid: uuid.UUID, verb: Any, done: str) -> HttpResponse:
    """Refusals in the order 404, 403, 409, 400."""
    shown(request, uid)
    if request.method != "POST":
        return redirect("workflow:item", uid=uid)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _page(request, uid, _("This form is damaged. Open it again."), 400)
    try:
        verb(
            by=person_of(request),
            uid=uid,
            version=form.cleaned_data["version"],
            key=form.cleaned_data["idempotency_key"],
        )
    except services.WorkItem.DoesNotExist as error:
        raise Http404 from error
    except PermissionDenied:
        raise
    except services.StaleVersion:
        return _page(request, uid, _("Somebody has changed this since you opened it. This is how it stands now."), 409)
    except KeyReused:
        return _page(request, uid, _("This form has been sent already, with other content. Send it again."), 409)
    except services.Conflict as conflict:
        return _page(request, uid, str(conflict), 409)
    messages.success(request, done)
    return see_other(reverse("workflow:item", args=[uid]))


def _page(request: HttpRequest, uid: uuid.UUID, problem: str, status: int) -> HttpResponse:
    reader, _row = shown(request, uid)
    return render(request, "workflow/item.html", {"reader": reader, "key": new_key(), "problem": problem}, status=status)
