"""The petition's form: one page, without an account and without script. Rules that the API shares stand in ``rules``."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.forms import IdempotencyField, LetterField, LineField
from petitions import rules
from petitions.attachment_forms import FormWithAttachments
from petitions.attachments import FIELD
from petitions.models import Unit
from petitions.robots import Sum, opened_now


class UnitField(forms.ChoiceField):
    """A unit that takes petitions, or none. A form may be older than the directory: what it names may be closed by now.

    ``found_text`` says what a search among the units came to.
    """

    found_text = ""

    def offer(self, none: Any, words: str = "") -> None:
        """Let one of the units be chosen, those first that ``words`` find by name, pinyin, initials or duties."""
        units = [(unit.code, unit.name) for unit in Unit.objects.taking_petitions()]
        if not words.strip():
            self.choices = [("", none), *units]
            return
        found = [(unit.code, unit.name) for unit in Unit.objects.taking_petitions().concerned_with(words)]
        if found:
            self.found_text = ngettext(
                "%(n)d unit found; it stands first in the list.", "%(n)d units found; they stand first in the list.", len(found)
            ) % {"n": len(found)}
        else:
            self.found_text = gettext("No unit was found. Try other words, choose from the list, or leave it open.")
        self.choices = [("", none), *([(gettext("Found"), found)] if found else []), (gettext("All units"), units)]

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
    unit_words = LineField(
        label=_("Look for a unit"),
        required=False,
        max_length=rules.NAME_LENGTH,
        help_text=_("By name, pinyin, initials or what it does: housing, gaj, chengguan."),
    )
    title = LineField(
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
    place = LineField(
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
    about_person = LineField(
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
    name = LineField(
        label=_("Your name"),
        required=False,
        max_length=rules.NAME_LENGTH,
        help_text=_("May be left out for a report or a suggestion."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = LineField(
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
    behalf_name = LineField(label=_("Name of whom you write for"), required=False, max_length=rules.NAME_LENGTH)
    behalf_relation = LineField(
        label=_("You are"),
        required=False,
        max_length=rules.RELATION_LENGTH,
        help_text=_("For example: daughter, neighbour, lawyer, guardian."),
    )
    consent = forms.BooleanField(
        label=_("I have read how my data is used"),
        error_messages={"required": _("Confirm that you have read how your data is used.")},
    )

    idempotency_key = IdempotencyField()
    opened = forms.CharField(required=False, initial=opened_now, widget=forms.HiddenInput)
    # People do not see the first and are hardly ever asked the second (``robots``).
    website = forms.CharField(required=False, label=_("Leave this empty"))
    answer = forms.CharField(required=False, max_length=20)
    # Where a city confirms phone numbers (``phone_codes``).
    phone_code = forms.CharField(required=False, max_length=20, label=_("Code from the text message"))

    # Errors are listed in the order in which the page shows the fields.
    field_order = [
        "kind",
        "unit_words",
        "unit_code",
        "title",
        "body",
        "place",
        "attachments",
        "urgent",
        "about_unit_code",
        "about_person",
        "name",
        "phone",
        "email",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sum: Sum | None = None
        self.phone_token: str | None = None
        data: Mapping[str, Any] = self.data if self.is_bound else {}
        self._unit_field("unit_code").offer(_("Not sure"), str(data.get("unit_words", "")))
        self._unit_field("about_unit_code").offer(_("No unit"))
        for number in range(1, rules.MAX_REPRESENTATIVES + 1):
            self.fields[_person(number, "name")] = LineField(label=_("Name"), required=False, max_length=rules.NAME_LENGTH)
            self.fields[_person(number, "phone")] = LineField(
                label=_("Phone number"),
                required=False,
                max_length=rules.PHONE_LENGTH,
                widget=forms.TextInput(attrs={"type": "tel"}),
            )

    @property
    def people(self) -> list[dict[str, Any]]:
        """The rows for those who write together: name and phone of each."""
        numbers = range(1, rules.MAX_REPRESENTATIVES + 1)
        return [{"n": n, "name": self[_person(n, "name")], "phone": self[_person(n, "phone")]} for n in numbers]

    @property
    def has_people(self) -> bool:
        """Whether anything stands in these rows: then the page shows them opened."""
        return any(row[part].value() or row[part].errors for row in self.people for part in ("name", "phone"))

    @property
    def is_for_another(self) -> bool:
        return any(self[field].value() or self[field].errors for field in ("behalf_name", "behalf_relation"))

    @property
    def is_about_somebody(self) -> bool:
        return any(self[field].value() or self[field].errors for field in ("about_unit_code", "about_person"))

    def sent_fields(self) -> Iterator[tuple[str, str]]:
        """All that was typed, as hidden fields of the page on which it is read over."""
        data = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        for name in self.fields:
            if name != FIELD:
                yield from ((name, value) for value in data.getlist(name))

    def clean_phone(self) -> str:
        return _checked_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["representatives"] = self._representatives(data)
        data["on_behalf_of"] = self._on_behalf_of(data)
        for field, messages in rules.check_submission(data).items():
            if field not in self.errors:
                self.add_error(field, messages)
        return data

    def submission(self) -> dict[str, Any]:
        """The checked fields as ``services.submit_petition`` takes them."""
        return self.cleaned_data | {"privacy_version": rules.PRIVACY_VERSION}

    def ask_sum(self) -> None:
        """Ask the writer a small question before anything is sent."""
        self.sum = Sum.for_form(self.cleaned_data["idempotency_key"])
        words = {"left": self.sum.left, "right": self.sum.right}
        self["answer"].label = gettext("What is %(left)d plus %(right)d?") % words
        self.add_error("answer", gettext("So that no robot writes in your place: answer this, and send it again."))

    def _representatives(self, data: dict[str, Any]) -> list[dict[str, str]]:
        found = []
        for number in range(1, rules.MAX_REPRESENTATIVES + 1):
            name, phone = data.get(_person(number, "name"), ""), data.get(_person(number, "phone"), "")
            if name and phone:
                try:
                    found.append({"name": name, "phone": _checked_phone(phone)})
                except forms.ValidationError as error:
                    self.add_error(_person(number, "phone"), error)
            elif (name or phone) and not {_person(number, "name"), _person(number, "phone")} & set(self.errors):
                missing = "phone" if name else "name"
                text = gettext("Enter the phone number as well.") if name else gettext("Enter the name as well.")
                self.add_error(_person(number, missing), text)
        return found

    def _on_behalf_of(self, data: dict[str, Any]) -> dict[str, str] | None:
        name, relation = data.get("behalf_name", ""), data.get("behalf_relation", "")
        if name and not relation and "behalf_relation" not in self.errors:
            self.add_error("behalf_relation", gettext("Say what you are to the person you write for."))
        if relation and not name and "behalf_name" not in self.errors:
            self.add_error("behalf_name", gettext("Enter the name of the person you write for."))
        return {"name": name, "relation": relation} if name and relation else None

    def _unit_field(self, name: str) -> UnitField:
        return cast(UnitField, self.fields[name])


def _person(number: int, part: str) -> str:
    return f"representative_{number}_{part}"


def _checked_phone(phone: str) -> str:
    if phone and not rules.is_phone(phone):
        raise forms.ValidationError(gettext("Enter a phone number such as 0788-1234567."))
    return phone
