"""Views of one's own: save what is listed, delete it, undo that."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.idempotency import KeyReused
from internal_bridge.casework.models import SavedView
from internal_bridge.casework.permissions import can_see_cases
from internal_bridge.casework.queue.asked import Asked, list_address
from internal_bridge.casework.queue.forms import SaveViewForm
from internal_bridge.casework.queue.own_views import delete_view, restore_view, save_view
from internal_bridge.casework.views.access import person_of, private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def save(request: HttpRequest) -> HttpResponse:
    """Give what is listed a name. GET shows the form for the query of the address."""
    if not can_see_cases(person_of(request)):
        raise PermissionDenied
    if request.method != "POST":
        asked = Asked(request.GET, person_of(request))
        return _page(request, SaveViewForm(initial={"query": asked.canonical()}), asked)
    form = SaveViewForm(request.POST)
    # Written anew: nothing of what was sent is kept but what the list knows.
    asked = Asked(QueryDict(request.POST.get("query", "")), person_of(request))
    if not form.is_valid():
        return _page(request, form, asked, status=400)
    data = form.cleaned_data
    try:
        view = save_view(by=person_of(request), name=data["name"], query=asked.canonical(), key=data["idempotency_key"])
    except ValidationError as error:
        form.add_error("name", error.message_dict["name"])
        return _page(request, form, asked, status=400)
    except KeyReused:
        form.add_error(None, _("Nothing was saved: this form had been sent before. Send it again."))
        form = SaveViewForm(initial={"name": data["name"], "query": asked.canonical()})
        return _page(request, form, asked, status=409)
    messages.success(request, _("Saved: “%(name)s” now stands above the list.") % {"name": view.name})
    return _see(list_address(view.query))


@require_POST
@private
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Take one's own view away; the list offers to bring it back."""
    try:
        view = delete_view(by=person_of(request), pk=view_id)
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    return _see(list_address(f"deleted={view.pk}"))


@require_POST
@private
def restore(request: HttpRequest, view_id: int) -> HttpResponse:
    """Bring a view back that was just deleted."""
    try:
        view = restore_view(by=person_of(request), pk=view_id)
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    except ValidationError as error:
        messages.error(request, error.message_dict["name"][0])
        return _see(list_address(""))
    return _see(list_address(view.query))


def _page(request: HttpRequest, form: SaveViewForm, asked: Asked, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "asked": asked, "chips": asked.chips(), "back": asked.address()}
    return render(request, "casework/save_view.html", context, status=status)


def _see(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response
