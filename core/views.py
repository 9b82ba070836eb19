"""Views that both sites need and that know nothing of either's look: each site has its own ``errors/`` templates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose CSRF token is missing or old: say what to do, and that nothing was sent."""
    return render(request, "errors/csrf.html", status=403)
