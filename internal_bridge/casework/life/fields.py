"""What each action takes, for pages and API alike (11: the column ``fields``)."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.forms import LetterField
from internal_bridge.casework.enums import PauseReason, RefusalReason
from internal_bridge.casework.models import Case
from internal_bridge.org.services import Unit, all_units
from internal_bridge.policies.enums import Complexity

SHORTEST, LONGEST, LONGEST_REPLY = 2, 2_000, 5_000
MOST_ASSISTING = 10


class Words(LetterField):
    """Text that an official writes, of 2 to ``longest`` characters where it is given."""

    def __init__(self, label: Any, *, shortest: int = SHORTEST, longest: int = LONGEST, **options: Any) -> None:
        messages = {
            "required": _("Fill this in."),
            "min_length": _("This needs at least %(limit_value)d characters."),
            "max_length": _("This is longer than %(limit_value)d characters. Shorten it."),
        }
        super().__init__(label=label, min_length=shortest, max_length=longest, error_messages=messages, **options)


class UnitCode(forms.CharField):
    """A unit's code; becomes the unit. ``taking``: only units that take petitions."""

    default_error_messages = {
        "required": _("Choose a unit."),
        "unknown": _("There is no unit with this code."),
        "closed": _("%(unit)s exists no more. Choose who follows it: %(successors)s."),
        "taking": _("%(unit)s takes no petitions."),
    }

    def __init__(self, label: Any, *, taking: bool = True, **options: Any) -> None:
        self.taking = taking
        super().__init__(label=label, max_length=32, **options)

    def clean(self, value: Any) -> Unit | None:
        code = super().clean(value)
        return self.unit_of(code) if code else None

    def unit_of(self, code: str) -> Unit:
        """The open unit of this code. Raises ``ValidationError``."""
        unit = all_units().filter(code=code).first()
        if unit is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if not all_units().open().filter(pk=unit.pk).exists():
            following = ", ".join(all_units().filter(predecessions__unit=unit).values_list("name", flat=True)) or "-"
            params = {"unit": unit.name, "successors": following}
            raise ValidationError(self.error_messages["closed"], code="closed", params=params)
        if self.taking and not unit.accepts_petitions:
            raise ValidationError(self.error_messages["taking"], code="taking", params={"unit": unit.name})
        return unit


class UnitCodes(forms.Field):
    """Codes of several units, each once."""

    widget = forms.SelectMultiple

    def __init__(self, label: Any, **options: Any) -> None:
        self.one = UnitCode(label)
        super().__init__(label=label, required=False, **options)

    def clean(self, value: Any) -> list[Unit]:
        if not value:
            return []
        if not isinstance(value, (list, tuple)) or not all(isinstance(code, str) for code in value):
            raise ValidationError(_("Name the units by their codes."), code="invalid")
        if len(value) > MOST_ASSISTING:
            raise ValidationError(_("At most %(most)d units."), code="many", params={"most": MOST_ASSISTING})
        return [self.one.unit_of(code) for code in dict.fromkeys(value)]


class ActionForm(forms.Form):
    """The input of an action on ``case``."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, case: Case | None, **options: Any) -> None:
        self.case = case
        super().__init__(data, **options)


class Nothing(ActionForm):
    """An action that takes no words."""


class Accept(ActionForm):
    complexity = forms.ChoiceField(label=_("Complexity"), choices=[("", ""), *Complexity.choices], required=False)
    urgent = forms.BooleanField(label=_("Urgent: due today"), required=False)


class Reclassify(ActionForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", ""), *PetitionKind.choices], required=False)
    complexity = forms.ChoiceField(label=_("Complexity"), choices=[("", ""), *Complexity.choices], required=False)
    urgent = forms.NullBooleanField(label=_("Urgent: due today"), required=False)
    reason = Words(_("Reason"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("kind") or data.get("complexity") or data.get("urgent") is not None):
            raise ValidationError(_("Say what is to be different."), code="nothing")
        return data


class Refuse(ActionForm):
    reason = forms.ChoiceField(label=_("Ground"), choices=RefusalReason.choices)
    text = Words(_("What the petitioner is told"))


class Redirect(ActionForm):
    text = Words(_("What the petitioner is told"))
    unit_code = UnitCode(_("Unit to turn to"), taking=False, required=False)


class Dispatch(ActionForm):
    lead_unit = UnitCode(_("Lead unit"))
    assisting_units = UnitCodes(_("Assisting units"))
    note = Words(_("Note to the units"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lead, assisting = data.get("lead_unit"), data.get("assisting_units") or []
        if lead in assisting:
            self.add_error("assisting_units", _("The lead unit does not assist itself."))
        for field, chosen in (("lead_unit", [lead] if lead else []), ("assisting_units", assisting)):
            if self.case and (out := kept_out(self.case, chosen)):
                message = _("%(unit)s is kept out of this case, because the petition is about it.")
                self.add_error(field, message % {"unit": out[0].name})
        return data


class Reason(ActionForm):
    reason = Words(_("Reason"))


class OfUnit(ActionForm):
    """``unit`` says for which unit one acts who may for several."""

    unit = UnitCode(_("For which unit"), taking=False, required=False)


class ReasonOfUnit(Reason, OfUnit):
    pass


class AnswerToUnit(OfUnit):
    text = Words(_("Words to the unit"), required=False)


class RequestExtension(ActionForm):
    days = forms.IntegerField(label=_("Further days"), min_value=1, max_value=60)
    reason = Words(_("Reason"))


class Answer(ActionForm):
    text = Words(_("Words to the handler"), required=False)


class Question(ActionForm):
    text = Words(_("Question"))


class GiveOpinion(OfUnit):
    text = Words(_("Opinion"))


class Pause(ActionForm):
    reason = forms.ChoiceField(label=_("Ground"), choices=PauseReason.choices)
    text = Words(_("Explanation"))


class DraftReply(ActionForm):
    text = Words(_("Reply to the petitioner"), shortest=5, longest=LONGEST_REPLY)
    public_text = Words(_("Public text"), shortest=5, longest=LONGEST_REPLY, required=False)


class Opinion(ActionForm):
    opinion = Words(_("Opinion"))


class Publish(ActionForm):
    public_text = Words(_("Public text"), shortest=5, longest=LONGEST_REPLY)
    public_title = forms.CharField(label=_("Public title"), min_length=2, max_length=100, required=False)
    public_question = Words(_("What was asked, in public"), required=False)


class ToPetitioner(ActionForm):
    text = Words(_("What the petitioner is told"))


class RevisePublication(ActionForm):
    public_text = Words(_("Public text"), shortest=5, longest=LONGEST_REPLY)
    reason = Words(_("What is put right, for the readers"), longest=500)


def kept_out(case: Case, chosen: Collection[Unit]) -> list[Unit]:
    """Those of ``chosen`` that are kept out of the case, by themselves or with a superior."""
    paths = case.exclusions.counting().filter(unit__isnull=False).values_list("unit__path", flat=True)
    return [unit for unit in chosen if any(unit.path.startswith(path) for path in paths)]
