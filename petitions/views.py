"""The citizen's pages: choose a kind, write, keep the receipt. No page with a form is cached, no text is logged."""

import logging
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from core.enums import PetitionKind
from core.idempotency import KeyReused
from core.uploads import SealingUploadHandler
from internal_bridge.exchange.public import NoRoom
from petitions.attachments import FIELD, BodyTooLarge, discard, receiving_attachments, refusal_status
from petitions.forms import PetitionForm
from petitions.presenters import kinds, present_receipt
from petitions.reply_presenters import newest_replies
from petitions.services import submit_petition
from petitions.throttling import count_submission, refusals_as_pages

logger = logging.getLogger(__name__)


class LandingView(TemplateView):
    """Choose a kind; what others were answered stands below."""

    template_name = "petitions/landing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=kinds(), replies=newest_replies(), **kwargs)


# Exempt from the middleware's check, which reads the body: the files would come in before anything could seal them.
@method_decorator([csrf_exempt, sensitive_post_parameters(), never_cache, refusals_as_pages], name="dispatch")
class NewPetitionView(View):
    """Write a petition; the receipt is the POST's own answer, so that no address ever holds it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("kind", "")
        # A unit that is none is no choice, so it preselects nothing.
        unit = request.GET.get("unit", "")
        form = PetitionForm(initial={"kind": kind if kind in PetitionKind.values else None, "unit_code": unit})
        return render(request, "petitions/new.html", {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        count_submission(request)
        try:
            with receiving_attachments(request) as uploads:
                return self._take(request, uploads)
        except BodyTooLarge:
            form = PetitionForm({})
            form.errors.clear()
            form.add_error(FIELD, _("The files are too large together. Nothing has been sent."))
            return render(request, "petitions/new.html", {"form": form}, status=413)
        except (DatabaseError, ImproperlyConfigured, NoRoom, OSError):
            # Never a false receipt: say plainly that nothing was stored, and how else to reach the city.
            logger.exception("a petition could not be stored")
            return render(request, "errors/unavailable.html", status=503)

    @method_decorator(csrf_protect)
    def _take(self, request: HttpRequest, uploads: SealingUploadHandler) -> HttpResponse:
        form = PetitionForm(request.POST, request.FILES, problems=uploads.problems)
        valid = form.is_valid()
        discard(attachment.digest for attachment in form.removed)
        if not valid:
            uploads.spare(attachment.digest for attachment in form.kept)
            return render(request, "petitions/new.html", {"form": form}, status=refusal_status(uploads.problems))
        kind = form.cleaned_data["kind"]
        try:
            receipt = submit_petition(
                kind=kind,
                data=form.submission(),
                key=form.cleaned_data["idempotency_key"],
                attachments=form.cleaned_data[FIELD],
            )
        except KeyReused:
            return render(request, "errors/conflict.html", status=409)
        follow = request.build_absolute_uri(reverse("petitions:follow"))
        shown = present_receipt(receipt, kind=kind, follow_address=follow)
        return render(request, "petitions/receipt.html", {"receipt": shown}, status=201)
