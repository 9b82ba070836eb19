"""Views that both sites need and that know nothing of either's look: each site has its own ``errors/`` templates."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose CSRF token is missing or old: say what to do, and that nothing was sent."""
    return render(request, "errors/csrf.html", status=403)


@login_not_required
def no_such_operation(request: HttpRequest, exception: Exception | None = None, **parts: Any) -> JsonResponse:
    """404 in an API's own form (RFC 9457), for addresses that no operation has."""
    return problem(404, _("Not found"))


def operation_failed(request: HttpRequest) -> JsonResponse:
    """500 in an API's own form, where there are no pages to show."""
    return problem(500, _("Internal error"))


def problem(status: int, title: str, detail: str = "") -> JsonResponse:
    """An error in an API's own form, for where no operation answers."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail or title}
    return JsonResponse(body, status=status, content_type="application/problem+json")
