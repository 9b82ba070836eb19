"""Form fields of both sites."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.idempotency import InvalidKey, check_key, new_key
from core.text import without_hidden


class LineField(forms.CharField):
    """Plain text of one line, without what nobody sees in it."""

    def to_python(self, value: Any) -> str:
        text = without_hidden(super().to_python(value) or "")
        return " ".join(text.split()) if self.strip else text


class LetterField(forms.CharField):
    """Plain text of several lines, without what nobody sees in it.

    Browsers send CR LF for a line's end; it counts as one character and is stored as one.
    """

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return without_hidden(text).strip() if self.strip else without_hidden(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: it would cut a pasted text without a word.
        return {}


class IdempotencyField(forms.CharField):
    """The hidden nonce that makes a form safe to send twice: the idempotency key of its POST."""

    widget = forms.HiddenInput
    default_error_messages = {"required": _("This form is damaged. Open it again.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"initial": new_key, **options})

    def clean(self, value: Any) -> str:
        try:
            return check_key(super().clean(value))
        except InvalidKey as error:
            raise ValidationError(self.error_messages["required"], code="invalid") from error
