"""The middleware that ends sessions whose time is up, and lets nobody go on with a password that an administrator gave."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.enums import SessionEnd
from core.sessions import expire_session, note_seen, time_is_up
from core.views import problem

# Where one may go before one has chosen a password of one's own.
OPEN = {"account_change_password", "account_logout", "account_login", "set_language"}


class SessionLimitMiddleware:
    """Whoever is logged out goes on as a stranger; if that leads to the login page, the page says why, and leads back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without a cookie there is no session: public pages stay free of it.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        ended: SessionEnd | None = None
        if request.user.is_authenticated:
            ended = time_is_up(request.session)
            if ended:
                expire_session(request, ended)
            else:
                note_seen(request)
        elif request.session.session_key is None:
            ended = SessionEnd.GONE
        response = self.get_response(request)
        return _say_why(response, ended) if ended else response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match and request.resolver_match.url_name in OPEN:
            return None
        if request.path_info.startswith("/api/"):
            return problem(403, _("Not allowed"), _("Choose a password of your own first."))
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return redirect(reverse("account_change_password") + back)


def _say_why(response: HttpResponseBase, ended: SessionEnd) -> HttpResponseBase:
    location = response.get("Location", "")
    if response.status_code == 302 and urlsplit(location).path == reverse("account_login"):
        response["Location"] = f"{location}{'&' if '?' in location else '?'}ended={ended}"
    return response
