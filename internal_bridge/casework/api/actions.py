"""What an action takes, told to a program, and what a program sent for it, taken strictly by its type."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.casework.enums import Action
from internal_bridge.casework.life.fields import ActionForm, UnitCode, UnitCodes
from internal_bridge.casework.life.table import ROWS
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import action_form, offers

# The first class that a field is of says what JSON it takes, and what a program may show for it.
TYPES: tuple[tuple[type[forms.Field], type, str], ...] = (
    (UnitCodes, list, "units"),
    (UnitCode, str, "unit"),
    (forms.NullBooleanField, bool, "boolean"),
    (forms.BooleanField, bool, "boolean"),
    (forms.IntegerField, int, "integer"),
    (forms.ChoiceField, str, "choice"),
    (forms.CharField, str, "text"),
)
FIELD_TYPES = sorted({name for _class, _json, name in TYPES})


def represent_actions(case: Case, person: User) -> list[dict[str, Any]]:
    """What ``person`` can do with ``case`` now, each with its fields; nothing once the case is out of the person's sight."""
    if not Case.objects.visible_to(person).filter(pk=case.pk).exists():
        return []
    return [
        {
            "name": offer.action.value,
            "label": str(offer.action.label),
            "fields": represent_fields(action_form(offer.action, case)),
        }
        for offer in offers(case, person)
        if not offer.refusal
    ]


def represent_fields(form: ActionForm) -> list[dict[str, Any]]:
    """The fields of an action in the caller's words; every action takes ``version`` besides."""
    return [
        {
            "name": name,
            "label": str(field.label),
            "type": _type_of(field)[1],
            "required": field.required,
            "choices": _choices(field),
            "min_length": getattr(field, "min_length", None),
            "max_length": getattr(field, "max_length", None),
        }
        for name, field in form.fields.items()
    ]


def read_input(action: Action, data: Any) -> tuple[int | None, dict[str, Any], dict[str, list[str]]]:
    """Version and fields in a body, and what is wrong with it, by field: unknown ones, missing ones, other types of JSON."""
    if not isinstance(data, dict):
        return None, {}, {"non_field_errors": [_("Send an object.")]}
    known = action_form(action, None).fields
    fields: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    version = data.get("version")
    if "version" not in data:
        problems["version"] = [_("Fill this in.")]
    elif type(version) is not int:
        problems["version"] = [_("This should be a whole number.")]
    for name, value in data.items():
        if name == "version":
            continue
        if name not in known:
            problems[name] = [_("Unknown field.")]
        elif value is None and not known[name].required:
            continue
        elif type(value) is not _type_of(known[name])[0]:
            problems[name] = [_wrong_type(known[name])]
        else:
            fields[name] = value
    return (None if "version" in problems else version), fields, problems


def _type_of(field: forms.Field) -> tuple[type, str]:
    return next((json_type, name) for field_class, json_type, name in TYPES if isinstance(field, field_class))


def _wrong_type(field: forms.Field) -> str:
    words = {
        str: _("This should be a text."),
        bool: _("This should be true or false."),
        int: _("This should be a whole number."),
        list: _("This should be a list of codes."),
    }
    return words[_type_of(field)[0]]


def _choices(field: forms.Field) -> list[dict[str, str]] | None:
    if not isinstance(field, forms.ChoiceField):
        return None
    choices: Any = field.choices
    return [{"value": str(value), "label": str(label)} for value, label in choices if value]


def described() -> str:
    """The table of 11 for the description of the operation: each action, who takes it and what it takes."""
    lines = ["What each action takes besides `version`; a field with `?` may be left out:", ""]
    for row in ROWS:
        names = [f"`{name}{'' if field.required else '?'}`" for name, field in action_form(row.action, None).fields.items()]
        lines.append(f"- `{row.action.value}`: {', '.join(names) or 'nothing'}")
    return "\n".join(lines)
