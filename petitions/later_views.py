"""What can be asked for beyond the answer: a review of it, and that nothing be published."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from petitions.enums import Action
from petitions.follow_forms import ConsentForm, ReviewForm
from petitions.follow_views import Asked, RequestView, petition_page
from petitions.rules import review_until
from petitions.services import OpenedPetition, open_again, request_review, withdraw_consent


class LaterRequestView(RequestView):
    """A form of few fields, after what it means has been said."""

    form: type[forms.Form]
    template: str
    done: str | Promise

    def show_form(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        self.check_allowed(opened)
        return self._form_page(request, self.form(), opened, asked)

    def take(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            self.check_allowed(opened)
            return self._form_page(request, form, opened, asked, status=400)
        self.send(opened, form.cleaned_data)
        return petition_page(request, open_again(opened), asked, done=self.done)

    def send(self, opened: OpenedPetition, given: dict[str, Any]) -> None:
        raise NotImplementedError

    def _form_page(
        self, request: HttpRequest, form: forms.Form, opened: OpenedPetition, asked: Asked, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "number": opened.petition.number, "asked": asked, "until": review_until(opened.petition)}
        return render(request, self.template, context, status=status)


class ReviewView(LaterRequestView):
    """Ask for a review of the latest answer, while the law gives time for it."""

    action = Action.REVIEW_REQUEST
    form = ReviewForm
    template = "petitions/review.html"
    done = _("Your request for a review has been sent. The office answers it here.")

    def send(self, opened: OpenedPetition, given: dict[str, Any]) -> None:
        request_review(opened=opened, reason=given["reason"], key=given["idempotency_key"])


class ConsentView(LaterRequestView):
    """Take the consent to publication back."""

    action = Action.CONSENT_WITHDRAWAL
    form = ConsentForm
    template = "petitions/consent.html"
    done = _("You have taken your consent back. The office withdraws what was published.")

    def send(self, opened: OpenedPetition, given: dict[str, Any]) -> None:
        withdraw_consent(opened=opened, key=given["idempotency_key"])
