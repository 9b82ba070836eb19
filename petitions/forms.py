"""The forms of the citizen's side. Rules that the API shares stand in ``rules``."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.files import touch_file
from core.filetypes import accepted_extensions
from core.forms import IdempotencyField, LetterField
from core.identifiers import is_number, normalise_number
from core.uploads import MAX_FILES, MAX_SIZE, SealedUpload, UploadProblem
from core.vault import InvalidCode, canonical_code
from petitions import rules
from petitions.attachments import MEGABYTE, Attachment, problem_text, too_many_text
from petitions.models import Unit


@dataclasses.dataclass(frozen=True)
class SentFiles:
    """What a form brings of files: new ones, and of those it kept the tokens and what is to go."""

    uploads: list[SealedUpload]
    kept: list[str]
    removed: set[str]


class AttachmentsInput(forms.FileInput):
    """A file input for several; beside it the form has a hidden field and a check box for each file that it kept."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> SentFiles:
        data, files = (part if isinstance(part, MultiValueDict) else MultiValueDict() for part in (data, files))
        return SentFiles(
            uploads=files.getlist(name), kept=data.getlist(f"{name}-kept"), removed=set(data.getlist(f"{name}-removed"))
        )


class AttachmentsField(forms.Field):
    """Sealed files; that of ``PetitionForm``, which has the last word on them."""

    widget = AttachmentsInput


class UnitField(forms.ChoiceField):
    """A unit that takes petitions, or none. A form may be older than the directory: what it names may be closed by now."""

    def validate(self, value: str) -> None:
        forms.Field.validate(self, value)
        if value and (problem := rules.unit_problem(value)):
            raise forms.ValidationError(problem, code="invalid_choice")


class PetitionForm(forms.Form):
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
    attachments = AttachmentsField(
        label=_("Photos, recordings, documents"),
        required=False,
        help_text=format_lazy(
            _("Up to {files} files of up to {size} MB each: pictures, PDF, Word, Excel, text, MP3, M4A or MP4."),
            files=MAX_FILES,
            size=MAX_SIZE // MEGABYTE,
        ),
        widget=AttachmentsInput(attrs={"multiple": True, "accept": accepted_extensions()}),
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

    # For the page's script, which says so before anything is sent.
    max_file_size = MAX_SIZE

    def __init__(self, *args: Any, problems: Sequence[UploadProblem] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems = problems
        # What has arrived and stays, whatever else is wrong with the form.
        self.kept: list[Attachment] = []
        self.removed: list[Attachment] = []
        units = [(unit.code, unit.name) for unit in Unit.objects.taking_petitions()]
        self.fields["unit_code"].choices = [("", _("Not sure")), *units]  # type: ignore[attr-defined]
        self.fields["about_unit_code"].choices = [("", _("No unit")), *units]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not rules.is_phone(phone):
            raise forms.ValidationError(_("Enter a phone number such as 0788-1234567."))
        return phone

    def clean_attachments(self) -> list[Attachment]:
        sent: SentFiles = self.cleaned_data["attachments"]
        errors = [problem_text(problem) for problem in self.problems]
        known = {one.digest: one for token in sent.kept if (one := Attachment.from_token(token)) is not None}
        self.removed = [one for digest, one in known.items() if digest in sent.removed]
        for digest, attachment in known.items():
            if digest in sent.removed:
                continue
            if touch_file(digest):
                self.kept.append(attachment)
            else:
                errors.append(_("“%(name)s” has been kept for too long. Attach it again.") % {"name": attachment.name})
        self.kept += [Attachment.of(upload) for upload in sent.uploads]
        if len(self.kept) > MAX_FILES:
            self.kept, surplus = self.kept[:MAX_FILES], self.kept[MAX_FILES:]
            self.removed += surplus
            errors.append(too_many_text())
        if errors:
            raise forms.ValidationError(errors)
        return self.kept

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
