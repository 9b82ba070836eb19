"""Pages of whoever dispatches for the whole city, and of the system administrator: rules, a text to try them on, models."""

import dataclasses
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from internal_bridge.org.paging import page_of
from internal_bridge.org.views.acts import Act, Preview, run
from internal_bridge.org.views.answers import person_of, private, see_other
from internal_bridge.routing import services
from internal_bridge.routing.forms import RuleForm, TrialForm
from internal_bridge.routing.matching import Letter
from internal_bridge.routing.models import RoutingModel, RoutingRule
from internal_bridge.routing.permissions import can_edit_rules
from internal_bridge.routing.presenters import ModelRow, RuleRow, SuggestionRow, sections
from internal_bridge.routing.trials import try_rule

View = Callable[..., HttpResponseBase]
MODELS_SHOWN = 30


def for_editors(view: View) -> View:
    """403 for everybody else, before anything is looked up."""

    @wraps(view)
    @private
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_edit_rules(person_of(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_editors
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, by unit; ``?q=`` finds words, notes and units."""
    text = request.GET.get("q", "").strip()[:60]
    found = RoutingRule.objects.visible_to(person_of(request)).search(text).select_related("unit")
    page = page_of(request, found)
    context = {"sections": sections("rules"), "rows": [RuleRow.of(rule) for rule in page.rows], "page": page, "text": text}
    return render(request, "routing/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def try_text(request: HttpRequest) -> HttpResponse:
    """What is suggested for a text. By POST, so that no log keeps it."""
    form = TrialForm(request.POST) if request.method == "POST" else TrialForm()
    found: list[SuggestionRow] = []
    if form.is_bound and form.is_valid():
        found = SuggestionRow.rows(services.suggest_units(**form.cleaned_data))
    context = {"sections": sections("try"), "form": form, "suggestions": found}
    return render(request, "routing/try.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def new_rule(request: HttpRequest) -> HttpResponse:
    """A new rule."""

    def perform(data: dict[str, Any]) -> str:
        services.create_rule(by=person_of(request), **_fields(data))
        return reverse("routing:rules")

    doing = Act(
        name="create_routing_rule",
        title=_("New rule"),
        button=_("Save the rule"),
        back=reverse("routing:rules"),
        done=_("The rule counts from the next suggestion on."),
        perform=perform,
        crumbs=[(_("Suggested units"), reverse("routing:rules"))],
        preview=lambda data: _trial(data, None),
        template="routing/rule.html",
    )
    return run(request, doing, RuleForm, initial={"unit": request.GET.get("unit", "")[:32]})


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def rule(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A rule, to be read, tried and changed."""
    found = get_object_or_404(RoutingRule.objects.visible_to(person_of(request)).select_related("unit", "changed_by"), uid=uid)

    def perform(data: dict[str, Any]) -> str:
        version = data["version"] or 0
        services.change_rule(by=person_of(request), uid=uid, version=version, **_fields(data))
        return reverse("routing:rules")

    def present() -> dict[str, Any]:
        now = RuleForm.values_of(RoutingRule.objects.select_related("unit").get(uid=uid))
        # Several at once have no value that could be said below the field.
        return {name: value for name, value in now.items() if name != "kinds"}

    doing = Act(
        name="change_routing_rule",
        title=_("Rule %(label)s") % {"label": found.label},
        button=_("Save the rule"),
        back=reverse("routing:rules"),
        done=_("Saved. It counts from the next suggestion on."),
        perform=perform,
        crumbs=[(_("Suggested units"), reverse("routing:rules"))],
        preview=lambda data: _trial(data, found.pk),
        present=present,
        template="routing/rule.html",
    )
    return run(request, doing, RuleForm, initial={**RuleForm.values_of(found), "version": found.version})


@require_safe
@for_editors
def models(request: HttpRequest) -> HttpResponse:
    """The latest models with their figures."""
    rows = [ModelRow.of(model) for model in RoutingModel.objects.all()[:MODELS_SHOWN]]
    return render(request, "routing/models.html", {"sections": sections("models"), "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def activate_model(request: HttpRequest, number: int) -> HttpResponse:
    """Use this model from now on. Done twice it is done once."""
    get_object_or_404(RoutingModel, number=number)
    if request.method != "POST":
        return redirect("routing:models")
    model = services.activate_model(by=person_of(request), number=number)
    messages.success(request, _("Model %(model)s is asked from now on.") % {"model": model})
    return see_other(reverse("routing:models"))


def _fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in ("version", "sample", "idempotency_key")}


@dataclasses.dataclass(frozen=True)
class Trial(Preview):
    """What is suggested for a text as the rules stand, and with the rule as it is typed."""

    before: list[SuggestionRow] = dataclasses.field(default_factory=list)
    after: list[SuggestionRow] = dataclasses.field(default_factory=list)


def _trial(data: dict[str, Any], replaced: int | None) -> Trial:
    title, _end, body = data["sample"].partition("\n")
    kind = (data["kinds"] or ["complaint"])[0]
    draft = services.draft_rule(**_fields(data))
    before, after = try_rule(draft, Letter(kind, title, body), replaced=replaced)
    return Trial([], before=SuggestionRow.rows(before), after=SuggestionRow.rows(after))
