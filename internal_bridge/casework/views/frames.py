"""A form stands on a page of its own, or in a drawer over the page that it is about."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from internal_bridge.casework.models import Case
from internal_bridge.casework.views.access import person_of

PAGE, DRAWER = "base.html", "casework/drawer.html"


def in_drawer(request: HttpRequest) -> bool:
    """Whether a script asks for the form alone, to lay it over the page."""
    return request.headers.get("HX-Request") == "true"


def render_framed(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """``template`` extends ``frame``: the whole page, or what a drawer shows."""
    frame = DRAWER if in_drawer(request) else PAGE
    response = render(request, template, {**context, "frame": frame}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """On to ``url`` after something was done; a drawer is told where its page shall go."""
    if in_drawer(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = redirect(url)
    response.status_code = 303
    return response


def to_case(request: HttpRequest, number: str) -> HttpResponse:
    """To the case, or to the queue where the person has no more part in it."""
    if Case.objects.visible_to(person_of(request)).filter(number=number).exists():
        return go(request, f"{reverse('casework:detail', args=[number])}{_list_of(request)}#main")
    return go(request, reverse("casework:list"))


def _list_of(request: HttpRequest) -> str:
    """The list from which the page below the drawer was reached, so that it still leads on in it."""
    within = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query).get("in", "") if in_drawer(request) else ""
    return f"?{urlencode({'in': within})}" if within else ""
