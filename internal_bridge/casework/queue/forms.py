"""What the queue's pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import IdempotencyField
from internal_bridge.casework.enums import BulkAction
from internal_bridge.casework.queue.own_views import NAME_LENGTH
from internal_bridge.org.services import all_units
from internal_bridge.workflow.services import URGE_LENGTH

CONTROL = {"class": "form-control"}


class SaveViewForm(forms.Form):
    """A name for what is listed."""

    name = forms.CharField(label=_("Name of the view"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs=CONTROL))
    query = forms.CharField(required=False, max_length=1_000, widget=forms.HiddenInput)
    idempotency_key = IdempotencyField()


class BulkForm(forms.Form):
    """What every bulk action carries."""

    idempotency_key = IdempotencyField()

    def fields_of_action(self) -> dict[str, Any]:
        """What the action takes, by the names of 11."""
        return {}


class BulkDispatchForm(BulkForm):
    """One lead unit for all that are chosen."""

    lead_unit = forms.ChoiceField(label=_("Lead unit"), widget=forms.Select(attrs={"class": "form-select"}))
    note = forms.CharField(
        label=_("Note to the unit"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={**CONTROL, "rows": 3}),
        help_text=_("It stands with each of the cases. The petitioners do not see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = all_units().open().filter(accepts_petitions=True).order_by("position", "code")
        self.fields["lead_unit"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a unit")), *((unit.code, unit.name) for unit in units)
        ]  # fmt: skip

    def fields_of_action(self) -> dict[str, Any]:
        return {name: value for name in ("lead_unit", "note") if (value := self.cleaned_data[name])}


class BulkUrgeForm(BulkForm):
    """A word to whoever has them."""

    text = forms.CharField(
        label=_("What you want to say"),
        required=False,
        max_length=URGE_LENGTH,
        widget=forms.Textarea(attrs={**CONTROL, "rows": 2}),
        help_text=_("You can urge a case again after four hours."),
    )

    def fields_of_action(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


FORMS: dict[BulkAction, type[BulkForm]] = {
    BulkAction.DISPATCH: BulkDispatchForm,
    BulkAction.URGE: BulkUrgeForm,
    BulkAction.CLAIM: BulkForm,
}
