"""回避: who is kept out of a case, for its dispatchers: add a unit or a person, name the person meant, lift."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.models import Case, CaseExclusion
from internal_bridge.casework.permissions import is_dispatcher_of_case
from internal_bridge.casework.presenters.changes import changes_since
from internal_bridge.casework.presenters.exclusions import candidates, exclusion_rows, lifted_rows
from internal_bridge.casework.presenters.fields import dress
from internal_bridge.casework.services import InvalidFields, Refused, StaleVersion, add_exclusion, lift_exclusion
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.forms import HiddenFields
from internal_bridge.casework.views.frames import go, render_framed

REQUIRED = {"required": gettext_lazy("Give a reason.")}


class ExclusionForm(forms.Form):
    """``target`` is ``unit:CODE`` or ``person:UID``, or ``lift:ID`` and ``only:ID:UID`` for one that stands."""

    find = forms.CharField(max_length=60, required=False)
    target = forms.CharField(max_length=80, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        min_length=2,
        error_messages=REQUIRED | {"min_length": REQUIRED["required"]},
    )
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@private
def case_exclusions(request: HttpRequest, number: str) -> HttpResponse:
    """The list, a search (``do=find``), and what is decided."""
    case, person = visible_case(request, number), person_of(request)
    if not is_dispatcher_of_case(person, case):
        raise PermissionDenied
    if request.method != "POST" or request.POST.get("do") == "find":
        initial = {name: request.POST.get(name, "") for name in ("find", "reason")}
        return _page(request, case, ExclusionForm(initial=initial), find=initial["find"])
    form, hidden = ExclusionForm(request.POST), HiddenFields(request.POST)
    find = request.POST.get("find", "")
    if not form.is_valid() or not hidden.is_valid():
        return _page(request, case, form, find=find, status=400)
    try:
        done = _decide(request, number, form.cleaned_data, hidden.cleaned_data)
    except (Case.DoesNotExist, CaseExclusion.DoesNotExist) as error:
        raise Http404 from error
    except (StaleVersion, InvalidKey, KeyReused):
        words = gettext("Not done: the case has changed since you opened it. Look again; what you wrote is kept.")
        fresh = visible_case(request, number)
        changes = changes_since(fresh, hidden.cleaned_data["seen"])
        return _page(request, fresh, form, find=find, problem=words, changes=changes, status=409)
    except Refused as refused:
        return _page(request, case, form, find=find, problem=str(WORDS[refused.code]) % refused.params, status=409)
    except InvalidFields as invalid:
        for errors in invalid.errors.values():
            form.add_error("reason", errors)
        return _page(request, case, form, find=find, status=400)
    messages.success(request, done)
    # Whoever keeps themselves out does not come back here.
    if Case.objects.visible_to(person).filter(number=number).exists():
        return go(request, reverse("casework:detail", args=[number]) + "#act")
    return go(request, reverse("casework:list"))


def _decide(request: HttpRequest, number: str, data: dict[str, Any], hidden: dict[str, Any]) -> str:
    """Carry it out; what was done, in words. Raises what the services raise."""
    verb, _colon, value = data["target"].partition(":")
    common: dict[str, Any] = {
        "person": person_of(request),
        "number": number,
        "version": hidden["version"],
        "reason": data["reason"],
        "key": hidden["idempotency_key"],
    }
    if verb == "unit":
        add_exclusion(**common, unit_code=value)
        return gettext("The unit is kept out of the case.")
    if verb == "person":
        add_exclusion(**common, staff_uid=_uid(value))
        return gettext("The person is kept out of the case.")
    if verb == "lift":
        lift_exclusion(**common, exclusion_id=_id(value))
        return gettext("Lifted.")
    if verb == "only":
        exclusion, _colon, uid = value.partition(":")
        lift_exclusion(**common, exclusion_id=_id(exclusion), staff_uid=_uid(uid))
        return gettext("Only the person meant is kept out now.")
    raise InvalidFields({"target": [gettext("Choose a unit or a person.")]})


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise InvalidFields({"target": [gettext("Choose a unit or a person.")]}) from error


def _id(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _page(
    request: HttpRequest,
    case: Case,
    form: ExclusionForm,
    *,
    find: str = "",
    problem: str = "",
    changes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "form": dress(form),
        "hidden": HiddenFields.of(case),
        "rows": exclusion_rows(case),
        "lifted": lifted_rows(case),
        "find": find,
        "candidates": candidates(find),
        "problem": problem,
        "changes": changes or [],
    }
    return render_framed(request, "casework/exclusions.html", context, status)
