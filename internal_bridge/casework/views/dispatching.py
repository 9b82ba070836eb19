"""转办: the lead unit, assisting units, what each date becomes, and a note to the units. Works without JavaScript."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internal_bridge.casework.enums import Action, TemplatePurpose
from internal_bridge.casework.models import Case, ReplyTemplate
from internal_bridge.casework.presenters.changes import changes_since
from internal_bridge.casework.presenters.dispatching import UnitChoice, choices, dates
from internal_bridge.casework.presenters.fields import dress
from internal_bridge.casework.presenters.head import kind_words, today_here
from internal_bridge.casework.services import InvalidFields, action_form
from internal_bridge.casework.views.access import person_of, private, visible_case
from internal_bridge.casework.views.actions import attempt, offer_of, with_errors
from internal_bridge.casework.views.forms import HiddenFields
from internal_bridge.casework.views.frames import render_framed, to_case

MOST_TYPED = 60


@require_http_methods(["GET", "HEAD", "POST"])
@private
def dispatch_case(request: HttpRequest, number: str) -> HttpResponse:
    """The page, each of its small steps (``do``: find, add:CODE, drop:CODE, template), and the dispatch itself."""
    case = visible_case(request, number)
    if request.method != "POST":
        return _page(request, case, _typed({}, case))
    typed, do = _typed(request.POST, case), request.POST.get("do", "dispatch")
    if do != "dispatch":
        return _page(request, case, _step(request, case, typed, do))
    hidden = HiddenFields(request.POST)
    if not hidden.is_valid():
        return _page(request, case, typed, problem=_("Not sent: the form was incomplete. Send it again."), status=400)
    fields = {"lead_unit": typed["lead"], "assisting_units": typed["assisting"], "note": typed["note"]}
    outcome = attempt(request, number, Action.DISPATCH, hidden, fields)
    if isinstance(outcome, Case):
        lead = outcome.lead_unit.short_name if outcome.lead_unit else ""
        messages.success(request, _("Dispatched to %(unit)s; the limits run.") % {"unit": lead})
        return to_case(request, number)
    if isinstance(outcome, InvalidFields):
        form = with_errors(action_form(Action.DISPATCH, case, fields), outcome)
        return _page(request, case, typed, form=form, status=400)
    fresh = visible_case(request, number)
    changes = changes_since(fresh, hidden.cleaned_data["seen"])
    return _page(request, fresh, typed, problem=outcome, changes=changes, status=409)


def _typed(data: Any, case: Case) -> dict[str, Any]:
    """What has been chosen and written so far."""
    several = data.getlist("assisting_units") if hasattr(data, "getlist") else []
    return {
        "lead": data.get("lead_unit", ""),
        "assisting": list(dict.fromkeys(code for code in several if code)),
        "find": data.get("find", "").strip()[:MOST_TYPED],
        "note": data.get("note", ""),
    }


def _step(request: HttpRequest, case: Case, typed: dict[str, Any], do: str) -> dict[str, Any]:
    """One small step of filling in; what is not known changes nothing."""
    verb, _colon, value = do.partition(":")
    if verb == "add" and value and value != typed["lead"]:
        typed["assisting"] = list(dict.fromkeys([*typed["assisting"], value]))
    elif verb == "drop":
        typed["assisting"] = [code for code in typed["assisting"] if code != value]
    elif verb == "template":
        chosen = _templates(request, case).filter(pk=_number(request.POST.get("template", ""))).first()
        if chosen is not None:
            typed["note"] = "\n".join(part for part in (typed["note"].strip(), chosen.text) if part)
    return typed


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0


def _templates(request: HttpRequest, case: Case) -> Any:
    rows = ReplyTemplate.objects.visible_to(person_of(request))
    return rows.offered_for(purpose=TemplatePurpose.DISPATCH, kind=case.kind)


def _page(
    request: HttpRequest,
    case: Case,
    typed: dict[str, Any],
    *,
    form: Any = None,
    problem: str = "",
    changes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    offer = offer_of(request, case, Action.DISPATCH)
    if offer is None and not problem:
        raise PermissionDenied
    today = today_here()
    rows = choices(case, person_of(request), find=typed["find"], chosen=[typed["lead"], *typed["assisting"]])
    names = {row.code: row for row in rows}
    if not typed["lead"]:
        typed["lead"] = next((row.code for row in rows if row.match and not row.refused), "")
    unknown = [UnitChoice(code, code, "", [], 0) for code in typed["assisting"] if code not in names]
    context = {
        "case": case,
        "form": dress(form) if form else None,
        "hidden": HiddenFields.of(case),
        "typed": typed,
        "choices": rows,
        "helpers": [names[code] for code in typed["assisting"] if code in names] + unknown,
        "dates": dates(case, today, assisted=bool(typed["assisting"])),
        "kind": kind_words(case),
        "returned": case.assignments.exclude(done_at=None).exists(),
        "templates": _templates(request, case),
        "problem": problem,
        "changes": changes or [],
    }
    return render_framed(request, "casework/dispatch.html", context, status)
