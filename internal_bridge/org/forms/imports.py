"""The form that brings a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from internal_bridge.org.enums import ImportKind, ImportMode
from internal_bridge.org.forms.fields import ActForm


class ImportForm(ActForm):
    """A CSV file, what it lists, and what is to be done with bad lines. ``content`` are the bytes of the file."""

    kind = forms.ChoiceField(label=_("What it lists"), choices=ImportKind)
    file = forms.FileField(label=_("CSV file"), help_text=_("At most 10 MB. The first line names the columns."))
    mode = forms.ChoiceField(label=_("When lines are bad"), choices=ImportMode)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if file := data.pop("file", None):
            data |= {"content": file.read(), "file_name": file.name}
        return data


class ApplyForm(ActForm):
    """Apply a checked import."""

    mode = forms.ChoiceField(choices=ImportMode)
