"""Take down what somebody says on the phone or at the counter."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from core.forms import IdempotencyField
from core.idempotency import KeyReused
from internal_bridge.casework.enums import CaseChannel
from internal_bridge.casework.intake_forms import IntakeForm
from internal_bridge.casework.permissions import can_intake_case
from internal_bridge.casework.presenters.intake import present_receipt
from internal_bridge.casework.services import InvalidFields, intake_case
from internal_bridge.casework.views.access import person_of, private


class IntakePage(IntakeForm):
    """The form as a page sends it."""

    idempotency_key = IdempotencyField()


@method_decorator([private, sensitive_post_parameters()], name="dispatch")
class NewCaseView(View):
    """The form; the receipt is the POST's own answer, so that no address ever holds it."""

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> Any:
        if not can_intake_case(person_of(request)):
            raise PermissionDenied
        return super().dispatch(request, *arguments, **options)

    def get(self, request: HttpRequest) -> HttpResponse:
        channel = request.GET.get("channel", "")
        return self._page(request, IntakePage(initial={"channel": channel if channel in CaseChannel.values else None}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = IntakePage(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=400)
        try:
            receipt = intake_case(
                person=person_of(request), fields=request.POST.dict(), key=form.cleaned_data["idempotency_key"]
            )
        except KeyReused:
            fresh = request.POST.copy()
            fresh["idempotency_key"] = IntakePage()["idempotency_key"].value()
            problem = _(
                "Not registered again: this form has been sent before, with other words. "
                "If this is another matter, send it once more."
            )
            return self._page(request, IntakePage(fresh), problem=problem, status=409)
        except InvalidFields as invalid:
            for field, errors in invalid.errors.items():
                form.add_error(field if field in form.fields else None, errors)
            return self._page(request, form, status=400)
        shown = present_receipt(receipt, person=person_of(request), portal=settings.PORTAL_URL)
        return render(request, "casework/receipt.html", {"receipt": shown}, status=201)

    @staticmethod
    def _page(request: HttpRequest, form: IntakePage, *, problem: str = "", status: int = 200) -> HttpResponse:
        return render(request, "casework/new.html", {"form": form, "problem": problem}, status=status)
