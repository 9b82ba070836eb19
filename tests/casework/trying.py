"""Tries actions on a case in a situation, as somebody, and says what is not as ``expected`` has it. Each try is undone."""

from collections.abc import Iterator, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.events import events_of
from core.models import User
from internal_bridge.casework.enums import Action
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import Refused, StaleVersion, WrongState, offers, perform_action
from tests.casework.expected import FIELDS, SITUATIONS, Situation, afterwards, expected
from tests.casework.office import ASSISTING
from tests.casework.situations import Standing


def mismatches(town: Standing, situation: Situation, people: Mapping[str, str]) -> list[str]:
    """One sentence each, for everybody of ``people`` (who they are to the case: their login) and all actions."""
    with transaction.atomic():
        case = town.bring(situation)
        assert (case.state, own_state(case)) == (situation.state, situation.assisting), "the situation itself"
        found = [wrong for who, login in people.items() for wrong in _of_one(town.people[login], who, case, situation)]
        transaction.set_rollback(True)
    return found


def own_state(case: Case) -> str:
    """The state of the assisting unit's latest assignment."""
    last = case.assignments.filter(unit__code=ASSISTING).order_by("pk").last()
    return last.state if last else ""


def _of_one(person: User, who: str, case: Case, situation: Situation) -> Iterator[str]:
    outcomes = {action: expected(situation, who, action) for action in Action.values}
    for action in _tried(situation, set(outcomes.values())):
        got = _try(case, person, action, situation, who)
        if got != outcomes[action]:
            yield f"{action} by {who} from {situation.name}: {got} instead of {outcomes[action]}"
    offered = {action: said for action, said in outcomes.items() if said not in ("403", "404", "state")}
    if (got := _offered(case, person)) != offered:
        yield f"{who} is offered {got} from {situation.name} instead of {offered}"


def _tried(situation: Situation, outcomes: set[str]) -> list[str]:
    """All actions; of who is refused everything alike, in a situation that is another's variant, a few: those take turns."""
    if situation.assisting == situation.also == "" or len(outcomes) > 1:
        return Action.values
    turn = SITUATIONS.index(situation)
    return [action for place, action in enumerate(Action.values) if (place + turn) % 10 == 0]


def _try(case: Case, person: User, action: str, situation: Situation, who: str) -> str:
    """What becomes of it, in the words of ``expected``; what is done is looked at."""
    events = events_of(case.subject).count() if expected(situation, who, action) == "done" else 0
    try:
        with transaction.atomic():
            after = perform_action(
                person=person,
                number=case.number,
                action=Action(action),
                version=case.version,
                fields=FIELDS.get(action, {}),
                key=None,
            )
            wrong = _wrong(case, after, action, situation, who, events)
            transaction.set_rollback(True)
    except Case.DoesNotExist:
        return "404"
    except PermissionDenied:
        return "403"
    except WrongState:
        return "state"
    except Refused as refused:
        return refused.code
    except StaleVersion:
        return "stale"
    return f"done, and then {wrong}" if wrong else "done"


def _wrong(before: Case, after: Case, action: str, situation: Situation, who: str, events: int) -> str:
    """What is not as it should be once it is done."""
    now = after.state, own_state(after)
    if now != afterwards(situation, who, action):
        return f"it is {now}"
    if after.version != before.version + 1:
        return f"it has version {after.version} after {before.version}"
    written = events_of(before.subject).count() - events
    return "" if written == 1 else f"{written} events are written"


def _offered(case: Case, person: User) -> dict[str, str]:
    """What a page shows ``person``: actions, each ``done`` or why it is refused."""
    if not Case.objects.visible_to(person).filter(pk=case.pk).exists():
        return {}
    return {str(offer.action): offer.refusal or "done" for offer in offers(case, person)}
