"""Forms of a case."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.idempotency import InvalidKey, check_key, new_key
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import REPLY_LENGTH


class LetterField(forms.CharField):
    """Plain text of several lines. Browsers send CR LF for a line's end; it counts as one character and is stored as one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: it would cut a pasted text without a word.
        return {}


class AnswerForm(forms.Form):
    """The answer to a petitioner. ``version`` says which state of the case its writer had read."""

    use_required_attribute = False

    text = LetterField(
        label=_("Your answer"),
        min_length=REPLY_LENGTH[0],
        max_length=REPLY_LENGTH[1],
        error_messages={
            "required": _("Write the answer."),
            "min_length": _("The answer needs at least 5 characters."),
            "max_length": _("The answer is longer than 5,000 characters. Shorten it."),
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    idempotency_key = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls, case: Case, *, text: str = "") -> "AnswerForm":
        """A form not yet sent, for the case as it is now; with ``text`` when somebody has to send it a second time."""
        return cls(initial={"text": text, "version": case.version, "idempotency_key": new_key()})

    def clean_idempotency_key(self) -> str:
        try:
            return check_key(self.cleaned_data["idempotency_key"])
        except InvalidKey as error:
            raise ValidationError(str(error)) from error

    @property
    def typed(self) -> str:
        """What was written, valid or not."""
        return self.data.get("text", "")

    @property
    def is_damaged(self) -> bool:
        """Whether its hidden fields are missing or malformed: nobody can mend that but a fresh form."""
        return "version" in self.errors or "idempotency_key" in self.errors
