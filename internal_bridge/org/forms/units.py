"""Forms about units, departments and posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LetterField
from internal_bridge.org.enums import UnitKind
from internal_bridge.org.forms.fields import ActForm, DayField, UnitField, VersionedForm, units_to_choose
from internal_bridge.org.models import Unit

CHANGED = ["short_name", "second_name", "kind", "duties", "accepts_petitions", "duty_phone", "position"]


class UnitFields(forms.Form):
    """What may be changed of a unit at any time."""

    short_name = forms.CharField(label=_("Short name"), max_length=40)
    second_name = forms.CharField(label=_("Second name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind)
    duties = LetterField(label=_("Duties"), required=False, help_text=_("One after the other, apart by semicolons."))
    accepts_petitions = forms.BooleanField(label=_("Takes petitions"), required=False)
    duty_phone = forms.CharField(label=_("Duty phone"), max_length=40, required=False)
    position = forms.IntegerField(label=_("Position in lists"), min_value=0, max_value=100_000, initial=0)


class NewUnitForm(UnitFields, ActForm):
    """A new unit."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        help_text=_("2 to 32 of a–z, 0–9 and the hyphen. It is never changed and never given again."),
    )
    name = forms.CharField(label=_("Full name"), max_length=100)
    parent = UnitField(label=_("Superior unit"), required=False)
    valid_from = DayField(label=_("Since"), required=False, help_text=_("Left empty: today."))

    field_order = ["code", "name", "short_name", "second_name", "kind", "parent", "duties", "duty_phone", "accepts_petitions"]


class ChangeUnitForm(UnitFields, VersionedForm):
    """Whatever is not name or place."""

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        return {name: getattr(unit, name) for name in CHANGED}


class RenameUnitForm(VersionedForm):
    """A new name; the old one is kept with its dates."""

    name = forms.CharField(label=_("Full name"), max_length=100)
    short_name = forms.CharField(label=_("Short name"), max_length=40)
    on = DayField(label=_("Takes effect on"), required=False, help_text=_("Left empty: today."))


class MoveUnitForm(VersionedForm):
    """Another superior."""

    parent = UnitField(label=_("New superior unit"), required=False, help_text=_("Left empty: the unit stands at the top."))


class CloseUnitForm(VersionedForm):
    """The last day, and who follows."""

    valid_to = DayField(label=_("Last day"))
    successors = forms.MultipleChoiceField(
        label=_("Successors"),
        choices=units_to_choose,
        required=False,
        help_text=_("Several after a split; none after an abolition."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["successors"].widget.attrs["size"] = 8


class MergeUnitForm(ActForm):
    """Into which unit. ``version`` is that unit's, known once it has been chosen and its preview shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    into = UnitField(label=_("Merge into"))
    on = DayField(label=_("Takes effect on"), required=False, help_text=_("Left empty: today."))


class DepartmentForm(ActForm):
    """A department."""

    name = forms.CharField(label=_("Name of the department"), max_length=60)
    position = forms.IntegerField(label=_("Position in lists"), min_value=0, max_value=100_000, initial=0)


class PostForm(ActForm):
    """A post."""

    name = forms.CharField(label=_("Name of the post"), max_length=60)
    rank = forms.CharField(label=_("Rank"), max_length=40, required=False)
    headcount = forms.IntegerField(label=_("Headcount"), min_value=0, max_value=10_000, initial=1)
    position = forms.IntegerField(label=_("Position in lists"), min_value=0, max_value=100_000, initial=0)


class ClosingForm(ActForm):
    """The last day of a department, a post or an appointment."""

    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Left empty: today."))
