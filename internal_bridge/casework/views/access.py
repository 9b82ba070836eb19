"""What every page of cases begins with."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from core.models import User
from internal_bridge.casework.models import Case

# Letters of citizens stay in no cache, not even the browser's.
private = cache_control(private=True, no_store=True)


def person_of(request: HttpRequest) -> User:
    """Who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return request.user  # type: ignore[return-value]


def visible_case(request: HttpRequest, number: str) -> Case:
    """The case, or 404 for whoever may not know of it."""
    return get_object_or_404(Case.objects.visible_to(person_of(request)), number=number)
