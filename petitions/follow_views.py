"""Following a petition with number and code, and what can be asked for there. No page is cached, no text is logged.

Nothing remembers number and code: they come with each request and stand, hidden, in the page's buttons. So every page here is
the answer of a POST, and a form is opened by a POST without the idempotency key that sends it.
"""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from core.idempotency import KeyReused
from core.uploads import SealingUploadHandler
from internal_bridge.exchange.public import NoRoom
from petitions.attachments import FIELD, BodyTooLarge, discard, receiving_attachments, refusal_status
from petitions.download import own_file
from petitions.enums import Action
from petitions.forms import FollowForm, SupplementForm, WithdrawalForm
from petitions.presenters import present_petition
from petitions.services import NotAllowed, OpenedPetition, add_supplement, open_again, request_withdrawal
from petitions.throttling import count_own_file, count_submission, open_counted, refusals_as_pages

logger = logging.getLogger(__name__)

SENDS = "idempotency_key"
Asked = dict[str, str]


@method_decorator([sensitive_post_parameters(), never_cache, refusals_as_pages], name="dispatch")
class FollowView(View):
    """Ask for number and code; what they open is the POST's own answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "petitions/follow.html", {"form": FollowForm()})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = FollowForm(request.POST)
        if not form.is_valid():
            return render(request, "petitions/follow.html", {"form": form}, status=400)
        opened = open_counted(request, number=form.cleaned_data["number"], code=form.cleaned_data["code"])
        if opened is None:
            form.add_error(None, _("Number and receipt code do not belong together. Check both on your receipt."))
            return render(request, "petitions/follow.html", {"form": form}, status=404)
        return self.answer(request, opened, form.cleaned_data)

    def answer(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponseBase:
        """What number and code open; both stand in the page's buttons."""
        return petition_page(request, opened, asked)


def petition_page(
    request: HttpRequest,
    opened: OpenedPetition,
    asked: Asked,
    *,
    done: str | Promise = "",
    refused: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    """An opened petition; ``done`` or ``refused`` says what became of what was just asked for."""
    context = {"petition": present_petition(opened), "asked": asked, "done": done, "refused": refused}
    return render(request, "petitions/petition.html", context, status=status)


class OwnFileView(FollowView):
    """The petition and its attachments as a file, for the same number and code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("petitions:follow")

    def answer(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponseBase:
        count_own_file(request)
        return own_file(opened)


class RequestView(FollowView):
    """Something that the citizen asks of the office: its form, and what becomes of it."""

    action: Action

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("petitions:follow")

    def answer(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponseBase:
        try:
            return self.show_form(request, opened, asked) if SENDS not in request.POST else self.take(request, opened, asked)
        except NotAllowed:
            text = _("This is not possible any more: the petition has moved on meanwhile. Nothing has been sent.")
            return petition_page(request, open_again(opened), asked, refused=text, status=409)
        except KeyReused:
            return render(request, "errors/conflict.html", status=409)

    def check_allowed(self, opened: OpenedPetition) -> None:
        """Raises ``NotAllowed``."""
        if self.action not in opened.allowed:
            raise NotAllowed

    def show_form(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        raise NotImplementedError

    def take(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        raise NotImplementedError


# Exempt from the middleware's check, which reads the body: the files would come in before anything could seal them.
@method_decorator(csrf_exempt, name="dispatch")
class SupplementView(RequestView):
    """Add text and files, or answer a question of the office."""

    action = Action.SUPPLEMENT
    uploads: SealingUploadHandler

    def post(self, request: HttpRequest) -> HttpResponseBase:
        count_submission(request)
        try:
            with receiving_attachments(request) as self.uploads:
                return self._take(request)
        except BodyTooLarge:
            # Number and code are in the body, which nobody reads.
            form = FollowForm({})
            form.errors.clear()
            form.add_error(None, _("The files are too large together. Nothing has been sent."))
            return render(request, "petitions/follow.html", {"form": form}, status=413)
        except (DatabaseError, ImproperlyConfigured, NoRoom, OSError):
            logger.exception("a supplement could not be stored")
            return render(request, "errors/unavailable.html", status=503)

    @method_decorator(csrf_protect)
    def _take(self, request: HttpRequest) -> HttpResponseBase:
        return super().post(request)

    def show_form(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        self.check_allowed(opened)
        seq = request.POST.get("in_reply_to", "")
        question = next((one for one in opened.questions if str(one.seq) == seq), None)
        form = SupplementForm(initial={"in_reply_to": question.seq if question else None}, question=question)
        return self._form_page(request, form, opened, asked)

    def take(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        seq = request.POST.get("in_reply_to", "")
        # Also one that has been answered by now: a repeat must find its first answer.
        question = next((one for one in opened.messages if one.seq and str(one.seq) == seq), None)
        form = SupplementForm(request.POST, request.FILES, problems=self.uploads.problems, question=question)
        valid = form.is_valid()
        discard(attachment.digest for attachment in form.removed)
        if not valid:
            self.check_allowed(opened)
            self.uploads.spare(attachment.digest for attachment in form.kept)
            return self._form_page(request, form, opened, asked, status=refusal_status(self.uploads.problems))
        add_supplement(
            opened=opened,
            text=form.cleaned_data["text"],
            in_reply_to=question.seq if question else None,
            attachments=form.cleaned_data[FIELD],
            key=form.cleaned_data[SENDS],
        )
        done = _("Your answer has been sent.") if question else _("What you added has been sent.")
        return petition_page(request, open_again(opened), asked, done=done)

    def _form_page(
        self, request: HttpRequest, form: SupplementForm, opened: OpenedPetition, asked: Asked, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "question": form.question, "number": opened.petition.number, "asked": asked}
        return render(request, "petitions/supplement.html", context, status=status)


class WithdrawalView(RequestView):
    """Ask that the petition be handled no further, after saying what that means."""

    action = Action.WITHDRAWAL

    def show_form(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        self.check_allowed(opened)
        return self._form_page(request, WithdrawalForm(), opened, asked)

    def take(self, request: HttpRequest, opened: OpenedPetition, asked: Asked) -> HttpResponse:
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            self.check_allowed(opened)
            return self._form_page(request, form, opened, asked, status=400)
        request_withdrawal(opened=opened, reason=form.cleaned_data["reason"], key=form.cleaned_data[SENDS])
        done = _("Your request to withdraw has been sent. The office decides on it and tells you here.")
        return petition_page(request, open_again(opened), asked, done=done)

    def _form_page(
        self, request: HttpRequest, form: WithdrawalForm, opened: OpenedPetition, asked: Asked, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "number": opened.petition.number, "asked": asked}
        return render(request, "petitions/withdrawal.html", context, status=status)
