"""What is asked of somebody who calls or stands at the counter: the same for page and API, and the same as on the portal."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator, RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import PetitionKind
from core.forms import LetterField
from internal_bridge.casework.enums import TAKEN_DOWN
from internal_bridge.org.forms.fields import UnitField
from internal_bridge.org.services import all_units

TITLE_LENGTH = (2, 100)
BODY_LENGTH = (5, 2_000)
PLACE_LENGTH, NAME_LENGTH, PHONE_LENGTH, EMAIL_LENGTH, RELATION_LENGTH = 200, 60, 30, 254, 30

# Who reports misconduct or makes a suggestion need not say who they are (04 "Citizen").
ANONYMOUS_KINDS = frozenset({PetitionKind.REPORT, PetitionKind.SUGGESTION})
PHONE = r"^(?=(?:\D*\d){5})\+?[0-9(][0-9 ()-]{4,28}$"


class Choices(forms.RadioSelect):
    """Radio buttons whose errors are led to the first of them."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, "0" if index is None else index)


class IntakeForm(forms.Form):
    """A petition as it is told."""

    use_required_attribute = False

    channel = forms.ChoiceField(
        label=gettext_lazy("How does it come?"),
        choices=[(one.value, one.label) for one in TAKEN_DOWN],
        widget=Choices,
        error_messages={"required": gettext_lazy("Choose whether it comes by phone or at the counter.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=PetitionKind.choices,
        widget=Choices,
        error_messages={"required": gettext_lazy("Choose the kind.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Matter"),
        help_text=gettext_lazy("One sentence, 2 to 100 characters."),
        validators=[MinLengthValidator(TITLE_LENGTH[0]), MaxLengthValidator(TITLE_LENGTH[1])],
        error_messages={"required": gettext_lazy("Say in one sentence what it is about.")},
    )
    body = LetterField(
        label=gettext_lazy("What happened, and what is asked for"),
        help_text=gettext_lazy(
            "In the petitioner's words: when, where, what; 5 to 2,000 characters. No ID or bank card numbers."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[MinLengthValidator(BODY_LENGTH[0]), MaxLengthValidator(BODY_LENGTH[1])],
        error_messages={"required": gettext_lazy("Write down what is said.")},
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=PLACE_LENGTH)
    urgent = forms.BooleanField(
        label=gettext_lazy("The petitioner calls it urgent"),
        required=False,
        help_text=gettext_lazy("Danger to people, an outage, money being moved. In an emergency: 110, 119, 120."),
    )
    unit_code = UnitField(
        label=gettext_lazy("Unit that should handle it"),
        required=False,
        help_text=gettext_lazy("Only where the petitioner names one."),
    )
    about_unit_code = UnitField(
        label=gettext_lazy("Unit complained of"),
        required=False,
        help_text=gettext_lazy(
            "It is kept out of the case at once; so are you, if it is your own. Your deputy goes on with it."
        ),
    )
    about_person = forms.CharField(label=gettext_lazy("Person complained of"), required=False, max_length=NAME_LENGTH)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Needed, except for a report or a suggestion."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        required=False,
        max_length=PHONE_LENGTH,
        help_text=gettext_lazy("Needed, except for a report or a suggestion."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
        validators=[RegexValidator(PHONE, gettext_lazy("Enter a phone number such as 0788-1234567."))],
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False, max_length=EMAIL_LENGTH)
    on_behalf_name = forms.CharField(
        label=gettext_lazy("On behalf of"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Where somebody speaks for another person."),
    )
    on_behalf_relation = forms.CharField(label=gettext_lazy("Relation"), required=False, max_length=RELATION_LENGTH)
    withhold_identity = forms.BooleanField(
        label=gettext_lazy("The handling unit must not learn who it is"),
        required=False,
        help_text=gettext_lazy("For a report this is always so."),
    )
    allow_publication = forms.BooleanField(
        label=gettext_lazy("The reply may be published"),
        required=False,
        help_text=gettext_lazy(
            "Ask, and say that names, numbers and addresses are removed first. Reports are never published."
        ),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "text")
            if kind not in ("radio", "checkbox"):
                field.widget.attrs["class"] = "form-select" if kind == "select" else "form-control"
                # What a caller says must not come up for the next one.
                field.widget.attrs["autocomplete"] = "off"

    def clean_unit_code(self) -> str:
        code: str = self.cleaned_data["unit_code"]
        if code and not all_units().filter(code=code, accepts_petitions=True).exists():
            raise forms.ValidationError(_("This unit takes no petitions. Leave it open; the case is dispatched later."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind and kind not in ANONYMOUS_KINDS:
            for field in ("name", "phone"):
                if field not in self.errors and not data.get(field):
                    self.add_error(field, _("Ask for it. Only a report or a suggestion can be taken without."))
        if data.get("unit_code") and data.get("unit_code") == data.get("about_unit_code"):
            self.add_error("unit_code", _("The unit complained of cannot be the one that handles it."))
        if bool(data.get("on_behalf_name")) != bool(data.get("on_behalf_relation")):
            missing = "on_behalf_relation" if data.get("on_behalf_name") else "on_behalf_name"
            self.add_error(missing, _("Fill in both: for whom, and what the petitioner is to them."))
        return data

    def content(self) -> dict[str, Any]:
        """The checked fields as ``petition.submitted`` seals them: every field there, absent ones as "", false or null."""
        data = self.cleaned_data
        spoken_for = {"name": data["on_behalf_name"], "relation": data["on_behalf_relation"]}
        names = ("title", "body", "place", "unit_code", "about_unit_code", "about_person", "name", "phone", "email", "urgent")
        return {name: data[name] for name in names} | {
            "representatives": [],
            "on_behalf_of": spoken_for if data["on_behalf_name"] else None,
            # Nothing was shown to read: the clerk says it.
            "privacy_version": "",
            "withhold_identity": data["withhold_identity"] or data["kind"] == PetitionKind.REPORT,
            "allow_publication": data["allow_publication"],
            "attachments": [],
        }
