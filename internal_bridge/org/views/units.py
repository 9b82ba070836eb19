"""The page of a unit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from internal_bridge.org.models import Unit
from internal_bridge.org.presenters.units import unit_page
from internal_bridge.org.views.answers import person_of, private


@require_safe
@private
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit, also one that is closed: names, duties, place in the tree, heads, and its course."""
    viewer = person_of(request)
    found = get_object_or_404(Unit.objects.visible_to(viewer), code=code)
    return render(request, "org/unit.html", unit_page(found, viewer))
