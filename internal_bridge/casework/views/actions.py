"""Any action of the table, as a page of its own that works without JavaScript; a drawer shows the same form."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.enums import Action
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.models import Case
from internal_bridge.casework.presenters.changes import changes_since
from internal_bridge.casework.presenters.fields import FieldRow
from internal_bridge.casework.presenters.shaping import offered_units, shaped
from internal_bridge.casework.presenters.turn import OfferRow
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
from internal_bridge.casework.views.forms import HiddenFields
from internal_bridge.casework.views.frames import render_framed, to_case

# Publishing wants each place confirmed: it goes by its own page, which takes no short cut.
ELSEWHERE = {Action.PUBLISH: "casework:check"}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_action(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of an action, and its sending. Refusals in the order 404, 403, 409, 400; whatever was typed is kept."""
    if action not in Action.values:
        raise Http404
    case, chosen = visible_case(request, number), Action(action)
    if chosen in ELSEWHERE:
        return redirect(ELSEWHERE[chosen], number)
    if request.method != "POST":
        return _form_page(request, case, chosen, action_form(chosen, case), HiddenFields.of(case))
    hidden = HiddenFields(request.POST)
    if not hidden.is_valid():
        return _again(request, case, chosen, _("Not sent: the form was incomplete. Your text is kept; send it again."), 400)
    outcome = attempt(request, number, chosen, hidden, typed_fields(chosen, request))
    if isinstance(outcome, Case):
        messages.success(request, _("Done: %(action)s.") % {"action": chosen.label})
        return to_case(request, number)
    if isinstance(outcome, InvalidFields):
        form = with_errors(action_form(chosen, case, request.POST), outcome)
        return _form_page(request, case, chosen, form, HiddenFields.of(case), status=400)
    fresh, seen = visible_case(request, number), hidden.cleaned_data["seen"]
    return _again(request, fresh, chosen, outcome, 409, changes=changes_since(fresh, seen))


def attempt(
    request: HttpRequest, number: str, action: Action, hidden: HiddenFields, fields: dict[str, Any]
) -> Case | InvalidFields | str:
    """Do it: the case as it is then, what is wrong with the input, or why it was refused, in words.

    Raises ``PermissionDenied``, and ``Http404`` for what the person may not know of.
    """
    data = hidden.cleaned_data
    try:
        return perform_action(
            person=person_of(request), number=number, action=action, version=data["version"], fields=fields,
            key=data["idempotency_key"],
        )  # fmt: skip
    except Case.DoesNotExist as error:
        raise Http404 from error
    except (StaleVersion, WrongState, KeyReused, InvalidKey):
        return _("Not done: the case has changed since you opened it. Read it again; what you wrote is kept.")
    except Refused as refused:
        return str(WORDS[refused.code]) % refused.params
    except InvalidFields as invalid:
        return invalid


def with_errors(form: Any, invalid: InvalidFields) -> Any:
    """A bound form with what the action found wrong."""
    form.is_valid()
    for field, errors in invalid.errors.items():
        if not form.errors.get(field):
            form.add_error(field if field in form.fields else None, errors)
    return form


def typed_fields(action: Action, request: HttpRequest) -> dict[str, Any]:
    """The action's fields as a form sent them; several values stay a list."""
    fields = action_form(action, None).fields
    return {name: field.widget.value_from_datadict(request.POST, request.FILES, name) for name, field in fields.items()}


def offer_of(request: HttpRequest, case: Case, action: Action) -> OfferRow | None:
    """The action as it is offered to the person now."""
    offer = next((offer for offer in offers(case, person_of(request)) if offer.action == action), None)
    return OfferRow.of(offer, case) if offer else None


def _again(
    request: HttpRequest, case: Case, action: Action, problem: str, status: int, *, changes: list[str] | None = None
) -> HttpResponse:
    form = action_form(action, case, request.POST)
    return _form_page(request, case, action, form, HiddenFields.of(case), problem=problem, status=status, changes=changes)


def _form_page(
    request: HttpRequest,
    case: Case,
    action: Action,
    form: forms.Form,
    hidden: HiddenFields,
    *,
    problem: str = "",
    status: int = 200,
    changes: list[str] | None = None,
) -> HttpResponse:
    offer = offer_of(request, case, action)
    if offer is None and not problem:
        raise PermissionDenied
    form, left_out = shaped(form, action, case, person_of(request))
    context = {
        "case": case,
        "action": action,
        "form": form,
        "rows": FieldRow.rows(form, leave_out=left_out),
        "hidden": hidden,
        "problem": problem,
        "changes": changes or [],
        "offer": offer,
        "offered_units": offered_units() if "unit_code" in form.fields else [],
    }
    return render_framed(request, "casework/action.html", context, status)
