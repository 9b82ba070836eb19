"""Which limits of a case run, by its policy. Dates come from ``policies``; ``recounting`` counts them again."""

import datetime
from collections.abc import Sequence

from core.workdays import Pause, calendar_in_force, local_date
from internal_bridge.casework.enums import AFTER_ANSWER, ENDED, ExtensionState, Part
from internal_bridge.casework.models import Case, CaseAssignment, CaseClock
from internal_bridge.policies.enums import Stage, StartEvent
from internal_bridge.policies.services import PolicyRule, assisting_due, basis_of, due_of, policy_for, rules_of

# Limits of the whole case, and of each unit that has it. The others are asked for when they matter.
CASE_STAGES = frozenset(
    {
        *(Stage.REGISTRATION, Stage.FORWARDING, Stage.DISPATCH, Stage.NOTICE, Stage.ANSWER, Stage.FOLLOW_UP, Stage.CLOSING),
        *(Stage.REVIEW_REQUEST, Stage.REVIEW),
    }
)
UNIT_STAGES = frozenset({Stage.SIGN, Stage.RETURN, Stage.RECALL, Stage.ASSIST})
# A right to recall has whoever let a rule dispatch: it is started by that alone.
BY_PART = {
    Part.LEAD: frozenset({Stage.SIGN, Stage.RETURN}),
    Part.ASSISTING: frozenset({Stage.SIGN, Stage.RETURN, Stage.ASSIST}),
}
# The dates of these bind the office as a whole, in this order of preference, as the limit that lists show.
LEADING_STAGES = (Stage.ANSWER, Stage.DISPATCH, Stage.FORWARDING)
# What stands still in a pause: what waits for others. A unit signs, and the petitioner is given notice, whoever is waited for.
PAUSED_STAGES = frozenset({Stage.ANSWER, Stage.ASSIST})


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
        for stage, rule in rules_for(case).items()
        if stage in CASE_STAGES and rule.starts_at in starts
    ]
    for clock in clocks:
        if clock.stage == Stage.REGISTRATION:
            clock.stopped_at = at
    case.due_on = _leading({clock.stage: clock.due_on for clock in clocks if clock.stopped_at is None})
    return clocks


def rule_of(case: Case, stage: Stage) -> PolicyRule | None:
    """The rule of a stage under the case's policy, if it has one."""
    return rules_for(case).get(stage)


def start_clocks(case: Case, event: StartEvent, on: datetime.date) -> None:
    """Start the limits of the whole case that run from ``event``; what runs already keeps running."""
    running = set(case.clocks.filter(assignment=None, stopped_at=None).values_list("stage", flat=True))
    for stage, rule in rules_for(case).items():
        if stage in CASE_STAGES and stage not in running and rule.starts_at == event:
            _start(case, rule, on)
    show_limit(case)


def start_recall_clock(assignment: CaseAssignment, on: datetime.date) -> None:
    """A rule has dispatched it: how long the dispatcher may take it back. The limit stays when the kind is changed later."""
    if rule := rule_of(assignment.case, Stage.RECALL):
        _start(assignment.case, rule, on, assignment)


def start_unit_clocks(assignment: CaseAssignment, on: datetime.date) -> None:
    """Start the limits of a unit that has just been given the case."""
    case = assignment.case
    for stage, rule in rules_for(case).items():
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
    show_limit(case)


def stop_unit_clocks(case: Case, at: datetime.datetime, *, assignment: CaseAssignment | None = None) -> None:
    """The units have the case no more, or this one."""
    stop_clocks(case, at, *UNIT_STAGES, assignment=assignment, dropped=True)


def stop_all_clocks(case: Case, at: datetime.datetime) -> None:
    """The case has ended, or is answered."""
    case.clocks.filter(stopped_at=None).update(stopped_at=at, dropped=True)
    show_limit(case)


def let_extension_lapse(case: Case, at: datetime.datetime) -> None:
    """Nobody decides any more on more time for what has been done, or for a unit that has the case no more."""
    case.extensions.filter(state=ExtensionState.PENDING).update(state=ExtensionState.LAPSED, decided_at=at)


def pauses_of(case: Case) -> list[Pause]:
    """The days that the pauses of ``case`` leave out, of all its rounds; the one that is open has no last day yet."""
    return [
        Pause.between(local_date(begun), last) for begun, last in case.pauses.order_by("pk").values_list("begun_at", "last_on")
    ]


def limit_of(case: Case, stage: Stage, start: datetime.date) -> datetime.date | None:
    """The last day of a stage that has no clock of its own, such as the recall; None without a rule."""
    rule = rule_of(case, stage)
    return due_of(rule, start=start).due if rule else None


def rules_for(case: Case) -> dict[Stage, PolicyRule]:
    """The rule of each stage under the case's policy, for its kind and complexity."""
    return rules_of(case.policy, kind=case.kind, complexity=case.complexity) if case.policy else {}


def _start(case: Case, rule: PolicyRule, on: datetime.date, assignment: CaseAssignment | None = None) -> CaseClock:
    clock = new_clock(case, rule, on, assignment)
    clock.save()
    return clock


def new_clock(
    case: Case,
    rule: PolicyRule,
    on: datetime.date,
    assignment: CaseAssignment | None = None,
    *,
    extra_days: int = 0,
    marked_on: datetime.date | None = None,
    pauses: Sequence[Pause] = (),
) -> CaseClock:
    """A limit that starts on ``on``, not yet saved: its last day, how that was found, and where the rule stands written.

    ``marked_on`` is the day on which the case was marked urgent, if not on the day of the start. ``pauses`` count where the
    limit stands still in one.
    """
    pauses = pauses if rule.stage in PAUSED_STAGES else ()
    expedited_on = (marked_on or on) if case.expedited and rule.stage == Stage.ANSWER else None
    counted = due_of(rule, start=on, extra_days=extra_days, pauses=pauses)
    if expedited_on is not None:
        # Due on the day it is marked; what was late before that day stays so.
        at_once = due_of(rule, start=expedited_on, expedited=True, extra_days=extra_days, pauses=pauses)
        counted = min(at_once, counted, key=lambda each: each.due)
    due = counted.due
    if rule.stage == Stage.ASSIST:
        due = assisting_due(rule, start=on, answer_due=case.due_on, pauses=pauses)
    return CaseClock(
        case=case,
        assignment=assignment,
        stage=rule.stage,
        started_on=on,
        due_on=due,
        provisional=counted.provisional,
        explanation=counted.explanation,
        basis=basis_of(rule),
        days=rule.days,
        day_kind=rule.day_kind,
        extra_days=extra_days,
        expedited_on=expedited_on,
        calendar_edition=calendar_in_force().edition,
    )


def show_limit(case: Case) -> None:
    """The date that lists show: the answer's, else that of the dispatch."""
    if case.state in ENDED | AFTER_ANSWER:
        return
    running = dict(case.clocks.filter(assignment=None, stopped_at=None).values_list("stage", "due_on"))
    case.due_on = _leading(running)


def _leading(running: dict[str, datetime.date]) -> datetime.date | None:
    return next((running[stage] for stage in LEADING_STAGES if stage in running), None)
