"""The rules in force, for everybody who works here; policies and their versions, for the system administrator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.workdays import local_date
from internal_bridge.org.views.acts import administrators_only
from internal_bridge.org.views.answers import person_of, private
from internal_bridge.policies.forms import DayForm
from internal_bridge.policies.models import Policy
from internal_bridge.policies.permissions import can_edit_policies
from internal_bridge.policies.presenters.tables import panels, policy_tables, sections, state_words
from internal_bridge.policies.registry import open_cases
from internal_bridge.policies.views.shared import version_of


@require_safe
@private
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule of every policy that holds on a day, today unless ``?on=`` names another, with the tests that prove it."""
    person = person_of(request)
    form = DayForm({"on": request.GET.get("on") or local_date(timezone.now())})
    found = Policy.objects.on(form.day).order_by("pk").prefetch_related("figures")
    context = {
        "sections": sections(person, "rules"),
        "form": form,
        "day": form.day,
        "panels": panels(found, proofs=True, confirm=can_edit_policies(person)),
    }
    return render(request, "policies/rules.html", context, status=400 if form.errors else 200)


@require_safe
@administrators_only
def policies(request: HttpRequest) -> HttpResponse:
    """All policies with their versions, when each holds, and how many open cases run under it."""
    tables = policy_tables(local_date(timezone.now()))
    return render(request, "policies/list.html", {"sections": sections(person_of(request), "list"), "tables": tables})


@require_safe
@administrators_only
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version with its lines; those of a draft lead to where they are changed."""
    policy = version_of(request, code, number)
    state, look = state_words(policy, local_date(timezone.now()))
    [panel] = panels([policy], change=True, confirm=True)
    drafts = Policy.objects.filter(code=code, valid_from=None)
    context = {
        "panel": panel,
        "policy": policy,
        "state": state,
        "look": look,
        "cases": open_cases([policy.pk])[policy.pk],
        "draft": drafts.first(),
    }
    return render(request, "policies/version.html", context)
