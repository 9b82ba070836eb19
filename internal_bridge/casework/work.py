"""Cases as what work items are about: how they look in the inbox, and who may know of them."""

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.encoding import force_str

from core.enums import PetitionKind
from core.models import User
from internal_bridge.casework.enums import CaseState, Step
from internal_bridge.casework.models import Case
from internal_bridge.workflow.registry import Presented, SourceType

SHOWN = ("uid", "number", "kind", "state", "title", "lead_unit__short_name", "lead_unit__name")


class CaseSource(SourceType):
    """The cases of this office."""

    app = "casework"

    def visible(self, person: User) -> QuerySet[Any]:
        return Case.objects.visible_to(person)

    def present(self, uids: set[uuid.UUID], person: User) -> dict[uuid.UUID, Presented]:
        cases = Case.objects.visible_to(person).filter(uid__in=uids).select_related("lead_unit").only(*SHOWN)
        return {case.uid: _presented(case) for case in cases}

    def step_label(self, step: str) -> str:
        return force_str(Step(step).label) if step in Step.values else step

    def search(self, person: User, text: str) -> QuerySet[Any]:
        """By number, title, place, or the unit that has it."""
        cases = Case.objects.visible_to(person)
        found = Q(number__startswith=text) | Q(title__icontains=text) | Q(place__icontains=text)
        return cases.filter(found | Q(lead_unit__name__contains=text))


def _presented(case: Case) -> Presented:
    facts: list[object] = [PetitionKind(case.kind).label]
    if case.lead_unit is not None:
        facts.append(case.lead_unit.short_name or case.lead_unit.name)
    facts.append(CaseState(case.state).label)
    return Presented(
        title=case.title,
        url=reverse("casework:detail", args=[case.number]),
        number=case.number,
        subtitle=" · ".join(force_str(fact) for fact in facts),
    )
