"""Form fields of both sites."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.idempotency import InvalidKey, check_key, new_key


class LetterField(forms.CharField):
    """Plain text of several lines. Browsers send CR LF for a line's end; it counts as one character and is stored as one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

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
