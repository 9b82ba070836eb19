"""The life of one case, told in memory: the same rows as the actions of the table leave, not yet saved.

Limits come from ``life.timing`` and ``policies``; a test holds what is written here to what the services would ask for.
"""

import dataclasses
import datetime
from typing import Any

from core.models import User
from core.workdays import local_date
from internal_bridge.casework.enums import AssignmentState, CaseState, EntryKind, ExtensionState, Part, PauseReason, Said
from internal_bridge.casework.life.pausing import pause_until
from internal_bridge.casework.life.timing import BY_PART, CASE_STAGES, LEADING_STAGES, first_clocks, new_clock
from internal_bridge.casework.life.waiting import Facts
from internal_bridge.casework.models import (
    Case,
    CaseAssignment,
    CaseClock,
    CaseEntry,
    CaseExtension,
    CasePause,
    CaseReply,
    ReplyDraft,
)
from internal_bridge.org.services import Person, Unit
from internal_bridge.policies.enums import Stage, StartEvent
from internal_bridge.policies.services import PolicyRule, rules_of

REPLY = "您好，您反映的问题已收悉。经核实，我单位已安排专人到现场处理，并将继续跟进。感谢您的监督。"


@dataclasses.dataclass(frozen=True)
class Desk:
    """A unit that takes cases, with its handler and head."""

    unit: Unit
    handler: User
    head: User
    person: Person


@dataclasses.dataclass
class Story:
    """A case and everything that hangs on it."""

    case: Case
    dispatcher: User
    clocks: list[CaseClock] = dataclasses.field(default_factory=list)
    assignments: list[CaseAssignment] = dataclasses.field(default_factory=list)
    entries: list[CaseEntry] = dataclasses.field(default_factory=list)
    pauses: list[CasePause] = dataclasses.field(default_factory=list)
    extensions: list[CaseExtension] = dataclasses.field(default_factory=list)
    drafts: list[ReplyDraft] = dataclasses.field(default_factory=list)
    replies: list[CaseReply] = dataclasses.field(default_factory=list)
    # name, moment, by whom, codes
    events: list[tuple[str, datetime.datetime, User | None, dict[str, Any]]] = dataclasses.field(default_factory=list)

    def register(self, at: datetime.datetime) -> None:
        self.clocks += first_clocks(self.case, at)
        self._tell("registered", at, None)

    def accept(self, at: datetime.datetime, *, complexity: str, expedited: bool) -> None:
        self.case.complexity, self.case.expedited = complexity, expedited
        self._move(CaseState.ACCEPTED)
        self._recount(at)
        self._start(StartEvent.ACCEPTED, at)
        self._tell("accepted", at, self.dispatcher, complexity=complexity)

    def refuse(self, at: datetime.datetime) -> None:
        self._note(EntryKind.REFUSAL, "来信内容看不出具体诉求。", at, self.dispatcher, said=Said.TO_PETITIONER, code="unclear")
        self._end(CaseState.REFUSED, at)
        self._tell("refused", at, self.dispatcher, reason="unclear")

    def redirect(self, at: datetime.datetime) -> None:
        self._note(EntryKind.REDIRECTION, "该事项请通过诉讼途径解决。", at, self.dispatcher, said=Said.TO_PETITIONER)
        self._end(CaseState.REDIRECTED, at)
        self._tell("redirected", at, self.dispatcher)

    def dispatch(self, at: datetime.datetime, lead: Desk, assisting: list[Desk]) -> None:
        self.case.lead_unit = lead.unit
        self._move(CaseState.DISPATCHED)
        self._stop(at, Stage.DISPATCH, Stage.FORWARDING)
        self._start(StartEvent.DISPATCHED, at)
        for desk in [lead, *assisting]:
            part = Part.LEAD if desk is lead else Part.ASSISTING
            assignment = CaseAssignment(case=self.case, unit=desk.unit, part=part, round=1, assigned_at=at)
            self.assignments.append(assignment)
            wanted = [rule for stage, rule in self._rules().items() if stage in BY_PART[part]]
            self.clocks += [new_clock(self.case, rule, local_date(at), assignment) for rule in wanted]
        codes = {"unit": lead.unit.code, "assisting": [desk.unit.code for desk in assisting]}
        self._tell("dispatched", at, self.dispatcher, **codes)

    def sign(self, at: datetime.datetime, desk: Desk, assignment: CaseAssignment) -> None:
        assignment.state, assignment.signed_at, assignment.handler = AssignmentState.SIGNED, at, desk.person
        self._stop(at, Stage.SIGN, assignment=assignment)
        if assignment.part == Part.LEAD:
            self.case.handler = desk.person
            self._move(CaseState.IN_PROGRESS)
            self._stop(at, Stage.NOTICE)
        self._tell("signed", at, desk.handler, unit=desk.unit.code)

    def sign_all(self, at: datetime.datetime, desks: list[Desk]) -> None:
        """Each for itself, the lead first."""
        for desk, assignment in zip(desks, self.assignments, strict=False):
            self.sign(at, desk, assignment)

    def ask_return(self, at: datetime.datetime, desk: Desk, assignment: CaseAssignment) -> None:
        self._note(EntryKind.RETURN, "该事项不属于本单位职责。", at, desk.handler, unit=desk.unit)
        assignment.state = AssignmentState.RETURNING
        if assignment.part == Part.LEAD:
            self._move(CaseState.RETURNING)
        self._tell("return_asked", at, desk.handler, unit=desk.unit.code)

    def extend(self, at: datetime.datetime, desk: Desk, days: int) -> None:
        self._note(EntryKind.EXTENSION, "需要专业机构检测。", at, desk.handler, unit=desk.unit)
        self._tell("extension_asked", at, desk.handler, days=days)
        self.extensions.append(
            CaseExtension(
                case=self.case, days=days, state=ExtensionState.GRANTED, asked_by=desk.handler, asked_at=at,
                decided_by=desk.head, decided_at=at,
            )
        )  # fmt: skip
        self._recount(at, extra_days=days)
        self._tell("extended", at, desk.head, days=days)

    def pause(self, at: datetime.datetime, desk: Desk) -> None:
        reason = PauseReason.WAITING_FOR_PETITIONER
        self._note(EntryKind.PAUSE, "请补充合同复印件。", at, desk.handler, unit=desk.unit, code=reason)
        self.case.paused_at = at
        self.pauses.append(CasePause(case=self.case, reason=reason, begun_at=at, until=pause_until(at, reason)))
        self._tell("paused", at, desk.handler, reason=str(reason))

    def ask_withdrawal(self, at: datetime.datetime) -> None:
        self._note(EntryKind.WITHDRAWAL, "问题已经解决，申请撤回。", at, None, said=Said.BY_PETITIONER)
        self.case.withdrawal_asked_at = at
        self._tell("withdrawal_asked", at, None)

    def draft(self, at: datetime.datetime, desk: Desk) -> None:
        self.drafts.append(ReplyDraft(case=self.case, revision=1, round=1, text=REPLY, author=desk.handler, at=at))
        self._move(CaseState.DRAFTED)
        self._tell("drafted", at, desk.handler, revision=1)

    def approve(self, at: datetime.datetime, desk: Desk) -> None:
        self._note(EntryKind.REVIEW, "同意。", at, desk.head, unit=desk.unit)
        self._move(CaseState.CHECKING)
        self._tell("approved", at, desk.head)

    def answer(self, at: datetime.datetime, desk: Desk) -> None:
        self.replies.append(CaseReply(case=self.case, number=1, text=REPLY, author=desk.handler, unit=desk.unit, at=at))
        for assignment in self.assignments:
            done = assignment.part == Part.LEAD
            assignment.state, assignment.done_at = AssignmentState.DONE if done else AssignmentState.RECALLED, at
        self._stop(at, Stage.ANSWER)
        self._stop_all(at)
        self.case.answered_at = at
        self._move(CaseState.ANSWERED)
        self._start(StartEvent.ANSWERED, at)
        self._tell("answered", at, self.dispatcher, answer=1)

    def close(self, at: datetime.datetime) -> None:
        # The follow-up's notice has been issued long ago.
        self._stop(at, Stage.CLOSING, Stage.FOLLOW_UP)
        self._move(CaseState.CLOSED)
        self._tell("closed", at, None)

    # --- What the actions are made of -------------------------------------------------------------------------------------

    def facts(self, desk: Unit) -> Facts:
        """What decides on the work items, once the rows are saved; ``desk`` is where dispatchers look."""
        limits = {
            (clock.stage, clock.assignment.pk if clock.assignment else None): clock.due_on
            for clock in self.clocks
            if clock.stopped_at is None
        }
        return Facts(assignments=self.assignments, limits=limits, extension_asked=False, desk=lambda: desk)

    def _rules(self) -> dict[Stage, PolicyRule]:
        policy = self.case.policy
        return rules_of(policy, kind=self.case.kind, complexity=self.case.complexity) if policy else {}

    def _move(self, state: CaseState) -> None:
        self.case.state = state
        self.case.version += 1

    def _end(self, state: CaseState, at: datetime.datetime) -> None:
        self._move(state)
        self._stop_all(at)
        self.case.due_on = self.case.paused_at = self.case.withdrawal_asked_at = None

    def _start(self, event: StartEvent, at: datetime.datetime) -> None:
        there = {clock.stage for clock in self.clocks if clock.stopped_at is None and clock.assignment is None}
        for stage, rule in self._rules().items():
            if stage in CASE_STAGES and stage not in there and rule.starts_at == event:
                self.clocks.append(new_clock(self.case, rule, local_date(at)))
        self._show_limit()

    def _stop(self, at: datetime.datetime, *stages: Stage, assignment: CaseAssignment | None = None) -> None:
        for clock in self.clocks:
            if clock.stopped_at is None and clock.stage in stages and assignment in (None, clock.assignment):
                clock.stopped_at = at
        self._show_limit()

    def _stop_all(self, at: datetime.datetime) -> None:
        for clock in self.clocks:
            if clock.stopped_at is None:
                clock.stopped_at, clock.dropped = at, True
        self._show_limit()

    def _recount(self, at: datetime.datetime, *, extra_days: int = 0) -> None:
        old = next((clock for clock in self.clocks if clock.stage == Stage.ANSWER and clock.stopped_at is None), None)
        rule = self._rules().get(Stage.ANSWER)
        if old is None or rule is None:
            return
        old.stopped_at, old.dropped = at, True
        self.clocks.append(
            new_clock(self.case, rule, old.started_on, extra_days=extra_days, marked_on=old.expedited_on or local_date(at))
        )
        self._show_limit()

    def _show_limit(self) -> None:
        if self.case.state in (CaseState.ANSWERED, CaseState.CLOSED, CaseState.REFUSED, CaseState.REDIRECTED):
            return
        running = {clock.stage: clock.due_on for clock in self.clocks if clock.stopped_at is None and clock.assignment is None}
        self.case.due_on = next((running[stage] for stage in LEADING_STAGES if stage in running), None)

    def _note(self, kind: EntryKind, text: str, at: datetime.datetime, author: User | None, **extra: Any) -> None:
        self.entries.append(CaseEntry(case=self.case, kind=kind, text=text, author=author, at=at, **extra))

    def _tell(self, name: str, at: datetime.datetime, actor: User | None, **params: Any) -> None:
        self.events.append((name, at, actor, params))
