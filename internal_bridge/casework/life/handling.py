"""What the units do: sign for a case, give it back, ask for time, ask the petitioner, give an opinion."""

from django.utils.translation import ngettext

from internal_bridge.casework.enums import AssignmentState, CaseState, EntryKind, ExtensionState, Part, PauseReason, Said, Step
from internal_bridge.casework.life.act import Act, InvalidFields, Refused
from internal_bridge.casework.life.pausing import begin_pause, end_pause
from internal_bridge.casework.life.recounting import recount_answer
from internal_bridge.casework.life.telling import tell_status, tell_words
from internal_bridge.casework.life.timing import rule_of, stop_clocks
from internal_bridge.casework.life.waiting import let_read
from internal_bridge.casework.models import CaseExtension
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of
from internal_bridge.org.services import person_of
from internal_bridge.policies.enums import Stage


def sign(act: Act) -> None:
    """A unit takes the case over; whoever handles cases there becomes its handler. Each unit signs for itself."""
    assignment = act.own
    assignment.state, assignment.signed_at = AssignmentState.SIGNED, act.at
    if act.principal is not None and roles_of(act.principal).covers(Role.HANDLER, assignment.unit.path):
        assignment.handler = person_of(act.principal)
    assignment.save(update_fields=["state", "signed_at", "handler"])
    act.params["unit"] = assignment.unit.code
    stop_clocks(act.case, act.at, Stage.SIGN, assignment=assignment)
    if assignment.part == Part.LEAD:
        act.case.handler = assignment.handler
        act.move(CaseState.IN_PROGRESS)
        if act.case.auto_dispatched_at is not None:
            stop_clocks(act.case, act.at, Stage.RECALL, assignment=assignment, dropped=True)
        # The petitioner is told who has it: that is the written notice of receipt (2022 §23(3)).
        stop_clocks(act.case, act.at, Stage.NOTICE)
        tell_status(act.case, event="signed", at=act.at)


def ask_return(act: Act) -> None:
    """A unit says in detail why the case is not its own; until the sender agrees it keeps it (2022 §23(3))."""
    assignment = act.own
    act.note(EntryKind.RETURN, act.fields["reason"])
    assignment.state = AssignmentState.RETURNING
    assignment.save(update_fields=["state"])
    act.params["unit"] = assignment.unit.code
    if assignment.part == Part.LEAD:
        act.move(CaseState.RETURNING)


def request_extension(act: Act) -> None:
    """More days, within what the rule allows; the head decides. Raises ``Refused`` and ``InvalidFields``."""
    rule = rule_of(act.case, Stage.ANSWER)
    longest = rule.extension_days if rule else 0
    if not longest:
        raise Refused("no_extension_allowed")
    days = act.fields["days"]
    if days > longest:
        words = ngettext("At most %(days)d further day.", "At most %(days)d further days.", longest)
        raise InvalidFields({"days": [words % {"days": longest}]})
    act.note(EntryKind.EXTENSION, act.fields["reason"])
    CaseExtension.objects.create(case=act.case, days=days, asked_by=act.author, asked_at=act.at)
    act.params["days"] = days


def grant_extension(act: Act) -> None:
    """The limit becomes L + n from its own start (04, Counting); the petitioner is told why (2022 §34)."""
    extension = _decide_extension(act, ExtensionState.GRANTED)
    recount_answer(act.case, act.at, extra_days=extension.days)
    due = act.case.due_on
    tell_status(act.case, event="extended", at=act.at, days=extension.days, **({"due": due.isoformat()} if due else {}))
    asked = act.case.entries.filter(kind=EntryKind.EXTENSION).last()
    if asked is not None:
        tell_words(act.case, kind="reason", text=asked.text, at=act.at, unit=act.case.lead_unit)


def refuse_extension(act: Act) -> None:
    """The limit stays."""
    _decide_extension(act, ExtensionState.REFUSED)


def ask_petitioner(act: Act) -> None:
    """A question over the portal. No clock stops."""
    tell_status(act.case, event="asked", at=act.at)
    seq = tell_words(act.case, kind="question", text=act.fields["text"], at=act.at, unit=act.case.lead_unit)
    act.note(EntryKind.QUESTION, act.fields["text"], said=Said.TO_PETITIONER, seq=seq)


def give_opinion(act: Act) -> None:
    """An assisting unit says its part, to the lead unit alone, which answers for all."""
    assignment = act.own
    act.note(EntryKind.OPINION, act.fields["text"])
    assignment.state, assignment.done_at = AssignmentState.DONE, act.at
    assignment.save(update_fields=["state", "done_at"])
    act.params["unit"] = assignment.unit.code
    stop_clocks(act.case, act.at, Stage.ASSIST, Stage.RETURN, Stage.SIGN, assignment=assignment)
    if act.case.lead_unit is not None:
        let_read(act.case, Step.OPINION, at=act.at, role=Role.HANDLER, unit=act.case.lead_unit)


def pause(act: Act) -> None:
    """For stated reasons only (04). What waits for others stands still until somebody resumes, or the clock does."""
    act.note(EntryKind.PAUSE, act.fields["text"], code=act.fields["reason"])
    begin_pause(act.case, act.at, PauseReason(act.fields["reason"]))
    act.params["reason"] = act.fields["reason"]
    tell_status(act.case, event="paused", at=act.at)
    tell_words(act.case, kind="reason", text=act.fields["text"], at=act.at, unit=act.case.lead_unit)


def resume(act: Act) -> None:
    """The limits go on, each counted again from its own start with the days of all pauses left out."""
    act.params["days"] = end_pause(act.case, act.at)
    recount_answer(act.case, act.at)
    due = act.case.due_on
    tell_status(act.case, event="resumed", at=act.at, days=act.params["days"], **({"due": due.isoformat()} if due else {}))


def _decide_extension(act: Act, state: ExtensionState) -> CaseExtension:
    act.note(EntryKind.EXTENSION_DECISION, act.fields["text"])
    extension = act.case.extensions.get(state=ExtensionState.PENDING)
    extension.state, extension.decided_by, extension.decided_at = state, act.person, act.at
    extension.save(update_fields=["state", "decided_by", "decided_at"])
    act.params["days"] = extension.days
    if act.case.lead_unit is not None:
        let_read(act.case, Step.DECIDED, at=act.at, role=Role.HANDLER, unit=act.case.lead_unit)
    return extension
