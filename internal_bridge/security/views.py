"""The security administrator's pages: who is logged in, what is locked, which tokens count; and how to end each."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core.models import ApiToken, Lockout, User
from internal_bridge.security import presenters, services
from internal_bridge.security.forms import ReasonForm
from internal_bridge.security.permissions import can_watch_logins

View = Callable[..., HttpResponse]
LAST_PAGE = 10_000


def for_security(view: View) -> View:
    """403 for everybody else, other administrators too."""

    @wraps(view)
    @cache_control(private=True, no_store=True)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_watch_logins(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_security
def sessions(request: HttpRequest) -> HttpResponse:
    """Everybody's sessions, those seen last first."""
    return _sessions(request)


@require_safe
@for_security
def lockouts(request: HttpRequest) -> HttpResponse:
    """What is locked now."""
    return _lockouts(request)


@require_safe
@for_security
def tokens(request: HttpRequest) -> HttpResponse:
    """Everybody's API tokens that count."""
    return _tokens(request)


@require_http_methods(["GET", "HEAD", "POST"])
@for_security
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one session."""
    if (form := _reason(request, f"session-{session_id}")) is None:
        return redirect("security:sessions")
    if not form.is_valid():
        return _sessions(request, refused=(f"session-{session_id}", form))
    ended = services.end_one_session(
        by=_person(request), session_id=session_id, reason=form.cleaned_data["reason"], own_key=_key(request)
    )
    _say(request, ended, _("The session has been ended."), _("This session had ended already."))
    return _to("security:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@for_security
def end_all(request: HttpRequest, uid: UUID, session_id: int) -> HttpResponse:
    """End all sessions and tokens of the person whose session this is."""
    person = get_object_or_404(User, uid=uid)
    if (form := _reason(request, f"all-{session_id}")) is None:
        return redirect("security:sessions")
    if not form.is_valid():
        return _sessions(request, refused=(f"all-{session_id}", form))
    ended = services.end_all_sessions(
        by=_person(request), person=person, reason=form.cleaned_data["reason"], own_key=_key(request)
    )
    done = ngettext("%(n)d session of %(name)s has been ended.", "%(n)d sessions of %(name)s have been ended.", ended)
    messages.success(request, done % {"n": ended, "name": person.get_full_name()})
    return _to("security:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@for_security
def release(request: HttpRequest, lockout_id: int) -> HttpResponse:
    """Let a locked login in again."""
    if (form := _reason(request, f"lockout-{lockout_id}")) is None:
        return redirect("security:lockouts")
    if not form.is_valid():
        return _lockouts(request, refused=(f"lockout-{lockout_id}", form))
    try:
        services.release_login(by=_person(request), lockout_id=lockout_id, reason=form.cleaned_data["reason"])
        done = True
    except Lockout.DoesNotExist:
        done = False
    _say(request, done, _("The account may log in again."), _("It was not locked any more."))
    return _to("security:lockouts")


@require_http_methods(["GET", "HEAD", "POST"])
@for_security
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Let a token count no longer."""
    if (form := _reason(request, f"token-{token_id}")) is None:
        return redirect("security:tokens")
    if not form.is_valid():
        return _tokens(request, refused=(f"token-{token_id}", form))
    try:
        services.revoke_api_token(by=_person(request), token_id=token_id, reason=form.cleaned_data["reason"])
        done = True
    except ApiToken.DoesNotExist:
        done = False
    _say(request, done, _("The token has been revoked."), _("This token counted no longer."))
    return _to("security:tokens")


def _sessions(request: HttpRequest, refused: presenters.Refused = None) -> HttpResponse:
    context = presenters.sessions_page(text=_text(request), page=_page(request), key=_key(request), refused=refused)
    return render(request, "security/sessions.html", context, status=400 if refused else 200)


def _lockouts(request: HttpRequest, refused: presenters.Refused = None) -> HttpResponse:
    context = presenters.lockouts_page(refused=refused)
    return render(request, "security/lockouts.html", context, status=400 if refused else 200)


def _tokens(request: HttpRequest, refused: presenters.Refused = None) -> HttpResponse:
    context = presenters.tokens_page(text=_text(request), page=_page(request), refused=refused)
    return render(request, "security/tokens.html", context, status=400 if refused else 200)


def _reason(request: HttpRequest, name: str) -> ReasonForm | None:
    """The form that was sent; none when the address was opened, where a login or a reloaded tab may lead."""
    return ReasonForm(request.POST, auto_id=f"{name}-%s") if request.method == "POST" else None


def _say(request: HttpRequest, done: bool, words: str, otherwise: str) -> None:
    if done:
        messages.success(request, words)
    else:
        messages.info(request, otherwise)


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name), status=303)


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:60]


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "")
    return min(max(int(number), 1), LAST_PAGE) if number.isdecimal() else 1


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
