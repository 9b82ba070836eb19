"""Any action of the table, as a page of its own that works without JavaScript; drawers show the same form."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import IdempotencyField
from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.enums import Action
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.models import Case
from internal_bridge.casework.presenters.case import OfferRow
from internal_bridge.casework.services import (
    InvalidFields,
    Refused,
    StaleVersion,
    WrongState,
    action_form,
    offers,
    perform_action,
)
from internal_bridge.casework.views.access import person_of, private, visible_case


class HiddenFields(forms.Form):
    """What every form of an action carries."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    idempotency_key = IdempotencyField()


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_action(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of an action, and its sending. Refusals in the order 404, 403, 409, 400; whatever was typed is kept."""
    if action not in Action.values:
        raise Http404
    case, chosen = visible_case(request, number), Action(action)
    if request.method != "POST":
        return _form_page(request, case, chosen, action_form(chosen, case), HiddenFields(initial={"version": case.version}))
    hidden = HiddenFields(request.POST)
    if not hidden.is_valid():
        return _again(request, case, chosen, _("Not sent: the form was incomplete. Your text is kept; send it again."), 400)
    try:
        perform_action(
            person=person_of(request),
            number=number,
            action=chosen,
            version=hidden.cleaned_data["version"],
            fields=typed_fields(chosen, request),
            key=hidden.cleaned_data["idempotency_key"],
        )
    except (StaleVersion, WrongState, KeyReused, InvalidKey):
        fresh = visible_case(request, number)
        words = _("Not done: the case has changed since you opened it. Read it again; what you wrote is kept.")
        return _again(request, fresh, chosen, words, 409)
    except Refused as refused:
        return _again(request, visible_case(request, number), chosen, str(WORDS[refused.code]) % refused.params, 409)
    except InvalidFields as invalid:
        form = action_form(chosen, case, request.POST)
        form.is_valid()
        for field, errors in invalid.errors.items():
            if not form.errors.get(field):
                form.add_error(field if field in form.fields else None, errors)
        return _form_page(request, case, chosen, form, _fresh(case), status=400)
    messages.success(request, _("Done: %(action)s.") % {"action": chosen.label})
    return _back(request, number)


def typed_fields(action: Action, request: HttpRequest) -> dict[str, Any]:
    """The action's fields as a form sent them; several values stay a list."""
    typed: dict[str, Any] = {}
    for name, field in action_form(action, None).fields.items():
        value = field.widget.value_from_datadict(request.POST, request.FILES, name)
        typed[name] = value
    return typed


def _back(request: HttpRequest, number: str) -> HttpResponse:
    """To the case, or to the queue where the person has no more part in it."""
    if Case.objects.visible_to(person_of(request)).filter(number=number).exists():
        response = redirect(reverse("casework:detail", args=[number]) + "#main")
    else:
        response = redirect("casework:list")
    response.status_code = 303
    return response


def _again(request: HttpRequest, case: Case, action: Action, problem: str, status: int) -> HttpResponse:
    return _form_page(
        request, case, action, action_form(action, case, request.POST), _fresh(case), problem=problem, status=status
    )


def _fresh(case: Case) -> HiddenFields:
    return HiddenFields(initial={"version": case.version})


def _form_page(
    request: HttpRequest,
    case: Case,
    action: Action,
    form: forms.Form,
    hidden: HiddenFields,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    offer = next((offer for offer in offers(case, person_of(request)) if offer.action == action), None)
    if offer is None and not problem:
        raise PermissionDenied
    context = {
        "case": case,
        "action": action,
        "form": form,
        "hidden": hidden,
        "problem": problem,
        "offer": OfferRow.of(offer, case) if offer else None,
    }
    return render(request, "casework/action.html", context, status=status)
