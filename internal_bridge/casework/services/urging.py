"""催办: whoever hands cases out or watches over them asks the units that have one to get on with it."""

from django.core.exceptions import PermissionDenied

from core.models import User
from internal_bridge.casework.enums import Step
from internal_bridge.casework.life.waiting import source_of
from internal_bridge.casework.models import Case
from internal_bridge.casework.permissions import can_urge_case
from internal_bridge.workflow.services import WorkItem, urge_items

# What waits for a unit; a dispatcher's own steps are not urged.
URGED = frozenset({Step.SIGN, Step.HANDLE, Step.GIVE_OPINION, Step.DECIDE_EXTENSION, Step.REVIEW})


def urge_case(*, person: User, number: str, text: str, key: str | None) -> int:
    """Urge whoever has the case to do what waits for them; how many items were urged.

    Raises ``Case.DoesNotExist``, ``PermissionDenied``, and what ``workflow.urge_items`` raises.
    """
    case = Case.objects.visible_to(person).get(number=number)
    if not can_urge_case(person, case):
        raise PermissionDenied
    return urge_items(by=person, source=source_of(case), text=text, key=key, steps=sorted(URGED))


def waits_for_units(case: Case) -> bool:
    """Whether a unit has anything to do with the case, so that it can be urged."""
    source = source_of(case)
    return WorkItem.objects.open().of_source(source.app, source.uid).filter(step__in=sorted(URGED)).exists()
