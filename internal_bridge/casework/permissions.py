"""Who acts on a case as what, as small predicates."""

from rules.predicates import predicate

from core.models import User
from internal_bridge.casework.enums import PRESENT, Actor, Part
from internal_bridge.casework.models import Case, CaseAssignment
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import is_dispatcher, is_handler, is_head, is_inspector, roles_of
from internal_bridge.workflow.services import principals_of

__all__ = [
    "actors_of",
    "can_intake_case",
    "can_open_identity",
    "can_propose_redaction",
    "can_see_cases",
    "can_urge_case",
    "can_urge_cases",
    "is_dispatcher_of_case",
    "is_handler",
    "is_head",
    "own_actors",
    "present_assignments",
    "principal_of",
    "speaks_for",
]

BY_ROLE = {
    (Role.HANDLER, Part.LEAD): Actor.HANDLER,
    (Role.HEAD, Part.LEAD): Actor.HEAD,
    (Role.HANDLER, Part.ASSISTING): Actor.ASSISTING_HANDLER,
    (Role.HEAD, Part.ASSISTING): Actor.ASSISTING_HEAD,
}

can_see_cases = is_dispatcher | is_inspector | is_handler | is_head
can_intake_case = is_dispatcher
can_propose_redaction = is_handler | is_dispatcher
# Who hands cases out, who watches over them, and who answers for a unit.
can_urge_cases = is_dispatcher | is_inspector | is_head


def present_assignments(case: Case) -> list[CaseAssignment]:
    """The units that have the case now, the lead first."""
    return [row for row in case.assignments.select_related("unit") if row.state in PRESENT]


@predicate
def is_dispatcher_of_case(person: User, case: Case) -> bool:
    """Whether ``person``, who may see the case, does so as its dispatcher: for the city, or for a unit that it names."""
    held = roles_of(person)
    if held.covers_city(Role.DISPATCHER):
        return True
    if Role.DISPATCHER not in held.roles:
        return False
    return Case.objects.filter(pk=case.pk).dispatched_by(person).exists()


def actors_of(person: User, case: Case) -> frozenset[Actor]:
    """As what ``person`` may act on ``case``, by own rights or in the place of somebody. The caller has looked whether the
    person may see it."""
    return frozenset().union(*(own_actors(who, case) for who in _standing_for(person, case)))


def own_actors(person: User, case: Case) -> frozenset[Actor]:
    """As what ``person`` may act on ``case`` by rights of their own."""
    held = roles_of(person)
    found = {Actor.DISPATCHER} if is_dispatcher_of_case(person, case) else set()
    if held.roles & {Role.HANDLER, Role.HEAD}:
        for assignment in present_assignments(case):
            for (role, part), actor in BY_ROLE.items():
                if part == assignment.part and held.covers(role, assignment.unit.path):
                    found.add(actor)
    return frozenset(found)


def principal_of(person: User, case: Case, wanted: frozenset[Actor]) -> User:
    """In whose place ``person`` acts as one of ``wanted``: the person's own where they may, else the one they stand in for."""
    return next((who for who in _standing_for(person, case) if wanted & own_actors(who, case)), person)


def speaks_for(person: User, assignment: CaseAssignment) -> bool:
    """Whether ``person`` is handler or head of the assignment's unit, or stands in for one who is."""
    return any(
        roles_of(who).covers(role, assignment.unit.path)
        for who in _standing_for(person, assignment.case)
        for role in (Role.HANDLER, Role.HEAD)
    )


def _standing_for(person: User, case: Case) -> list[User]:
    """``person``, and those whom they stand in for today and who may know of the case (委托代办)."""
    principals = principals_of(person)
    return [person, *(who for who in principals if Case.objects.known_to(who).filter(pk=case.pk).exists())]


@predicate
def can_open_identity(person: User, case: Case) -> bool:
    """Dispatchers of the case; handler and head of the lead unit, unless the petitioner withholds the name from them."""
    actors = actors_of(person, case)
    if Actor.DISPATCHER in actors:
        return True
    return not case.withhold_identity and bool(actors & {Actor.HANDLER, Actor.HEAD})


@predicate
def can_urge_case(person: User, case: Case) -> bool:
    """Whether ``person``, who may see the case, may urge whoever has it: its dispatcher, an inspector, the unit's own head."""
    if is_inspector(person) or is_dispatcher_of_case(person, case):
        return True
    return bool(actors_of(person, case) & {Actor.HEAD, Actor.ASSISTING_HEAD})
