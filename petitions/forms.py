"""The citizen's forms after the petition's own (``petition_form``). Rules that the API shares stand in ``rules``."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.forms import IdempotencyField, LetterField
from core.identifiers import is_number, normalise_number
from core.vault import InvalidCode, canonical_code
from petitions import rules
from petitions.attachment_forms import FormWithAttachments
from petitions.services import OpenedMessage


class FollowForm(forms.Form):
    """Number and receipt code, however they were typed."""

    number = forms.CharField(
        label=_("Petition number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Enter the petition number.")},
        help_text=_("15 digits, as on your receipt."),
    )
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter the receipt code.")},
        help_text=_("20 letters and digits; upper or lower case, with or without hyphens."),
    )

    def clean_number(self) -> str:
        number = normalise_number(self.cleaned_data["number"])
        if not is_number(number):
            raise forms.ValidationError(_("This is not a petition number. Check the digits on your receipt."))
        return number

    def clean_code(self) -> str:
        try:
            return canonical_code(self.cleaned_data["code"])
        except InvalidCode as error:
            raise forms.ValidationError(_("This is not a receipt code. It has 20 letters and digits.")) from error


class SupplementForm(FormWithAttachments):
    """Add to a petition, or answer a question of the office."""

    in_reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = LetterField(
        label=_("What do you want to add?"),
        help_text=_("Up to 2,000 characters. Do not enter ID or bank card numbers."),
        widget=forms.Textarea(attrs={"rows": 7}),
        validators=[MaxLengthValidator(rules.SUPPLEMENT_LENGTH[1])],
        error_messages={"required": _("Write what you want to add.")},
    )
    idempotency_key = IdempotencyField()

    field_order = ["text", "attachments"]

    def __init__(self, *args: Any, question: OpenedMessage | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        if question is not None:
            text = self.fields["text"]
            text.label = _("Your answer")
            text.error_messages["required"] = _("Write your answer.")


class WithdrawalForm(forms.Form):
    """Ask the office to handle a petition no further."""

    reason = LetterField(
        label=_("Why do you withdraw it?"),
        required=False,
        help_text=_("A withdrawal needs no reason. Up to 500 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(rules.REASON_LENGTH)],
    )
    idempotency_key = IdempotencyField()
