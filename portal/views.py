"""Pages that no editor writes: the city's directory, as the office keeps it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from petitions.models import Unit
from portal.models import ArticlePage
from portal.unit_presenters import present_unit, present_units


@never_cache
def cms_login(request: HttpRequest) -> HttpResponse:
    """Where the CMS sends whoever may not enter: to the one login.

    Whoever is logged in already has another right than the CMS, as operators of the bridge do: the login would send them back
    here, round in a circle, so they get to their own account.
    """
    if request.user.is_authenticated:
        return redirect("account_sessions")
    query = request.META["QUERY_STRING"]
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))


class UnitListView(TemplateView):
    """All open units by kind; with ``q`` those that match, and closed ones beside them."""

    template_name = "portal/units.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **present_units(Unit.objects.all(), asked=self.request.GET.get("q", "")))


class UnitView(View):
    """One unit. A closed one is still answered with 200: its page is the record of it and of who follows it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        unit = get_object_or_404(Unit.objects.prefetch_related("former_names"), code=code)
        articles = ArticlePage.objects.live().filter(unit=unit)
        return render(request, "portal/unit.html", {"unit": unit} | present_unit(unit, articles=articles))
