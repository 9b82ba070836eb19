"""Forms of the operators: a reason, and that a second click does nothing twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import IdempotencyField, LetterField
from internal_bridge.exchange.operations import REASON_LENGTH


class DecisionForm(forms.Form):
    """A decision that needs no reason of its own."""

    use_required_attribute = False

    idempotency_key = IdempotencyField()


class ReasonForm(DecisionForm):
    """Why an alarm is closed."""

    reason = LetterField(
        label=_("Reason"),
        min_length=REASON_LENGTH[0],
        max_length=REASON_LENGTH[1],
        error_messages={
            "required": _("Write the reason."),
            "min_length": _("The reason needs at least 2 characters."),
            "max_length": _("The reason is longer than 200 characters. Shorten it."),
        },
    )

    @property
    def typed(self) -> str:
        """What was written, valid or not."""
        return str(self.data.get("reason", ""))

    @property
    def is_damaged(self) -> bool:
        """Whether its hidden fields are missing or malformed: nobody can mend that but a fresh form."""
        return any(field.is_hidden and field.errors for field in self)


class ReleaseForm(ReasonForm):
    """Why a dead letter is tried again or skipped. ``seen`` says how many decisions about it its writer had read."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RevokeForm(ReasonForm):
    """Why a key is revoked; its id typed again, for nothing brings it back."""

    typed_kid = forms.CharField(label=_("Type the key's id to confirm"), max_length=80, required=False)

    def __init__(self, *args: Any, kid: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kid = kid

    def clean_typed_kid(self) -> str:
        typed = str(self.cleaned_data["typed_kid"]).strip()
        if typed != self.kid:
            raise forms.ValidationError(_("This is not the id of this key."))
        return typed
