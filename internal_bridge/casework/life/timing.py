"""Which limits of a case run, by the policy that it is under. Dates come from ``policies``; pauses come later."""

import datetime
from typing import Any

from core.workdays import local_date
from internal_bridge.casework.enums import AFTER_ANSWER, ENDED, ExtensionState, Part
from internal_bridge.casework.models import Case, CaseAssignment, CaseClock
from internal_bridge.policies.enums import PUBLIC_STAGE, Stage, StartEvent
from internal_bridge.policies.services import PolicyRule, assisting_due, basis_of, due_of, policy_for, rules_of

# Limits of the whole case, and of each unit that has it. The others are asked for when they matter.
CASE_STAGES = frozenset(
    {
        *(Stage.REGISTRATION, Stage.FORWARDING, Stage.DISPATCH, Stage.NOTICE, Stage.ANSWER, Stage.CLOSING),
        *(Stage.REVIEW_REQUEST, Stage.REVIEW),
    }
)
UNIT_STAGES = frozenset({Stage.SIGN, Stage.RETURN, Stage.ASSIST})
BY_PART = {Part.LEAD: UNIT_STAGES - {Stage.ASSIST}, Part.ASSISTING: UNIT_STAGES}
# The dates of these bind the office as a whole, in this order of preference, as the limit that lists show.
LEADING_STAGES = (Stage.ANSWER, Stage.DISPATCH, Stage.FORWARDING)


def choose_policy(case: Case) -> None:
    """Put ``case`` under the policy that holds for its kind on the day of its receipt. Raises ``NoPolicy``."""
    case.policy = policy_for(kind=case.kind, on=local_date(case.received_at))


def first_clocks(case: Case, at: datetime.datetime) -> list[CaseClock]:
    """The limits that a case has when it is registered, not yet saved; the registration's own is met at once.

    ``case``, which need not be saved either, gets its policy, unless it has one, and the date that lists show. Raises
    ``NoPolicy``.
    """
    if case.policy_id is None:
        choose_policy(case)
    starts = {StartEvent.RECEIVED: local_date(case.received_at), StartEvent.REGISTERED: local_date(at)}
    clocks = [
        new_clock(case, rule, starts[StartEvent(rule.starts_at)])
        for stage, rule in _rules(case).items()
        if stage in CASE_STAGES and rule.starts_at in starts
    ]
    for clock in clocks:
        if clock.stage == Stage.REGISTRATION:
            clock.stopped_at = at
    case.due_on = _leading({clock.stage: clock.due_on for clock in clocks if clock.stopped_at is None})
    return clocks


def rule_of(case: Case, stage: Stage) -> PolicyRule | None:
    """The rule of a stage under the case's policy, if it has one."""
    return _rules(case).get(stage)


def start_clocks(case: Case, event: StartEvent, on: datetime.date) -> None:
    """Start the limits of the whole case that run from ``event``; what runs already keeps running."""
    running = set(case.clocks.filter(assignment=None, stopped_at=None).values_list("stage", flat=True))
    for stage, rule in _rules(case).items():
        if stage in CASE_STAGES and stage not in running and rule.starts_at == event:
            _start(case, rule, on)
    _show_limit(case)


def start_unit_clocks(assignment: CaseAssignment, on: datetime.date) -> None:
    """Start the limits of a unit that has just been given the case."""
    case = assignment.case
    for stage, rule in _rules(case).items():
        if stage in BY_PART[Part(assignment.part)]:
            _start(case, rule, on, assignment)


def stop_clocks(
    case: Case, at: datetime.datetime, *stages: Stage, assignment: CaseAssignment | None = None, dropped: bool = False
) -> None:
    """Stop the running limits of ``stages``, of one unit where it is given; ``dropped``: they do not apply any more."""
    running = case.clocks.filter(stage__in=stages, stopped_at=None)
    if assignment is not None:
        running = running.filter(assignment=assignment)
    running.update(stopped_at=at, dropped=dropped)
    _show_limit(case)


def stop_unit_clocks(case: Case, at: datetime.datetime, *, assignment: CaseAssignment | None = None) -> None:
    """The units have the case no more, or this one."""
    stop_clocks(case, at, *UNIT_STAGES, assignment=assignment, dropped=True)


def stop_all_clocks(case: Case, at: datetime.datetime) -> None:
    """The case has ended, or is answered."""
    case.clocks.filter(stopped_at=None).update(stopped_at=at, dropped=True)
    _show_limit(case)


def recount_answer(case: Case, at: datetime.datetime, *, extra_days: int | None = None) -> None:
    """Count the answer's limit again from the same start, after its rule or its extension has changed."""
    clock = case.clocks.filter(stage=Stage.ANSWER, stopped_at=None).first()
    rule = rule_of(case, Stage.ANSWER)
    if clock is None or rule is None:
        return
    extra = clock.extra_days if extra_days is None else extra_days
    clock.stopped_at, clock.dropped = at, True
    clock.save(update_fields=["stopped_at", "dropped"])
    _start(case, rule, clock.started_on, extra_days=extra)
    _show_limit(case)


def recount_case(case: Case, at: datetime.datetime, begun: dict[StartEvent, datetime.date]) -> None:
    """Count all limits of the whole case again that still run, by its rules as they are now; what was met stays met.

    ``begun`` has the dates of the events that have happened. In a later round the answer's limit keeps its start.
    """
    clocks = list(case.clocks.filter(assignment=None, dropped=False))
    running = {clock.stage: clock for clock in clocks if clock.stopped_at is None}
    met = {clock.stage for clock in clocks if clock.stopped_at is not None} - set(running)
    case.clocks.filter(pk__in=[clock.pk for clock in running.values()]).update(stopped_at=at, dropped=True)
    for stage, rule in _rules(case).items():
        start = begun.get(StartEvent(rule.starts_at))
        if stage not in CASE_STAGES or stage in met or start is None:
            continue
        before = running.get(stage)
        if before is not None and case.round > 1:
            start = before.started_on
        _start(case, rule, start, extra_days=before.extra_days if before else 0)
    _show_limit(case)


def restart_answer(case: Case, on: datetime.date) -> None:
    """A case that is handled again has the answer's whole limit from ``on``."""
    if rule := rule_of(case, Stage.ANSWER):
        _start(case, rule, on)
    _show_limit(case)


def let_extension_lapse(case: Case, at: datetime.datetime) -> None:
    """Nobody decides any more on more time for what has been done, or for a unit that has the case no more."""
    case.extensions.filter(state=ExtensionState.PENDING).update(state=ExtensionState.LAPSED, decided_at=at)


def limit_of(case: Case, stage: Stage, start: datetime.date) -> datetime.date | None:
    """The last day of a stage that has no clock of its own, such as the recall; None without a rule."""
    rule = rule_of(case, stage)
    return due_of(rule, start=start).due if rule else None


def deadlines_of(case: Case, today: datetime.date) -> list[dict[str, Any]]:
    """What the citizen is told of all limits, as case.status/1.json has them."""
    shown = []
    for clock in case.clocks.filter(assignment=None, dropped=False):
        stage = PUBLIC_STAGE.get(Stage(clock.stage))
        if stage is not None:
            shown.append(
                {
                    "stage": stage.value,
                    "due": clock.due_on.isoformat(),
                    "basis": clock.basis,
                    "state": clock_state(case, clock, today),
                    "explanation": clock.explanation,
                }
            )
    return shown


def clock_state(case: Case, clock: CaseClock, today: datetime.date) -> str:
    """``running``, ``paused``, ``met`` or ``overdue`` (11, deadlines)."""
    last = local_date(clock.stopped_at) if clock.stopped_at else today
    if last > clock.due_on:
        return "overdue"
    if clock.stopped_at:
        return "met"
    return "paused" if case.paused_at and clock.stage == Stage.ANSWER else "running"


def _rules(case: Case) -> dict[Stage, PolicyRule]:
    return rules_of(case.policy, kind=case.kind, complexity=case.complexity) if case.policy else {}


def _start(
    case: Case, rule: PolicyRule, on: datetime.date, assignment: CaseAssignment | None = None, extra_days: int = 0
) -> CaseClock:
    clock = new_clock(case, rule, on, assignment, extra_days)
    clock.save()
    return clock


def new_clock(
    case: Case, rule: PolicyRule, on: datetime.date, assignment: CaseAssignment | None = None, extra_days: int = 0
) -> CaseClock:
    """A limit that starts on ``on``, not yet saved: its last day, how that was found, and where the rule stands written."""
    counted = due_of(rule, start=on, expedited=case.expedited, extra_days=extra_days)
    due = counted.due
    if rule.stage == Stage.ASSIST:
        due = assisting_due(rule, start=on, answer_due=case.due_on)
    return CaseClock(
        case=case,
        assignment=assignment,
        stage=rule.stage,
        started_on=on,
        due_on=due,
        provisional=counted.provisional,
        explanation=[{"code": step.code, "params": step.params} for step in counted.steps],
        basis=basis_of(rule),
        days=rule.days,
        day_kind=rule.day_kind,
        extra_days=extra_days,
    )


def _show_limit(case: Case) -> None:
    """The date that lists show: the answer's, else that of the dispatch."""
    if case.state in ENDED | AFTER_ANSWER:
        return
    running = dict(case.clocks.filter(assignment=None, stopped_at=None).values_list("stage", "due_on"))
    case.due_on = _leading(running)


def _leading(running: dict[str, datetime.date]) -> datetime.date | None:
    return next((running[stage] for stage in LEADING_STAGES if stage in running), None)
