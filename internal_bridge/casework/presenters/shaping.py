"""The form of an action as a page asks for it: what a choice leads to stands beside the choice."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import PetitionKind
from core.models import User
from core.workdays import local_date
from internal_bridge.casework.enums import Action, AssignmentState, Part
from internal_bridge.casework.models import Case, CaseAssignment
from internal_bridge.casework.permissions import present_assignments, speaks_for
from internal_bridge.casework.presenters.fields import dress
from internal_bridge.org.services import all_units
from internal_bridge.policies.enums import Complexity, Stage
from internal_bridge.policies.presenters import short_day
from internal_bridge.policies.services import due_of, rules_of

UNITS_LIST = "units"


def shaped(form: Any, action: Action, case: Case, person: User) -> tuple[Any, tuple[str, ...]]:
    """The form, and the names of the fields that there is no need to ask for."""
    left_out: list[str] = []
    for name, shape in SHAPES.items():
        if name in form.fields and not shape(form, action, case, person):
            left_out.append(name)
    return dress(form), tuple(left_out)


def _complexity(form: Any, action: Action, case: Case, _person: User) -> bool:
    """Only a complaint knows the difference; each choice says by when it is to be answered."""
    if case.kind != PetitionKind.COMPLAINT and action == Action.ACCEPT:
        return False
    choices = [(value, _with_day(case, value, str(label))) for value, label in Complexity.choices]
    if action == Action.RECLASSIFY:
        choices.insert(0, ("", _("As it is: %(now)s") % {"now": Complexity(case.complexity).label}))
        form.initial.setdefault("complexity", "")
    else:
        form.initial.setdefault("complexity", case.complexity)
    _radios(form.fields["complexity"], choices)
    return True


def _with_day(case: Case, complexity: str, label: str) -> str:
    if case.policy is None:
        return label
    rule = rules_of(case.policy, kind=case.kind, complexity=complexity).get(Stage.ANSWER)
    if rule is None:
        return label
    due = due_of(rule, start=local_date(case.received_at)).due
    day = short_day(due, local_date(timezone.now()))
    return _("%(complexity)s: the answer is due on %(day)s") % {"complexity": label, "day": day}


def _kind(form: Any, _action: Action, case: Case, _person: User) -> bool:
    now = _("As it is: %(now)s") % {"now": PetitionKind(case.kind).label}
    form.fields["kind"].widget.choices = [("", now), *PetitionKind.choices]
    return True


def _urgent(form: Any, _action: Action, _case: Case, _person: User) -> bool:
    field = form.fields["urgent"]
    if isinstance(field, forms.NullBooleanField):
        choices = [("unknown", _("As it is")), ("true", _("Urgent: due today")), ("false", _("Not urgent"))]
        field.widget.choices = choices
        field.label = _("Urgency")
    return True


def _reason(form: Any, _action: Action, _case: Case, _person: User) -> bool:
    field = form.fields["reason"]
    if isinstance(field, forms.ChoiceField):
        given: Any = field.choices
        _radios(field, list(given))
    return True


def _unit(form: Any, action: Action, case: Case, person: User) -> bool:
    """Asked for only where somebody may act for several of the case's units."""
    if action in (Action.AGREE_RETURN, Action.DECLINE_RETURN):
        held = [row for row in present_assignments(case) if row.state == AssignmentState.RETURNING]
    else:
        held = [row for row in present_assignments(case) if speaks_for(person, row)]
    if len(held) < 2:
        return False
    form.fields["unit"].widget = forms.Select(choices=[(row.unit.code, _unit_words(row)) for row in held])
    return True


def _unit_words(row: CaseAssignment) -> str:
    return _("%(unit)s (%(part)s)") % {"unit": row.unit.short_name, "part": Part(row.part).label}


def _unit_code(form: Any, _action: Action, _case: Case, _person: User) -> bool:
    form.fields["unit_code"].widget.attrs |= {"list": UNITS_LIST, "autocomplete": "off"}
    form.fields["unit_code"].help_text = _("Begin with the name and choose from the list; the code is entered.")
    return True


def offered_units() -> list[tuple[str, str]]:
    """Code and name of every open unit, for the browser's own list."""
    return list(all_units().open().order_by("path").values_list("code", "short_name"))


def _radios(field: Any, choices: list[Any]) -> None:
    field.choices = choices
    field.widget = forms.RadioSelect(choices=choices)
    field.widget.is_required = field.required


SHAPES: dict[str, Callable[[Any, Action, Case, User], bool]] = {
    "complexity": _complexity,
    "kind": _kind,
    "urgent": _urgent,
    "reason": _reason,
    "unit": _unit,
    "unit_code": _unit_code,
}
