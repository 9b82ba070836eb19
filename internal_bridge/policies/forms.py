"""Forms about versions of policies and their lines."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.workdays import local_date
from internal_bridge.org.enums import Role
from internal_bridge.org.forms.fields import ActForm, DayField, VersionedForm
from internal_bridge.policies.enums import (
    NEVER_AUTO_DISPATCHED,
    AtEnd,
    Complexity,
    DayKind,
    FigureCode,
    Instrument,
    Stage,
    StartEvent,
    kinds_of,
)
from internal_bridge.policies.models import LARGEST_FIGURE, LONGEST_LIMIT, Policy, PolicyRule
from internal_bridge.policies.services import APPROVERS

NONE = ("", "—")


class DraftForm(ActForm):
    """Nothing is asked: a new version begins as a copy."""


class DropForm(VersionedForm):
    """Nothing is asked but whether one has seen the draft as it is."""


class RuleForm(VersionedForm):
    """A line of a draft. The mark 待核 is set on a new line only: taken off it is by whoever confirms the text."""

    stage = forms.ChoiceField(label=_("stage"), choices=Stage)
    kind = forms.ChoiceField(label=_("kind"), required=False)
    complexity = forms.ChoiceField(label=_("complexity"), required=False, choices=[("", _("every one")), *Complexity.choices])
    days = forms.IntegerField(
        label=_("days"), min_value=0, max_value=LONGEST_LIMIT, help_text=_("0: at once, on the day of the event itself")
    )
    day_kind = forms.ChoiceField(label=_("counted in"), choices=DayKind)
    starts_at = forms.ChoiceField(
        label=_("runs from"), choices=StartEvent, help_text=_("The day of the event is not counted (Civil Code, Article 201).")
    )
    roll_forward = forms.BooleanField(
        label=_("a last day that is a day off moves to the next working day"), required=False, initial=True
    )
    extension_days = forms.IntegerField(
        label=_("longest extension"), min_value=0, max_value=LONGEST_LIMIT, initial=0, help_text=_("0: it cannot be extended")
    )
    approver = forms.ChoiceField(
        label=_("who approves an extension"),
        required=False,
        choices=[NONE, *((role.value, Role(role).label) for role in APPROVERS)],
    )
    at_end = forms.ChoiceField(label=_("at the end"), choices=AtEnd)
    instrument = forms.ChoiceField(
        label=_("instrument"), required=False, choices=[("", _("the policy's own")), *Instrument.choices]
    )
    article = forms.CharField(
        label=_("article"), max_length=6, required=False, help_text=_("23.3 is paragraph 3 of article 23")
    )
    to_confirm = forms.BooleanField(label=_("to be confirmed from the text"), required=False)

    def __init__(self, *arguments: Any, policy: Policy, new: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = [(kind.value, kind.label) for kind in kinds_of(policy.code)]
        self.fields["kind"].choices = [("", _("every one")), *kinds]  # type: ignore[attr-defined]
        if not new:
            del self.fields["to_confirm"]

    @staticmethod
    def values_of(rule: PolicyRule) -> dict[str, Any]:
        names = [name for name in RuleForm.base_fields if name not in ("version", "idempotency_key", "to_confirm")]
        return {name: getattr(rule, name) for name in names}


class SettingsForm(VersionedForm):
    """What a draft is called, what goes to its unit by itself, and its figures, as far as it has any."""

    name = forms.CharField(label=_("name"), max_length=100)
    auto_dispatch_kinds = forms.MultipleChoiceField(
        label=_("dispatched automatically"),
        required=False,
        help_text=_("Kinds that go straight to the unit that the petitioner has named. Complaints and reports never do."),
    )

    def __init__(self, *arguments: Any, policy: Policy, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = [kind for kind in kinds_of(policy.code) if kind not in NEVER_AUTO_DISPATCHED]
        if kinds:
            choices = [(kind.value, PetitionKind(kind).label) for kind in kinds]
            self.fields["auto_dispatch_kinds"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["auto_dispatch_kinds"]
        for figure in policy.figures.all():
            self.fields[figure.code] = forms.IntegerField(
                label=FigureCode(figure.code).label, min_value=1, max_value=LARGEST_FIGURE
            )
            self.fields[figure.code].widget.attrs["class"] = "form-control"

    @staticmethod
    def values_of(policy: Policy) -> dict[str, Any]:
        figures = dict(policy.figures.values_list("code", "value"))
        return {"name": policy.name, "auto_dispatch_kinds": policy.auto_dispatch_kinds, **figures}


class ConfirmForm(ActForm):
    """Where somebody has read the rule."""

    note = forms.CharField(
        label=_("where it was read"),
        max_length=200,
        help_text=_("Such as the gazette with its number, or the page from which the text was taken."),
    )


class PublishForm(VersionedForm):
    """From when a draft holds, and why there is a new version."""

    valid_from = DayField(
        label=_("valid from"), help_text=_("Today at the earliest. The version before it ends on the day before.")
    )
    reason = forms.CharField(label=_("why there is this version"), max_length=200)


class DayForm(forms.Form):
    """A day to look at; empty is today."""

    on = DayField(label=_("Day"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["on"].widget.attrs["class"] = "form-control"

    @property
    def day(self) -> Any:
        """The day that was asked for, else today."""
        return (self.is_valid() and self.cleaned_data["on"]) or local_date(timezone.now())
