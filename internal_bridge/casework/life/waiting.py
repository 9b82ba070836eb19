"""What a case asks of whom: its work items follow from its state, so none is lost and none is left over."""

import dataclasses
import datetime
from collections.abc import Callable, Collection, Iterator

from core.models import User
from internal_bridge.casework.enums import (
    AFTER_ANSWER,
    BY_CLOCK,
    OPEN,
    PRESENT,
    WITH_UNIT,
    AssignmentState,
    CaseState,
    ExtensionState,
    Part,
    Step,
)
from internal_bridge.casework.life.timing import PAUSED_STAGES
from internal_bridge.casework.models import Case, CaseAssignment, CaseExclusion
from internal_bridge.org.enums import Role
from internal_bridge.org.services import Unit, root_unit, units_with
from internal_bridge.policies.enums import Stage
from internal_bridge.workflow.enums import ItemKind, Outcome
from internal_bridge.workflow.services import (
    NewItem,
    Source,
    ToRole,
    WorkItem,
    change_due,
    close_items,
    free_items,
    open_items,
    open_items_of,
)

APP = "casework"


class NoDirectory(Exception):
    """There is no unit yet whose dispatchers could be told: the petition waits on the bridge until there is."""


# What a state asks for: the step, who takes it, and whose limit binds it.
BY_STATE: dict[CaseState, tuple[Step, Role, Stage]] = {
    CaseState.REGISTERED: (Step.DECIDE, Role.DISPATCHER, Stage.DISPATCH),
    CaseState.ACCEPTED: (Step.DISPATCH, Role.DISPATCHER, Stage.DISPATCH),
    CaseState.DISPATCHED: (Step.SIGN, Role.HANDLER, Stage.SIGN),
    CaseState.RETURNING: (Step.DECIDE_RETURN, Role.DISPATCHER, Stage.ANSWER),
    CaseState.IN_PROGRESS: (Step.HANDLE, Role.HANDLER, Stage.ANSWER),
    CaseState.DRAFTED: (Step.REVIEW, Role.HEAD, Stage.ANSWER),
    CaseState.CHECKING: (Step.CHECK, Role.DISPATCHER, Stage.ANSWER),
}
# What an assisting unit's own state asks for, as long as the case is with the units.
BY_ASSIGNMENT: dict[AssignmentState, tuple[Step, Role, Stage]] = {
    AssignmentState.WAITING: (Step.SIGN, Role.HANDLER, Stage.SIGN),
    AssignmentState.SIGNED: (Step.GIVE_OPINION, Role.HANDLER, Stage.ASSIST),
    AssignmentState.RETURNING: (Step.DECIDE_RETURN, Role.DISPATCHER, Stage.ASSIST),
}
# Of which limit the clock speaks in what it lays before people. A follow-up stays as long as the case is answered and open.
STAGES_OF_NOTICES: dict[Step, frozenset[Stage]] = {
    Step.LIMIT_NEAR: frozenset({Stage.ANSWER}),
    Step.LIMIT_PASSED: frozenset({Stage.ANSWER}),
    Step.DISPATCH_LATE: frozenset({Stage.DISPATCH}),
    Step.SIGN_LATE: frozenset({Stage.SIGN, Stage.NOTICE}),
    Step.OPINION_LATE: frozenset({Stage.ASSIST}),
    Step.REVIEW_LATE: frozenset({Stage.REVIEW}),
}
# Besides: an extension asked for waits for the head of the lead unit, a withdrawal asked for
# waits for the dispatcher, and so does who is not satisfied with an
# answer or asks for a review of it.


@dataclasses.dataclass(frozen=True)
class Facts:
    """What else than the case's own row decides on its work items: its units, its running limits, who looks at it."""

    assignments: list[CaseAssignment]
    # By stage and the assignment's key; None: of the whole case.
    limits: dict[tuple[str, int | None], datetime.date]
    extension_asked: bool
    desk: Callable[[], Unit]


def wanted_items(case: Case) -> Iterator[NewItem]:
    """The work items that should be open: a function of the case's rows alone."""
    return wanted_from(case, facts_of(case))


def facts_of(case: Case) -> Facts:
    """What is known of the case from its rows."""
    return Facts(
        assignments=list(case.assignments.select_related("unit")),
        limits=_limits(case),
        # While a return is asked for, the head cannot decide on it.
        extension_asked=case.state == CaseState.IN_PROGRESS and case.extensions.filter(state=ExtensionState.PENDING).exists(),
        desk=lambda: desk_of(case),
    )


def wanted_from(case: Case, facts: Facts) -> Iterator[NewItem]:
    """As ``wanted_items``, from facts that are at hand."""
    assignments = [assignment for assignment in facts.assignments if assignment.state in PRESENT]
    lead = next((assignment for assignment in assignments if assignment.part == Part.LEAD), None)
    if case.state in BY_STATE:
        step, role, stage = BY_STATE[CaseState(case.state)]
        unit = facts.desk() if role == Role.DISPATCHER or lead is None else lead.unit
        yield _item(case, step, role, unit, _due(case, facts, stage, lead))
    if case.state in WITH_UNIT:
        for assignment in assignments:
            if assignment.part == Part.ASSISTING and assignment.state in BY_ASSIGNMENT:
                step, role, stage = BY_ASSIGNMENT[AssignmentState(assignment.state)]
                unit = facts.desk() if role == Role.DISPATCHER else assignment.unit
                yield _item(case, step, role, unit, _due(case, facts, stage, assignment))
        if lead is not None and facts.extension_asked:
            yield _item(case, Step.DECIDE_EXTENSION, Role.HEAD, lead.unit, _due(case, facts, Stage.ANSWER, None))
    if case.withdrawal_asked_at is not None and case.state in OPEN:
        yield _item(case, Step.DECIDE_WITHDRAWAL, Role.DISPATCHER, facts.desk(), _due(case, facts, Stage.ANSWER, None))
    if case.state in AFTER_ANSWER:
        if case.review_asked_at is not None:
            yield _item(case, Step.DECIDE_REVIEW, Role.DISPATCHER, facts.desk(), facts.limits.get((Stage.REVIEW, None)))
        if case.low_rated_at is not None:
            yield _item(case, Step.DECIDE_REHANDLING, Role.DISPATCHER, facts.desk(), None)


def _due(case: Case, facts: Facts, stage: Stage, assignment: CaseAssignment | None) -> datetime.date | None:
    """By when, in the boxes: while the limit is paused, without one, so that nothing turns red there."""
    if case.paused_at is not None and stage in PAUSED_STAGES:
        return None
    return facts.limits.get((stage, assignment.pk if assignment else None)) or case.due_on


def settle_items(
    case: Case, *, by: User | None, at: datetime.datetime, did: Collection[Step] = (), unit: Unit | None = None
) -> None:
    """Open what is wanted and not there, close what is there and wanted no more.

    What ``by`` has just done, the steps ``did`` (at ``unit`` where it is a unit's), counts as done, the rest as taken back.
    """
    facts = facts_of(case)
    wanted = {_key(item.step, **item.to.columns()): item for item in wanted_from(case, facts)}
    found = open_items_of(source_of(case), kind=ItemKind.DO, also=BY_CLOCK)
    there = {_key(item.step, item.role, item.unit_id): item for item in found}
    for key, item in there.items():
        if item.step in BY_CLOCK and still_true(case, facts, item):
            continue
        if key in wanted:
            if (item.due_on, item.urgent) != (wanted[key].due_on, wanted[key].urgent):
                change_due(
                    source=source_of(case),
                    steps=[item.step],
                    due_on=wanted[key].due_on,
                    unit=item.unit,
                    urgent=wanted[key].urgent,
                )
            continue
        done = item.step in did and (unit is None or item.unit_id == unit.pk or item.role == Role.DISPATCHER)
        outcome = Outcome.DONE if done else Outcome.TAKEN_BACK
        close_items(source=source_of(case), steps=[item.step], unit=item.unit, by=by, at=at, outcome=outcome)
    open_items([item for key, item in wanted.items() if key not in there], at=at)


def still_true(case: Case, facts: Facts, item: WorkItem) -> bool:
    """Whether the limit of which the clock has spoken in ``item`` still runs, to the same day."""
    if item.step == Step.FOLLOW_UP:
        return case.state == CaseState.ANSWERED
    units = {assignment.pk: assignment.unit_id for assignment in facts.assignments}
    return any(
        stage in STAGES_OF_NOTICES[Step(item.step)]
        and due == item.due_on
        and (assignment is None or units.get(assignment) == item.unit_id)
        and not (case.paused_at is not None and stage in PAUSED_STAGES)
        for (stage, assignment), due in facts.limits.items()
    )


def let_read(case: Case, step: Step, *, at: datetime.datetime, role: Role, unit: Unit) -> None:
    """Lay something before those who hold ``role`` at ``unit``, to be read."""
    open_items([NewItem(source=source_of(case), step=step, to=ToRole(role, unit), kind=ItemKind.READ, round=case.round)], at=at)


def free_what_cannot_be_seen(case: Case) -> None:
    """Give back what somebody has in hand who may not know of the case any more: nobody would do it."""
    held = open_items_of(source_of(case), kind=ItemKind.DO)
    free_items([item for item in held if item.claimed_by and not _sees(item.claimed_by.user, case)])


def source_of(case: Case) -> Source:
    """A case as the source of work items."""
    return Source(APP, case.uid)


def desk_of(case: Case) -> Unit:
    """The unit at which the case's dispatchers look: the city, or a unit that is kept out and has deputies for it (04).

    Raises ``NoDirectory``.
    """
    kept_out = case.exclusions.counting().filter(unit__isnull=False).values("unit")
    desk = units_with(Role.DISPATCHER).filter(pk__in=kept_out).order_by("path").first() or root_unit()
    if desk is None:
        raise NoDirectory
    return desk


def desks_of(cases: Collection[Case]) -> dict[int, Unit]:
    """``desk_of`` for many, by the case's key, in as many queries for any number. Raises ``NoDirectory``."""
    kept_out: dict[int, set[int]] = {}
    keys = [case.pk for case in cases]
    for case, unit in CaseExclusion.objects.counting().filter(case__in=keys, unit__isnull=False).values_list("case", "unit"):
        kept_out.setdefault(case, set()).add(unit)
    deputies = list(units_with(Role.DISPATCHER).filter(pk__in=set().union(*kept_out.values())).order_by("path"))
    root = root_unit()
    if root is None:
        raise NoDirectory
    return {pk: next((unit for unit in deputies if unit.pk in kept_out.get(pk, ())), root) for pk in keys}


def _sees(person: User | None, case: Case) -> bool:
    return person is not None and Case.objects.visible_to(person).filter(pk=case.pk).exists()


def _limits(case: Case) -> dict[tuple[str, int | None], datetime.date]:
    """The running limits by stage and assignment; those of the whole case count for the lead and for nobody in particular."""
    rows = case.clocks.filter(stopped_at=None).values_list("stage", "assignment", "due_on")
    return {(stage, assignment): due for stage, assignment, due in rows}


def _item(case: Case, step: Step, role: Role, unit: Unit, due_on: datetime.date | None) -> NewItem:
    return NewItem(
        source=source_of(case), step=step, to=ToRole(role, unit), due_on=due_on, round=case.round, urgent=case.expedited
    )


def _key(step: str, role: str, unit_id: int) -> tuple[str, str, int]:
    return (str(step), str(role), unit_id)
