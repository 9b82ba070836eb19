"""Rating an answer: on the follow page, and by the link that came with the answer.

The link's page shows nothing of the petition, not even its number: whoever finds the link learns nothing from it.
"""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from core.idempotency import KeyReused
from internal_bridge.exchange.public import NoRoom
from petitions.enums import Action
from petitions.follow_forms import RatingForm
from petitions.follow_views import Asked, RequestView, petition_page
from petitions.models import RatingOffer
from petitions.services import (
    NoSuchOffer,
    NotAllowed,
    OpenedPetition,
    find_offer,
    is_open,
    open_again,
    rate_answer,
    rate_by_link,
)
from petitions.throttling import count_submission, refusals_as_pages

logger = logging.getLogger(__name__)


class RatingView(RequestView):
    """Rate the latest answer, with number and code."""

    action = Action.RATING

    def show_form(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        self.check_allowed(opened)
        return self._form_page(request, RatingForm(initial={"score": request.POST.get("score")}), opened, asked)

    def take(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        form = RatingForm(request.POST)
        if not form.is_valid():
            self.check_allowed(opened)
            return self._form_page(request, form, opened, asked, status=400)
        if form.wants_why:
            self.check_allowed(opened)
            return self._form_page(request, form.asking_why(), opened, asked)
        given = form.cleaned_data
        rate_answer(opened=opened, score=given["score"], comment=given["comment"], key=given["idempotency_key"])
        return petition_page(request, open_again(opened), asked, done=_("Your rating has been sent. Thank you."))

    def _form_page(
        self, request: HttpRequest, form: RatingForm, opened: OpenedPetition, asked: Asked, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "number": opened.petition.number, "asked": asked}
        return render(request, "petitions/rating.html", context, status=status)


@method_decorator([sensitive_post_parameters(), never_cache, refusals_as_pages], name="dispatch")
class RatingByLinkView(View):
    """The form of a link (GET rates nothing: mail programs look at links before people do), and what becomes of it."""

    def dispatch(self, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except NoSuchOffer as error:
            raise Http404 from error
        # The address is a secret: no other site is told of it.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._form_page(request, RatingForm()) if is_open(find_offer(token)) else self._over(request, find_offer(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        count_submission(request)
        offer, form = find_offer(token), RatingForm(request.POST)
        if not form.is_valid() or form.wants_why:
            if not is_open(offer):
                return self._over(request, offer)
            if form.errors:
                return self._form_page(request, form, status=400)
            return self._form_page(request, form.asking_why())
        given = form.cleaned_data
        try:
            rate_by_link(token=token, score=given["score"], comment=given["comment"], key=given["idempotency_key"])
        except NotAllowed:
            return self._over(request, find_offer(token))
        except KeyReused:
            return render(request, "errors/conflict.html", status=409)
        except (DatabaseError, ImproperlyConfigured, NoRoom, OSError):
            logger.exception("a rating could not be stored")
            return render(request, "errors/unavailable.html", status=503)
        return render(request, "petitions/rating_done.html", {"done": True})

    def _over(self, request: HttpRequest, offer: RatingOffer) -> HttpResponse:
        return render(request, "petitions/rating_done.html", {"rated": offer.rated_at is not None}, status=409)

    def _form_page(self, request: HttpRequest, form: RatingForm, status: int = 200) -> HttpResponse:
        return render(request, "petitions/rating.html", {"form": form}, status=status)
