"""What all forms of the administration have: looks, units to choose from, and that a second click does nothing twice."""

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import IdempotencyField
from internal_bridge.org.enums import UnitKind
from internal_bridge.org.models import Unit

LOOKS = {"select": "form-select", "checkbox": "", "hidden": ""}


class ActForm(forms.Form):
    """A form that does one thing."""

    use_required_attribute = False

    idempotency_key = IdempotencyField()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            kind = getattr(field.widget, "input_type", "")
            if look := LOOKS.get(kind, "form-control"):
                field.widget.attrs.setdefault("class", look)

    @property
    def typed(self) -> dict[str, Any]:
        """What was filled in, by field, without what is hidden."""
        return {field.name: field.value() for field in self.visible_fields()}

    @property
    def is_damaged(self) -> bool:
        """Whether its hidden fields are missing or malformed: nobody can mend that but a fresh form."""
        return any(field.is_hidden and field.errors for field in self)


class VersionedForm(ActForm):
    """A form over something that somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def units_to_choose() -> list[Any]:
    """The open units, grouped by kind, for a select."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, name, kind in Unit.objects.open().order_by("position", "code").values_list("code", "short_name", "kind"):
        groups[kind].append((code, name))
    named = [(str(UnitKind(kind).label), groups[kind]) for kind in UnitKind.values if kind in groups]
    return [("", "—"), *named]


class UnitField(forms.ChoiceField):
    """A unit, chosen by name; its value is the code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=units_to_choose, **{"label": _("Unit"), **options})


class DayField(forms.DateField):
    """A day, as browsers pick it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)
