"""Write a petition: form, preview, receipt. No page with a form is cached, no text is logged, no address holds any of it."""

import logging

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

from core.enums import PetitionKind
from core.idempotency import KeyReused
from core.throttle import Limit, network_of, take
from core.uploads import SealingUploadHandler
from internal_bridge.exchange.public import NoRoom
from petitions import phone_codes, robots
from petitions.attachments import FIELD, BodyTooLarge, discard, receiving_attachments, refusal_status
from petitions.petition_form import PetitionForm
from petitions.services import submit_petition
from petitions.similar import similar_replies
from petitions.submission_presenters import present_receipt, present_written
from petitions.throttling import count_submission, refusals_as_pages

logger = logging.getLogger(__name__)

FORM, PREVIEW, RECEIPT = "petitions/new.html", "petitions/preview.html", "petitions/receipt.html"
# What a button of the form asks for, besides sending it.
LOOK_OVER, CHANGE, FIND, COMPARE = "preview", "edit", "find", "similar"
# Comparing reads through the published replies.
COMPARISONS = Limit("similar replies", 30, 60)


# Exempt from the middleware's check, which reads the body: the files would come in before anything could seal them.
@method_decorator([csrf_exempt, sensitive_post_parameters(), never_cache, refusals_as_pages], name="dispatch")
class NewPetitionView(View):
    """Write a petition; the receipt is the POST's own answer, so that no address ever holds it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("kind", "")
        # A unit that is none is no choice, so it preselects nothing.
        unit = request.GET.get("unit", "")
        form = PetitionForm(initial={"kind": kind if kind in PetitionKind.values else None, "unit_code": unit})
        return render(request, FORM, {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        count_submission(request)
        try:
            with receiving_attachments(request) as uploads:
                return self._take(request, uploads)
        except BodyTooLarge:
            form = PetitionForm({})
            form.errors.clear()
            form.add_error(FIELD, _("The files are too large together. Nothing has been sent."))
            return render(request, FORM, {"form": form}, status=413)
        except (DatabaseError, ImproperlyConfigured, NoRoom, OSError):
            # Never a false receipt: say plainly that nothing was stored, and how else to reach the city.
            logger.exception("a petition could not be stored")
            return render(request, "errors/unavailable.html", status=503)

    @method_decorator(csrf_protect)
    def _take(self, request: HttpRequest, uploads: SealingUploadHandler) -> HttpResponse:
        form = PetitionForm(request.POST, request.FILES, problems=uploads.problems)
        step, valid = request.POST.get("step", ""), form.is_valid()
        discard(attachment.digest for attachment in form.removed)
        shown_again = self._before_sending(request, form, step, valid=valid, refusal=refusal_status(uploads.problems))
        if shown_again is not None:
            # What has arrived need not be sent again.
            uploads.spare(attachment.digest for attachment in form.kept)
            return shown_again
        return self._send(request, form)

    def _before_sending(
        self, request: HttpRequest, form: PetitionForm, step: str, *, valid: bool, refusal: int
    ) -> HttpResponse | None:
        """The page that comes before anything is sent; None when it can be sent now."""
        if step in {CHANGE, FIND, COMPARE}:
            return self._go_on(request, form, step)
        if not valid:
            return render(request, FORM, {"form": form}, status=refusal)
        if step == LOOK_OVER:
            return render(request, PREVIEW, {"form": form, "written": present_written(form.cleaned_data)})
        if not (self._is_a_person(request, form) and self._has_the_phone(request, form)):
            return render(request, FORM, {"form": form}, status=400)
        return None

    def _go_on(self, request: HttpRequest, form: PetitionForm, step: str) -> HttpResponse:
        """The form as it was typed, with what was asked for. What is missing is not missed yet, but files say what they are."""
        wrong_files = form.errors.get(FIELD)
        form.errors.clear()
        if wrong_files:
            form.errors[FIELD] = wrong_files
        similar = None
        if step == COMPARE:
            take(network_of(request), COMPARISONS)
            similar = similar_replies(request.POST.get("title", ""), request.POST.get("body", ""))
        return render(request, FORM, {"form": form, "similar": similar, "step": step})

    def _is_a_person(self, request: HttpRequest, form: PetitionForm) -> bool:
        data, key = form.cleaned_data, form.cleaned_data["idempotency_key"]
        if (token := request.POST.get("sum", "")) and robots.is_answered(token, data["answer"], key=key):
            return True
        if not token and not robots.is_suspected(request, trap=data["website"], opened=data["opened"]):
            return True
        form.ask_sum()
        return False

    def _has_the_phone(self, request: HttpRequest, form: PetitionForm) -> bool:
        """Whether the phone number is confirmed, where a city wants that; else the code has been sent and is asked for."""
        phone, key = form.cleaned_data["phone"], form.cleaned_data["idempotency_key"]
        if not phone_codes.is_wanted(phone):
            return True
        form.phone_token = request.POST.get("phone_token", "")
        code = form.cleaned_data["phone_code"]
        if form.phone_token and code:
            if phone_codes.is_right(request, token=form.phone_token, code=code, phone=phone, key=key):
                return True
            form.add_error(
                "phone_code", _("This is not the code, or it is older than 10 minutes. Leave it empty for a new one.")
            )
            return False
        form.phone_token = phone_codes.send_code(request, phone=phone, key=key)
        form.add_error("phone_code", _("We have sent a code to your phone. Enter it here, and send the form again."))
        return False

    def _send(self, request: HttpRequest, form: PetitionForm) -> HttpResponse:
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
        return render(request, RECEIPT, {"receipt": shown, "written": present_written(form.cleaned_data)}, status=201)


@method_decorator([sensitive_post_parameters(), never_cache, refusals_as_pages], name="dispatch")
class SimilarRepliesView(View):
    """What resembles the letter that is being written, for the form's script: by POST, so that no log has the words."""

    def post(self, request: HttpRequest) -> HttpResponse:
        take(network_of(request), COMPARISONS)
        similar = similar_replies(request.POST.get("title", ""), request.POST.get("body", ""))
        return render(request, "petitions/includes/similar.html", {"similar": similar})
