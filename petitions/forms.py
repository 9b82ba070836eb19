"""The forms of the citizen's side. Rules that the API shares stand in ``rules``."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.forms import IdempotencyField, LetterField
from core.identifiers import is_number, normalise_number
from core.vault import InvalidCode, canonical_code
from petitions import rules
from petitions.attachment_forms import FormWithAttachments
from petitions.models import Unit
from petitions.services import OpenedMessage


class UnitField(forms.ChoiceField):
    """A unit that takes petitions, or none. A form may be older than the directory: what it names may be closed by now."""

    def validate(self, value: str) -> None:
        forms.Field.validate(self, value)
        if value and (problem := rules.unit_problem(value)):
            raise forms.ValidationError(problem, code="invalid_choice")


class PetitionForm(FormWithAttachments):
    """Write a petition. Without an account, without script."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=PetitionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what your petition is."), "invalid_choice": _("Choose one of the five kinds.")},
    )
    unit_code = UnitField(
        label=_("Which unit should handle it?"),
        required=False,
        help_text=_("If you are not sure, leave it open: the petition office finds the responsible unit."),
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("One sentence that says the matter, 2 to 100 characters."),
        validators=[MinLengthValidator(rules.TITLE_LENGTH[0]), MaxLengthValidator(rules.TITLE_LENGTH[1])],
        error_messages={"required": _("Enter a title.")},
    )
    body = LetterField(
        label=_("What happened, and what do you ask for?"),
        help_text=_("When, where, what; 5 to 2,000 characters. Do not enter ID or bank card numbers."),
        widget=forms.Textarea(attrs={"rows": 9}),
        validators=[MinLengthValidator(rules.BODY_LENGTH[0]), MaxLengthValidator(rules.BODY_LENGTH[1])],
        error_messages={"required": _("Describe the matter.")},
    )
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=rules.PLACE_LENGTH,
        help_text=_("Street, community or landmark, so that people on site find it."),
    )
    about_unit_code = UnitField(
        label=_("Do you complain about a unit?"),
        required=False,
        help_text=_("The unit you name here will not handle your petition and cannot see it."),
    )
    about_person = forms.CharField(
        label=_("Do you complain about a person?"),
        required=False,
        max_length=rules.NAME_LENGTH,
        help_text=_("Name of the official, if you know it."),
    )
    urgent = forms.BooleanField(
        label=_("It is urgent"),
        required=False,
        help_text=_(
            "Danger to people, pollution under way, an outage or money being moved. In an emergency call 110, 119 or 120."
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=rules.NAME_LENGTH,
        help_text=_("May be left out for a report or a suggestion."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Your phone number"),
        required=False,
        max_length=rules.PHONE_LENGTH,
        help_text=_("So that the unit can ask back. May be left out for a report or a suggestion."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=rules.EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    withhold_identity = forms.BooleanField(
        label=_("Do not tell the handling unit who I am"),
        required=False,
        help_text=_("For a report this is always so."),
    )
    allow_publication = forms.BooleanField(
        label=_("The reply may be published"),
        required=False,
        help_text=_(
            "Names, numbers and addresses are removed first. You can withdraw this later. Reports are never published."
        ),
    )
    consent = forms.BooleanField(
        label=_("I have read how my data is used"),
        error_messages={"required": _("Confirm that you have read how your data is used.")},
    )

    idempotency_key = IdempotencyField()

    # Errors are listed in the order in which the page shows the fields.
    field_order = ["kind", "unit_code", "title", "body", "place", "attachments"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, unit.name) for unit in Unit.objects.taking_petitions()]
        self.fields["unit_code"].choices = [("", _("Not sure")), *units]  # type: ignore[attr-defined]
        self.fields["about_unit_code"].choices = [("", _("No unit")), *units]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not rules.is_phone(phone):
            raise forms.ValidationError(_("Enter a phone number such as 0788-1234567."))
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, messages in rules.check_submission(data).items():
            if field not in self.errors:
                self.add_error(field, messages)
        return data

    def submission(self) -> dict[str, Any]:
        """The checked fields as ``services.submit_petition`` takes them."""
        return self.cleaned_data | {"privacy_version": rules.PRIVACY_VERSION}


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
