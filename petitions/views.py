"""What may be read before anything is written: the landing page, the privacy notice, the words to find a unit by."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.generic import TemplateView

from petitions.figures import landing_figures
from petitions.models import Unit
from petitions.privacy import NOTICES, notice
from petitions.promises import present_promises
from petitions.reply_presenters import newest_replies
from petitions.submission_presenters import kinds


class LandingView(TemplateView):
    """Choose a kind; limits, figures and what others were answered stand below."""

    template_name = "petitions/landing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"kinds": kinds(), "promises": present_promises(), "figures": landing_figures(), "replies": newest_replies()}
        return super().get_context_data(**shown, **kwargs)


class PrivacyView(View):
    """The privacy notice: the one in force, or an earlier one by its version."""

    def get(self, request: HttpRequest, version: str = "") -> HttpResponse:
        shown = notice(version)
        if shown is None:
            raise Http404
        others = [one for one in NOTICES if one != shown]
        return render(request, "petitions/privacy.html", {"notice": shown, "current": NOTICES[0], "others": others})


@method_decorator(cache_control(public=True, max_age=600), name="dispatch")
class UnitWordsView(View):
    """By what words each unit that takes petitions is found: asked for once by the form's script, which then looks by itself.

    So no address ever tells whom somebody looks for.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        units = Unit.objects.taking_petitions().values_list("code", "search_words", "duties")
        return JsonResponse({code: f"{words} {duties}".casefold() for code, words, duties in units})
