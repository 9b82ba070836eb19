"""What the dispatcher decides: whether a case is taken, by whom it is handled, whether a unit may give it back."""

import datetime

from core.events import events_of
from core.workdays import local_date
from internal_bridge.casework.enums import AssignmentState, CaseState, EntryKind, Part, Said, Step
from internal_bridge.casework.life.act import Act
from internal_bridge.casework.life.pausing import end_pause
from internal_bridge.casework.life.recounting import recount_answer, recount_case
from internal_bridge.casework.life.telling import tell_status, tell_words
from internal_bridge.casework.life.timing import (
    choose_policy,
    let_extension_lapse,
    start_clocks,
    start_recall_clock,
    start_unit_clocks,
    stop_all_clocks,
    stop_clocks,
    stop_unit_clocks,
)
from internal_bridge.casework.life.waiting import let_read
from internal_bridge.casework.models import Case, CaseAssignment
from internal_bridge.casework.permissions import present_assignments
from internal_bridge.org.enums import Role
from internal_bridge.org.services import Unit
from internal_bridge.policies.enums import Stage, StartEvent


def accept(act: Act) -> None:
    """The policy is fixed; limits that run from here begin."""
    case = act.case
    case.complexity = act.fields.get("complexity") or case.complexity
    case.expedited = bool(act.fields.get("urgent"))
    act.move(CaseState.ACCEPTED)
    # What has just come has never been paused.
    recount_answer(case, act.at, pauses=())
    start_clocks(case, StartEvent.ACCEPTED, local_date(act.at))
    act.params["complexity"] = case.complexity
    tell_status(case, event="accepted", at=act.at)


def reclassify(act: Act) -> None:
    """A recorded decision changes kind, complexity or urgency, and with them the policy (04)."""
    case, fields = act.case, act.fields
    act.note(EntryKind.RECLASSIFICATION, fields["reason"])
    case.complexity = fields["complexity"] or case.complexity
    case.expedited = case.expedited if fields["urgent"] is None else fields["urgent"]
    new_kind = bool(fields["kind"]) and fields["kind"] != case.kind
    if new_kind:
        case.kind = fields["kind"]
        # A report's writer is shielded, whatever was ticked (11).
        case.withhold_identity = case.withhold_identity or case.kind == "report"
        choose_policy(case)
    recount_case(case, act.at, _begun(case))
    act.params |= {"kind": case.kind, "complexity": case.complexity, "urgent": case.expedited}
    if new_kind:
        tell_status(case, event="reclassified", at=act.at, kind=case.kind)


def refuse(act: Act) -> None:
    """The case ends with a reason to the petitioner."""
    act.note(EntryKind.REFUSAL, act.fields["text"], said=Said.TO_PETITIONER, code=act.fields["reason"])
    act.params["reason"] = act.fields["reason"]
    _end(act, CaseState.REFUSED)
    tell_status(act.case, event="refused", at=act.at)
    tell_words(act.case, kind="reason", text=act.fields["text"], at=act.at)


def redirect(act: Act) -> None:
    """The case ends with another way to take (2022 §22)."""
    unit = act.fields["unit_code"]
    act.note(EntryKind.REDIRECTION, act.fields["text"], said=Said.TO_PETITIONER)
    if unit:
        act.params["unit"] = unit.code
    _end(act, CaseState.REDIRECTED)
    tell_status(act.case, event="redirected", at=act.at)
    tell_words(act.case, kind="reason", text=act.fields["text"], at=act.at, unit=unit)


def dispatch(act: Act) -> None:
    """One lead unit answers, others assist it; each has its limits from today."""
    lead, assisting = act.fields["lead_unit"], act.fields.get("assisting_units") or []
    act.note(EntryKind.DISPATCH, act.fields.get("note", ""))
    act.case.lead_unit = lead
    act.params |= {"unit": lead.code, "assisting": [unit.code for unit in assisting]}
    give_to_units(act, lead, assisting)
    tell_status(act.case, event="dispatched", at=act.at)


def auto_dispatch(act: Act) -> None:
    """A rule accepts a consultation and gives it to the unit it names; the dispatcher may recall it within 1 WD (04)."""
    accept(act)
    act.record("accepted", by="rule")
    act.case.auto_dispatched_at = act.at
    dispatch(act)


def give_to_units(act: Act, lead: Unit, assisting: list[Unit]) -> None:
    """Open the assignments, start their clocks, tell the heads."""
    case = act.case
    act.move(CaseState.DISPATCHED)
    stop_clocks(case, act.at, Stage.DISPATCH, Stage.FORWARDING)
    start_clocks(case, StartEvent.DISPATCHED, local_date(act.at))
    for unit in [lead, *assisting]:
        part = Part.LEAD if unit == lead else Part.ASSISTING
        assignment = CaseAssignment.objects.create(case=case, unit=unit, part=part, round=case.round, assigned_at=act.at)
        start_unit_clocks(assignment, local_date(act.at))
        if part == Part.LEAD and case.auto_dispatched_at is not None:
            start_recall_clock(assignment, local_date(act.at))
        let_read(case, Step.ARRIVED, at=act.at, role=Role.HEAD, unit=unit)


def recall(act: Act) -> None:
    """What a rule dispatched comes back to the dispatcher."""
    act.note(EntryKind.RECALL, act.fields["reason"])
    _take_back(act, AssignmentState.RECALLED)


def agree_return(act: Act) -> None:
    """The sender agrees, and only so it is effective (2022 §23(3)): the lead's return sends the case back to be dispatched
    anew, an assisting unit's lets only that unit go."""
    act.note(EntryKind.RETURN_DECISION, act.fields["text"])
    act.params["unit"] = act.own.unit.code
    if act.own.part == Part.LEAD:
        let_read(act.case, Step.DECIDED, at=act.at, role=Role.HANDLER, unit=act.own.unit)
        _take_back(act, AssignmentState.RETURNED)
        return
    _close_assignment(act, act.own, AssignmentState.RETURNED)


def decline_return(act: Act) -> None:
    """The unit keeps it, in the state in which it asked."""
    act.note(EntryKind.RETURN_DECISION, act.fields["text"])
    act.params["unit"] = act.own.unit.code
    signed = act.own.signed_at is not None
    act.own.state = AssignmentState.SIGNED if signed else AssignmentState.WAITING
    act.own.save(update_fields=["state"])
    if act.own.part == Part.LEAD:
        act.move(CaseState.IN_PROGRESS if signed else CaseState.DISPATCHED)
    let_read(act.case, Step.DECIDED, at=act.at, role=Role.HANDLER, unit=act.own.unit)


def agree_withdrawal(act: Act) -> None:
    """The petitioner takes the petition back."""
    for assignment in present_assignments(act.case):
        let_read(act.case, Step.TAKEN, at=act.at, role=Role.HANDLER, unit=assignment.unit)
        _close_assignment(act, assignment, AssignmentState.RECALLED)
    let_extension_lapse(act.case, act.at)
    _end(act, CaseState.WITHDRAWN)
    tell_status(act.case, event="withdrawn", at=act.at)


def decline_withdrawal(act: Act) -> None:
    """The case goes on; the petitioner is told why."""
    act.note(EntryKind.WITHDRAWAL_DECISION, act.fields["text"], said=Said.TO_PETITIONER)
    act.case.withdrawal_asked_at = None
    tell_status(act.case, event="withdrawal_declined", at=act.at)
    tell_words(act.case, kind="reason", text=act.fields["text"], at=act.at)


def close(act: Act) -> None:
    """Nothing more is done; answer and publication stay."""
    stop_clocks(act.case, act.at, Stage.CLOSING)
    stop_clocks(act.case, act.at, Stage.FOLLOW_UP, dropped=True)
    act.move(CaseState.CLOSED)
    number = act.case.replies.count()
    tell_status(act.case, event="closed", at=act.at, answer=number)


def _end(act: Act, state: CaseState) -> None:
    act.move(state)
    stop_all_clocks(act.case, act.at)
    if act.case.paused_at is not None:
        end_pause(act.case, act.at)
    act.case.due_on, act.case.withdrawal_asked_at = None, None


def _take_back(act: Act, state: AssignmentState) -> None:
    """All units lose the case: the lead as ``state`` says, the assisting ones with it; it waits to be dispatched again."""
    for assignment in present_assignments(act.case):
        own = assignment == act.assignment
        if not own:
            let_read(act.case, Step.TAKEN, at=act.at, role=Role.HANDLER, unit=assignment.unit)
        _close_assignment(act, assignment, state if own or state == AssignmentState.RECALLED else AssignmentState.RECALLED)
    let_extension_lapse(act.case, act.at)
    # Only what a rule has dispatched is recalled, not what a person dispatches next.
    act.case.lead_unit = act.case.handler = act.case.auto_dispatched_at = None
    act.move(CaseState.ACCEPTED)
    # The answer's limit runs on: a return costs time, it does not give any.
    start_clocks(act.case, StartEvent.ACCEPTED, local_date(act.at))


def _close_assignment(act: Act, assignment: CaseAssignment, state: AssignmentState) -> None:
    assignment.state, assignment.done_at = state, act.at
    assignment.save(update_fields=["state", "done_at"])
    stop_unit_clocks(act.case, act.at, assignment=assignment)


def _begun(case: Case) -> dict[StartEvent, datetime.date]:
    """The events from which limits run, as far as they have happened and their limits may still be met."""
    dates = {StartEvent.RECEIVED: local_date(case.received_at), StartEvent.REGISTERED: local_date(case.registered_at)}
    accepted = events_of(case.subject).filter(name="accepted").first()
    if accepted is not None:
        dates[StartEvent.ACCEPTED] = local_date(accepted.at)
    for assignment in present_assignments(case):
        # Who has signed for it has told the petitioner so.
        if assignment.part == Part.LEAD and assignment.signed_at is None:
            dates[StartEvent.DISPATCHED] = local_date(assignment.assigned_at)
    return dates
