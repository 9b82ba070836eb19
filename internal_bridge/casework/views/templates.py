"""Templates of dispatch notes and replies: dispatchers keep those of every unit, heads those of their own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.enums import PetitionKind
from core.forms import IdempotencyField, LetterField
from core.idempotency import InvalidKey, KeyReused
from internal_bridge.casework.enums import TemplatePurpose
from internal_bridge.casework.models import ReplyTemplate
from internal_bridge.casework.presenters.fields import FieldRow, dress
from internal_bridge.casework.services import StaleVersion, can_keep_templates, keep_template, template_units
from internal_bridge.casework.views.access import person_of, private

REQUIRED = {"required": gettext_lazy("Fill this in.")}


class TemplateForm(forms.Form):
    purpose = forms.ChoiceField(label=gettext_lazy("Used for"), choices=TemplatePurpose.choices, widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of case"),
        choices=[("", gettext_lazy("Every kind")), *PetitionKind.choices],
        required=False,
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=60, error_messages=REQUIRED)
    text = LetterField(label=gettext_lazy("Text"), max_length=5_000, error_messages=REQUIRED)
    active = forms.BooleanField(label=gettext_lazy("Offered on the pages"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    idempotency_key = IdempotencyField()
    use_required_attribute = False

    def __init__(self, *arguments: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["unit"].required = "" not in dict(units)


@require_safe
@private
def template_list(request: HttpRequest) -> HttpResponse:
    """Those that the person may use, with a link to change what they keep."""
    person = person_of(request)
    if not can_keep_templates(person):
        raise PermissionDenied
    own = dict(template_units(person))
    rows = ReplyTemplate.objects.visible_to(person).select_related("unit")
    kept = {row.pk for row in rows if (row.unit.code if row.unit else "") in own}
    return render(request, "casework/templates.html", {"rows": rows, "kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new_template(request: HttpRequest) -> HttpResponse:
    """A new one."""
    return _form_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def change_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Another wording, or one that is no longer offered; 404 for what the person may not see, 403 for what they do not keep."""
    return _form_page(request, get_object_or_404(ReplyTemplate.objects.visible_to(person_of(request)), pk=template_id))


def _form_page(request: HttpRequest, template: ReplyTemplate | None) -> HttpResponse:
    person = person_of(request)
    if not can_keep_templates(person):
        raise PermissionDenied
    units = template_units(person)
    code = template.unit.code if template and template.unit else ""
    if template is not None and code not in dict(units):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, TemplateForm(units=units, initial=_initial(template, units)), template)
    form = TemplateForm(request.POST, units=units)
    if not form.is_valid():
        return _page(request, form, template, 400)
    data = dict(form.cleaned_data)
    key, version = data.pop("idempotency_key"), data.pop("version")
    try:
        keep_template(person=person, template_id=template.pk if template else None, version=version, key=key, **data)
    except (StaleVersion, InvalidKey, KeyReused):
        form.add_error(None, gettext("Somebody else has changed this meanwhile. What you typed is kept; send it again."))
        fresh = ReplyTemplate.objects.filter(pk=template.pk).first() if template else None
        form.data = request.POST.dict() | {"version": str(fresh.version if fresh else 0)}
        return _page(request, form, fresh, 409)
    messages.success(request, gettext("The template is kept."))
    response = redirect("casework:templates")
    response.status_code = 303
    return response


def _initial(template: ReplyTemplate | None, units: list[tuple[str, str]]) -> dict[str, Any]:
    if template is None:
        return {"purpose": TemplatePurpose.REPLY, "unit": units[0][0], "active": True, "version": 0}
    names = ("purpose", "kind", "title", "text", "active", "version")
    return {name: getattr(template, name) for name in names} | {"unit": template.unit.code if template.unit else ""}


def _page(request: HttpRequest, form: TemplateForm, template: ReplyTemplate | None, status: int = 200) -> HttpResponse:
    context = {"form": dress(form), "rows": FieldRow.rows(form), "template": template, "problem": "", "changes": []}
    return render(request, "casework/template.html", context, status=status)
