"""The transition table of 11, as one table. What a row does not say, no code does."""

import dataclasses
from collections.abc import Callable
from typing import Any

from internal_bridge.casework.enums import AFTER_ANSWER, OPEN, WITH_UNIT, Action, Actor, CaseState, Step
from internal_bridge.casework.life import deciding, fields, guards, handling, replying
from internal_bridge.casework.life.act import Act
from internal_bridge.casework.life.guards import Guard

S, A, P = CaseState, Action, Actor
BACK = frozenset({S.DISPATCHED, S.IN_PROGRESS})
# While the units have it and the lead's answer is not out, an assisting unit acts on its own assignment.
ASSISTING = frozenset({P.ASSISTING_HANDLER, P.ASSISTING_HEAD})


@dataclasses.dataclass(frozen=True)
class Transition:
    """One row: who may do it from which states, what it takes, what refuses it, what it does, and where the case is then."""

    action: Action
    by: frozenset[Actor]
    sources: frozenset[CaseState]
    # Where the case goes; empty: it stays; several: it goes back to where it was.
    targets: frozenset[CaseState]
    form: type[fields.ActionForm]
    effect: Callable[[Act], None]
    # The name of its domain event.
    event: str
    # What the petitioner's timeline says of it, if anything.
    told: str = ""
    # The steps of work items that are done by it.
    did: frozenset[Step] = frozenset()
    guards: tuple[Guard, ...] = ()
    # From which states it acts on an assisting unit's own assignment and leaves the case as it is.
    assisting: frozenset[CaseState] = frozenset()


Sources = set[CaseState] | frozenset[CaseState]
Targets = CaseState | frozenset[CaseState] | None


def _row(
    action: Action,
    by: set[Actor],
    sources: Sources,
    target: Targets,
    form: type[fields.ActionForm],
    effect: Callable[[Act], None],
    event: str,
    **more: Any,
) -> Transition:
    targets = target if isinstance(target, frozenset) else frozenset() if target is None else frozenset({target})
    return Transition(action, frozenset(by), frozenset(sources), targets, form, effect, event, **more)


ROWS = (
    # --- The dispatcher takes it or not -----------------------------------------------------------------------------------
    _row(A.ACCEPT, {P.DISPATCHER}, {S.REGISTERED}, S.ACCEPTED, fields.Accept, deciding.accept, "accepted",
         told="accepted", did=frozenset({Step.DECIDE})),
    _row(A.RECLASSIFY, {P.DISPATCHER}, OPEN, None, fields.Reclassify, deciding.reclassify, "reclassified", told="reclassified"),
    _row(A.REFUSE, {P.DISPATCHER}, {S.REGISTERED}, S.REFUSED, fields.Refuse, deciding.refuse, "refused",
         told="refused", did=frozenset({Step.DECIDE})),
    _row(A.REDIRECT, {P.DISPATCHER}, {S.REGISTERED}, S.REDIRECTED, fields.Redirect, deciding.redirect, "redirected",
         told="redirected", did=frozenset({Step.DECIDE})),
    _row(A.DISPATCH, {P.DISPATCHER}, {S.ACCEPTED}, S.DISPATCHED, fields.Dispatch, deciding.dispatch, "dispatched",
         told="dispatched", did=frozenset({Step.DISPATCH})),
    _row(A.AUTO_DISPATCH, {P.SYSTEM}, {S.REGISTERED}, S.DISPATCHED, fields.Nothing, deciding.auto_dispatch, "dispatched",
         told="dispatched"),
    _row(A.RECALL, {P.DISPATCHER}, {S.DISPATCHED}, S.ACCEPTED, fields.Reason, deciding.recall, "recalled",
         guards=(guards.recallable,)),
    # --- The units have it ------------------------------------------------------------------------------------------------
    _row(A.SIGN, {P.HANDLER, P.HEAD, *ASSISTING}, {S.DISPATCHED}, S.IN_PROGRESS, fields.OfUnit, handling.sign, "signed",
         told="signed", did=frozenset({Step.SIGN}), assisting=WITH_UNIT),
    _row(A.RETURN, {P.HANDLER, P.HEAD, *ASSISTING}, BACK, S.RETURNING, fields.ReasonOfUnit, handling.ask_return, "return_asked",
         did=frozenset({Step.SIGN, Step.HANDLE, Step.GIVE_OPINION}), guards=(guards.awake, guards.returnable),
         assisting=WITH_UNIT),
    _row(A.AGREE_RETURN, {P.DISPATCHER}, {S.RETURNING}, S.ACCEPTED, fields.AnswerToUnit, deciding.agree_return, "return_agreed",
         did=frozenset({Step.DECIDE_RETURN}), assisting=WITH_UNIT),
    _row(A.DECLINE_RETURN, {P.DISPATCHER}, {S.RETURNING}, BACK, fields.AnswerToUnit, deciding.decline_return, "return_declined",
         did=frozenset({Step.DECIDE_RETURN}), assisting=WITH_UNIT),
    _row(A.REQUEST_EXTENSION, {P.HANDLER}, {S.IN_PROGRESS}, None, fields.RequestExtension, handling.request_extension,
         "extension_asked", guards=(guards.extendable, guards.in_time)),
    _row(A.GRANT_EXTENSION, {P.HEAD}, {S.IN_PROGRESS}, None, fields.Answer, handling.grant_extension, "extended",
         told="extended", did=frozenset({Step.DECIDE_EXTENSION}), guards=(guards.extension_pending,)),
    _row(A.REFUSE_EXTENSION, {P.HEAD}, {S.IN_PROGRESS}, None, fields.Answer, handling.refuse_extension, "extension_refused",
         did=frozenset({Step.DECIDE_EXTENSION}), guards=(guards.extension_pending,)),
    _row(A.ASK_PETITIONER, {P.HANDLER}, {S.IN_PROGRESS}, None, fields.Question, handling.ask_petitioner, "asked", told="asked"),
    _row(A.GIVE_OPINION, set(ASSISTING), frozenset(), None, fields.GiveOpinion, handling.give_opinion, "opinion_given",
         did=frozenset({Step.GIVE_OPINION}), guards=(guards.opinion_due,), assisting=WITH_UNIT),
    _row(A.PAUSE, {P.HANDLER}, {S.IN_PROGRESS}, None, fields.Pause, handling.pause, "paused",
         told="paused", guards=(guards.running, guards.in_time)),
    _row(A.RESUME, {P.HANDLER, P.CLOCK}, {S.IN_PROGRESS}, None, fields.Nothing, handling.resume, "resumed",
         told="resumed", guards=(guards.paused,)),
    # --- From the draft to the answer -------------------------------------------------------------------------------------
    _row(A.DRAFT_REPLY, {P.HANDLER}, {S.IN_PROGRESS}, S.DRAFTED, fields.DraftReply, replying.draft_reply, "drafted",
         did=frozenset({Step.HANDLE}), guards=(guards.awake,)),
    _row(A.APPROVE, {P.HEAD}, {S.DRAFTED}, S.CHECKING, fields.Opinion, replying.approve, "approved",
         did=frozenset({Step.REVIEW})),
    _row(A.REJECT, {P.HEAD}, {S.DRAFTED}, S.IN_PROGRESS, fields.Opinion, replying.reject, "rejected",
         did=frozenset({Step.REVIEW})),
    _row(A.PUBLISH, {P.DISPATCHER}, {S.CHECKING}, S.ANSWERED, fields.Publish, replying.publish, "published",
         told="answered", did=frozenset({Step.CHECK}), guards=(guards.publishable, guards.drafted)),
    _row(A.ANSWER_PRIVATELY, {P.DISPATCHER}, {S.CHECKING}, S.ANSWERED, fields.Nothing, replying.answer_privately, "answered",
         told="answered", did=frozenset({Step.CHECK}), guards=(guards.drafted,)),
    _row(A.SEND_BACK, {P.DISPATCHER}, {S.CHECKING}, S.IN_PROGRESS, fields.Reason, replying.send_back, "sent_back",
         did=frozenset({Step.CHECK})),
    # --- Withdrawal, and what follows the answer --------------------------------------------------------------------------
    _row(A.AGREE_WITHDRAWAL, {P.DISPATCHER}, OPEN, S.WITHDRAWN, fields.Nothing, deciding.agree_withdrawal, "withdrawn",
         told="withdrawn", did=frozenset({Step.DECIDE_WITHDRAWAL}), guards=(guards.withdrawal_asked,)),
    _row(A.DECLINE_WITHDRAWAL, {P.DISPATCHER}, OPEN, None, fields.ToPetitioner, deciding.decline_withdrawal,
         "withdrawal_declined", told="withdrawal_declined", did=frozenset({Step.DECIDE_WITHDRAWAL}),
         guards=(guards.withdrawal_asked,)),
    _row(A.REVISE_PUBLICATION, {P.DISPATCHER}, AFTER_ANSWER, None, fields.RevisePublication, replying.revise_publication,
         "publication_revised", guards=(guards.published,)),
    _row(A.WITHDRAW_PUBLICATION, {P.DISPATCHER}, AFTER_ANSWER, None, fields.Reason, replying.withdraw_publication,
         "publication_withdrawn", guards=(guards.published,)),
    _row(A.REHANDLE, {P.DISPATCHER}, AFTER_ANSWER, S.IN_PROGRESS, fields.Reason, replying.rehandle, "rehandled",
         told="rehandled", did=frozenset({Step.DECIDE_REVIEW, Step.DECIDE_REHANDLING})),
    _row(A.ANSWER_REQUEST, {P.DISPATCHER}, AFTER_ANSWER, None, fields.ToPetitioner, replying.answer_request,
         "request_answered", told="request_answered", did=frozenset({Step.DECIDE_REVIEW, Step.DECIDE_REHANDLING}),
         guards=(guards.request_waits,)),
    _row(A.CLOSE, {P.DISPATCHER, P.CLOCK}, {S.ANSWERED}, S.CLOSED, fields.Nothing, deciding.close, "closed", told="closed"),
)  # fmt: skip

TRANSITIONS: dict[Action, Transition] = {row.action: row for row in ROWS}
