"""What all pages of this app need: who asks, and answers that no cache keeps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control

from core.models import User

private = cache_control(private=True, no_store=True)


def person_of(request: HttpRequest) -> User:
    """Who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return request.user  # type: ignore[return-value]


def see_other(address: str) -> HttpResponse:
    """To a page after something has been done."""
    response = redirect(address)
    response.status_code = 303
    return response
