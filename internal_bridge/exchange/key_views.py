"""The security administrator's page of keys: what each is good for, rotation, revocation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core.idempotency import KeyReused
from core.models import User
from internal_bridge.exchange import key_operations
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.forms import ReasonForm, RevokeForm
from internal_bridge.exchange.key_presenters import keys_page
from internal_bridge.exchange.models import PartyKey
from internal_bridge.exchange.permissions import can_manage_keys

View = Callable[..., HttpResponse]


def keepers_only(view: View) -> View:
    """403 for everybody else, operators of the bridge too."""

    @wraps(view)
    @cache_control(private=True, no_store=True)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_manage_keys(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@keepers_only
def keys(request: HttpRequest) -> HttpResponse:
    """All parties' keys, with what they are good for now."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def rotate(request: HttpRequest) -> HttpResponse:
    """Make new keys of this side."""
    if request.method != "POST":
        return redirect("exchange:keys")
    form = ReasonForm(request.POST, auto_id="rotate_%s")
    if not form.is_valid():
        return _page(request, rotating=form, status=400)
    try:
        key_operations.rotate(
            person=_person(request), reason=form.cleaned_data["reason"], key=form.cleaned_data["idempotency_key"]
        )
    except KeyReused:
        return _page(request, problem="moved", status=409)
    messages.success(request, _("New keys have been made. Give the other side their public halves."))
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def revoke(request: HttpRequest, kid: str) -> HttpResponse:
    """Let a key count no longer."""
    get_object_or_404(PartyKey, kid=kid)
    if request.method != "POST":
        return redirect("exchange:keys")
    form = RevokeForm(request.POST, kid=kid, auto_id=f"revoke_{kid}_%s")
    if not form.is_valid():
        return _page(request, revoking=form, status=400)
    try:
        key_operations.revoke(
            person=_person(request), kid=kid, reason=form.cleaned_data["reason"], key=form.cleaned_data["idempotency_key"]
        )
    except (Refused, KeyReused):
        return _page(request, problem="refused", status=409)
    messages.success(request, _("The key has been revoked. Tell the other side."))
    return _back()


def _page(
    request: HttpRequest,
    *,
    rotating: ReasonForm | None = None,
    revoking: RevokeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {**keys_page(rotating=rotating, revoking=revoking), "problem": problem}
    return render(request, "exchange/keys.html", context, status=status)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("exchange:keys"), status=303)


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
