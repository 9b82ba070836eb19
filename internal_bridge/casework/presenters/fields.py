"""Fields of a form as pages draw them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

CLASSES = (
    (forms.CheckboxInput, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.HiddenInput, ""),
    (forms.Select, "form-select"),
    (forms.Textarea, "form-control"),
    (forms.TextInput, "form-control"),
    (forms.NumberInput, "form-control"),
)


def dress(form: Any) -> Any:
    """Give the form's widgets the classes of the style sheet; the form itself."""
    for field in form.fields.values():
        look = next((look for widget, look in CLASSES if isinstance(field.widget, widget)), "form-control")
        if look:
            field.widget.attrs.setdefault("class", look)
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = field.widget.attrs["rows"] if field.widget.attrs.get("rows") != "10" else 4
            field.widget.attrs.pop("cols", None)
    return form


@dataclass(frozen=True)
class FieldRow:
    """A field with the way it is drawn: ``text``, ``check`` (one box) or ``radios``."""

    field: BoundField
    kind: str

    @classmethod
    def rows(cls, form: Any, *, leave_out: tuple[str, ...] = ()) -> "list[FieldRow]":
        return [cls(field, kind_of(field)) for field in form.visible_fields() if field.name not in leave_out]


def kind_of(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "radios" if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)) else "text"
