"""Forms about rules, and the text on which they are tried."""

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import PetitionKind
from core.forms import LetterField
from internal_bridge.org.enums import UnitKind
from internal_bridge.org.forms.fields import ActForm, DayField
from internal_bridge.org.services import all_units
from internal_bridge.routing.matching import split_words
from internal_bridge.routing.models import HEAVIEST, LONGEST_WORDS, RoutingRule

LONGEST_SAMPLE = 2_000


def units_to_choose() -> list[Any]:
    """The open units that take petitions, grouped by kind, for a select."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = all_units().open().filter(accepts_petitions=True).order_by("position", "code")
    for code, name, kind in rows.values_list("code", "short_name", "kind"):
        groups[kind].append((code, name))
    return [("", "—"), *((str(UnitKind(kind).label), groups[kind]) for kind in UnitKind.values if kind in groups)]


class RuleForm(ActForm):
    """A rule; ``sample`` is only tried on, and ``version`` is empty for a new one."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=units_to_choose)
    any_words = LetterField(
        label=gettext_lazy("Any of these words"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy(
            "Apart by spaces. One of them must stand in the title or the text; in the title it weighs more."
        ),
    )
    all_words = LetterField(
        label=gettext_lazy("All of these words"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Apart by spaces; alternatives joined by a slash: 夜间/半夜 施工/工地 wants one of each."),
    )
    not_words = LetterField(
        label=gettext_lazy("None of these words"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Where one of them stands, the rule says nothing."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), choices=PetitionKind, required=False, help_text=gettext_lazy("None chosen: every kind.")
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    weight = forms.FloatField(
        label=gettext_lazy("Weight"),
        min_value=0.1,
        max_value=HEAVIEST,
        initial=2.0,
        help_text=gettext_lazy("From 0.1 to 10; 2 is usual."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=200, required=False, help_text=gettext_lazy("Shown with the suggestion.")
    )
    active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
    valid_from = DayField(label=gettext_lazy("Valid from"), required=False)
    valid_to = DayField(label=gettext_lazy("Last day"), required=False)
    sample = LetterField(
        label=gettext_lazy("Text to try the rule on"),
        required=False,
        max_length=LONGEST_SAMPLE,
        help_text=gettext_lazy("Its first line counts as the title. It is not stored."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not split_words(data.get("any_words") or "") and not split_words(data.get("all_words") or ""):
            self.add_error("any_words", _("Give at least one word that a letter must have."))
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        return data

    @staticmethod
    def values_of(rule: RoutingRule) -> dict[str, Any]:
        names = ["any_words", "all_words", "not_words", "kinds", "place", "weight", "note", "active", "valid_from", "valid_to"]
        return {"unit": rule.unit.code, **{name: getattr(rule, name) for name in names}}


class TrialForm(forms.Form):
    """A letter that nobody sent: it changes nothing, so it needs no key."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PetitionKind, initial=PetitionKind.COMPLAINT)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    body = LetterField(label=gettext_lazy("Text"), max_length=LONGEST_SAMPLE)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"].widget.attrs["class"] = "form-select"
        for name in ("title", "body"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["body"].widget.attrs["rows"] = 6
