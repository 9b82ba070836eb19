"""The head of a case's page: light, limit, what kind of matter, who has it; and its stages across."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from core.enums import PetitionKind
from core.models import DomainEvent
from core.workdays import local_date
from internal_bridge.casework.enums import (
    AFTER_ANSWER,
    ENDED,
    OPEN,
    PRESENT,
    CaseChannel,
    CaseState,
    EntryKind,
    Part,
    PauseReason,
)
from internal_bridge.casework.life.standing import case_light
from internal_bridge.casework.models import Case, CaseAssignment, CaseClock, CaseEntry
from internal_bridge.casework.presenters.rows import STATE_LOOKS
from internal_bridge.policies.enums import Complexity, DayKind, Light, Stage
from internal_bridge.policies.presenters import DueText, due_words, short_day


@dataclass(frozen=True)
class Head:
    """What the first line under the title says."""

    state: str
    look: str
    light: Light
    due: DueText
    due_label: str
    kind: str
    source: str
    lead: str
    assisting: str

    @classmethod
    def of(
        cls, case: Case, clocks: Iterable[CaseClock], assignments: Iterable[CaseAssignment], entries: Iterable[CaseEntry]
    ) -> "Head":
        today = today_here()
        binding = binding_clock(case, clocks)
        present = [held for held in assignments if held.state in PRESENT]
        return cls(
            state=str(CaseState(case.state).label),
            look=STATE_LOOKS.get(CaseState(case.state), ""),
            light=case_light(case, today),
            due=case_due(case, binding, entries, today),
            due_label=str(Stage(binding.stage).label) if binding else "",
            kind=kind_words(case),
            source=str(CaseChannel(case.channel).label),
            lead=next((held.unit.short_name for held in present if held.part == Part.LEAD), ""),
            assisting=pgettext("between names", ", ").join(held.unit.short_name for held in present if held.part != Part.LEAD),
        )


def kind_words(case: Case) -> str:
    """投诉 · 调查类: the complexity only where it makes a difference."""
    kind = str(PetitionKind(case.kind).label)
    if case.kind != PetitionKind.COMPLAINT:
        return kind
    return _("%(kind)s · %(complexity)s") % {"kind": kind, "complexity": Complexity(case.complexity).label}


def binding_clock(case: Case, clocks: Iterable[CaseClock]) -> CaseClock | None:
    """The limit of the whole case that binds now; the answer's, as it was met, once there is an answer."""
    whole = [clock for clock in clocks if clock.assignment_id is None]
    if case.state in OPEN:
        return next((clock for clock in whole if not clock.stopped_at and clock.due_on == case.due_on), None)
    return next((clock for clock in reversed(whole) if clock.stage == Stage.ANSWER and not clock.dropped), None)


def case_due(case: Case, clock: CaseClock | None, entries: Iterable[CaseEntry], today: datetime.date) -> DueText:
    """The case's limit in the words of lists; how it was met, once it is."""
    if case.state in ENDED - {CaseState.CLOSED}:
        return DueText(str(CaseState(case.state).label), "norm")
    ended = local_date(case.answered_at) if case.state in AFTER_ANSWER and case.answered_at else None
    paused = local_date(case.paused_at) if case.paused_at else None
    return due_words(
        clock.due_on if clock else case.due_on,
        today=today,
        day_kind=clock.day_kind if clock else DayKind.WORKING,
        paused_since=paused,
        pause_reason=_pause_reason(entries) if paused else "",
        extended=bool(clock and clock.extra_days),
        ended_on=ended,
        provisional=bool(clock and clock.provisional),
    )


def _pause_reason(entries: Iterable[CaseEntry]) -> str:
    codes = [entry.code for entry in entries if entry.kind == EntryKind.PAUSE]
    return str(PauseReason(codes[-1]).label) if codes and codes[-1] in PauseReason.values else ""


def today_here() -> datetime.date:
    """The day in Beijing."""
    return local_date(timezone.now())


@dataclass(frozen=True)
class StageMark:
    """One stage of a case: passed, present or to come."""

    label: str
    look: str
    at: datetime.datetime | None = None
    note: str = ""


# Stage, the events that end it, the states in which it is what happens now.
STAGES = (
    (pgettext_lazy("stage of a case", "Received"), {"registered"}, {CaseState.REGISTERED: 1}),
    (pgettext_lazy("stage of a case", "Accepted"), {"accepted"}, {CaseState.ACCEPTED: 2}),
    (pgettext_lazy("stage of a case", "Dispatched"), {"dispatched"}, {CaseState.DISPATCHED: 3, CaseState.RETURNING: 3}),
    (pgettext_lazy("stage of a case", "Signed for"), {"signed"}, {CaseState.IN_PROGRESS: 4}),
    (pgettext_lazy("stage of a case", "Reply drafted"), {"drafted"}, {CaseState.DRAFTED: 5}),
    (pgettext_lazy("stage of a case", "Reviewed"), {"approved"}, {CaseState.CHECKING: 6}),
    (pgettext_lazy("stage of a case", "Answered"), {"answered", "published"}, {CaseState.ANSWERED: 7}),
    (pgettext_lazy("stage of a case", "Closed"), {"closed"}, {CaseState.CLOSED: 8}),
)
ANSWERED = 6
NOW = {state: place for _label, _events, states in STAGES for state, place in states.items()}
CUT_SHORT = {CaseState.REFUSED: "refused", CaseState.REDIRECTED: "redirected", CaseState.WITHDRAWN: "withdrawn"}


def stages(case: Case, events: Iterable[DomainEvent]) -> list[StageMark]:
    """The stages with the times at which each was passed last. A case that is cut short ends where it was."""
    times: dict[str, datetime.datetime] = {}
    for event in events:
        # An assisting unit's signature moves no stage.
        if event.name != "signed" or event.params.get("unit") == (case.lead_unit.code if case.lead_unit else None):
            times[event.name] = event.at
    times["registered"] = case.received_at
    if case.state in CUT_SHORT:
        return _cut_short(case, times)
    now = NOW[CaseState(case.state)]
    due = short_day(case.due_on, today_here(), weekday=False) if case.due_on and case.state in OPEN else ""
    marks = []
    for place, (label, names, _states) in enumerate(STAGES):
        at = max((times[name] for name in names if name in times), default=None)
        look = "done" if place < now else "now" if place == now else ""
        note = pgettext("limit", "until %(day)s") % {"day": due} if place == ANSWERED and due else ""
        marks.append(StageMark(str(label), look, at if look == "done" else None, note))
    return marks


def _cut_short(case: Case, times: dict[str, datetime.datetime]) -> list[StageMark]:
    marks = []
    for label, names, _states in STAGES[:-2]:
        at = max((times[name] for name in names if name in times), default=None)
        if at is not None:
            marks.append(StageMark(str(label), "done", at))
    ended = str(CaseState(case.state).label)
    return [*marks, StageMark(ended, "now", times.get(CUT_SHORT[CaseState(case.state)]))]
