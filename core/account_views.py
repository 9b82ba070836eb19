"""Pages of one's own account, on both sites: logging in, password, sessions, tokens. Each site has its own templates."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.password_change import finalize_password_change
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from core.account_forms import OwnPasswordForm
from core.account_presenters import sessions_page
from core.audit import record_audit
from core.enums import SessionEnd
from core.models import ApiToken, User
from core.sessions import end_sessions
from core.tokens import revoke_token


class LoginView(allauth.LoginView):
    """Says why one has been logged out, if one has."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        ended = self.request.GET.get("ended", "")
        words = SessionEnd(ended).label if ended in SessionEnd.values else ""
        password = settings.DEMO_PASSWORD if settings.DEMO else ""
        return {"ended": words, "demo_password": password, **super().get_context_data(**context)}


@method_decorator([login_required, never_cache], name="dispatch")
class PasswordView(allauth.PasswordChangeView):
    """One's own password. A new one ends one's other sessions and one's tokens."""

    form_class = OwnPasswordForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {"must": self.request.user.must_change_password, **super().get_context_data(**context)}

    def get_form_class(self) -> type[OwnPasswordForm]:
        return self.form_class

    def form_invalid(self, form: OwnPasswordForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 400
        return response

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        person: User = form.user
        with transaction.atomic():
            form.save()
            person.must_change_password = False
            person.save(update_fields=["must_change_password"])
            finalize_password_change(self.request, person)
            end_sessions(person, keep=self.request.session.session_key or "")
            record_audit(action="password.changed", subject=f"user:{person.uid}", actor=person)
        return redirect(self.get_success_url())


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in, and the tokens that stand for one."""
    return render(request, "account/sessions.html", sessions_page(_person(request), _key(request)))


@require_POST
@login_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's other sessions. One that has ended already, or is somebody else's, is not there."""
    ended = end_sessions(_person(request), keep=_key(request), only=session_id)
    if ended:
        messages.success(request, _("The session has been ended."))
    else:
        messages.info(request, _("This session had ended already."))
    return _back()


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one, and one's tokens."""
    ended = end_sessions(_person(request), keep=_key(request))
    words = ngettext("%(n)d other session has been ended.", "%(n)d other sessions have been ended.", ended)
    messages.success(request, words % {"n": ended})
    return _back()


@require_POST
@login_required
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    person = _person(request)
    try:
        revoke_token(by=person, token_id=token_id, owner=person)
        messages.success(request, _("The token has been revoked."))
    except ApiToken.DoesNotExist:
        messages.info(request, _("This token counted no longer."))
    return _back()


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _back() -> HttpResponse:
    response = redirect("account_sessions")
    response.status_code = 303
    return response
