"""From the draft to the answer, and what becomes of its public wording."""

import datetime

from core.personal import find_personal, redact
from core.rating_tokens import new_token
from core.workdays import local_date
from internal_bridge.casework.enums import AssignmentState, CaseState, EntryKind, Part, Said, Step
from internal_bridge.casework.identity import CaseKey, rating_place
from internal_bridge.casework.life.act import Act
from internal_bridge.casework.life.recounting import restart_answer
from internal_bridge.casework.life.telling import (
    offer_rating,
    publish_reply,
    revise_reply,
    tell_status,
    tell_words,
    withdraw_reply,
)
from internal_bridge.casework.life.timing import let_extension_lapse, start_clocks, stop_all_clocks, stop_clocks
from internal_bridge.casework.life.waiting import let_read
from internal_bridge.casework.models import CaseReply, PublicWording, PublishedReply, RatingOffer, ReplyDraft
from internal_bridge.casework.permissions import present_assignments
from internal_bridge.org.enums import Role
from internal_bridge.policies.enums import Stage, StartEvent


def draft_reply(act: Act) -> None:
    """The handler submits reply and public text for review; each submission is kept."""
    draft = ReplyDraft.objects.create(
        case=act.case,
        revision=act.case.drafts.count() + 1,
        round=act.case.round,
        text=act.fields["text"],
        public_text=act.fields["public_text"],
        author=act.author,
        at=act.at,
    )
    let_extension_lapse(act.case, act.at)
    act.params["revision"] = draft.revision
    act.move(CaseState.DRAFTED)


def approve(act: Act) -> None:
    """The head answers for the reply with an opinion."""
    act.note(EntryKind.REVIEW, act.fields["opinion"])
    act.move(CaseState.CHECKING)


def reject(act: Act) -> None:
    """The head gives it back to the handler."""
    act.note(EntryKind.REVIEW, act.fields["opinion"])
    act.move(CaseState.IN_PROGRESS)


def send_back(act: Act) -> None:
    """The dispatcher does not accept the reply."""
    act.note(EntryKind.CHECK, act.fields["reason"])
    act.move(CaseState.IN_PROGRESS)


def answer_privately(act: Act) -> None:
    """The petitioner gets the reply, nobody else."""
    _answer(act)


def publish(act: Act) -> None:
    """The petitioner gets the reply, everybody the public wording, as the dispatcher has confirmed it.

    Without a title of its own it has the petition's, with what is personal taken out.
    """
    reply = _answer(act)
    published = PublishedReply.objects.create(reply=reply, published_at=act.at)
    title = act.fields["public_title"] or redact(act.case.title, find_personal(act.case.title))
    publish_reply(published, _word(act, published, title, act.fields["public_question"]))


def revise_publication(act: Act) -> None:
    """A later wording with what it puts right; the earlier ones stay in the office."""
    act.note(EntryKind.CORRECTION, act.fields["reason"])
    published = _published(act)
    last = published.wordings.latest("revision")
    revise_reply(published, _word(act, published, last.title, last.question), correction=act.fields["reason"])


def withdraw_publication(act: Act) -> None:
    """The public wording goes from the portal."""
    act.note(EntryKind.CORRECTION, act.fields["reason"])
    take_from_everybody(_published(act), at=act.at)


def take_from_everybody(published: PublishedReply, *, at: datetime.datetime) -> None:
    """A published reply is public no longer; the office keeps it."""
    published.withdrawn_at = at
    published.save(update_fields=["withdrawn_at"])
    withdraw_reply(published, at=at)


def rehandle(act: Act) -> None:
    """The lead unit handles it once more; the limit of the answer begins anew today."""
    case = act.case
    act.note(EntryKind.REHANDLING, act.fields["reason"])
    stop_all_clocks(case, act.at)
    case.round += 1
    case.answered_at, case.review_asked_at, case.low_rated_at = None, None, None
    act.move(CaseState.IN_PROGRESS)
    restart_answer(case, local_date(act.at))
    lead = case.assignments.get(part=Part.LEAD, state=AssignmentState.DONE)
    lead.state, lead.done_at, lead.round = AssignmentState.SIGNED, None, case.round
    lead.save(update_fields=["state", "done_at", "round"])
    act.params["round"] = case.round
    tell_status(case, event="rehandled", at=act.at, answer=case.replies.count())


def answer_request(act: Act) -> None:
    """The answer stands: the petitioner, who is not satisfied with it or asks for a review, is told why."""
    act.note(EntryKind.REQUEST_ANSWER, act.fields["text"], said=Said.TO_PETITIONER)
    stop_clocks(act.case, act.at, Stage.REVIEW)
    act.case.review_asked_at, act.case.low_rated_at = None, None
    tell_status(act.case, event="request_answered", at=act.at)
    tell_words(act.case, kind="reason", text=act.fields["text"], at=act.at)


def _answer(act: Act) -> CaseReply:
    case = act.case
    draft = case.drafts.filter(round=case.round).latest("revision")
    reply = CaseReply.objects.create(
        case=case, number=case.replies.count() + 1, text=draft.text, author=act.author, unit=case.lead_unit, at=act.at
    )
    _release_units(act)
    stop_clocks(case, act.at, Stage.ANSWER)
    stop_all_clocks(case, act.at)
    asked = case.withdrawal_asked_at is not None
    case.answered_at, case.withdrawal_asked_at = act.at, None
    act.move(CaseState.ANSWERED)
    start_clocks(case, StartEvent.ANSWERED, local_date(act.at))
    act.params["answer"] = reply.number
    if asked:
        # The office's state decides, and the citizen is told so (04, States).
        tell_status(case, event="withdrawal_declined", at=act.at)
    token = new_token()
    tell_words(case, kind="reply", text=reply.text, at=act.at, unit=case.lead_unit, rating_token=token)
    tell_status(case, event="answered", at=act.at, answer=reply.number)
    box = CaseKey.of(case).encrypt(rating_place(reply.number), token.encode())
    RatingOffer.objects.create(reply=reply, box=box, offered_at=act.at)
    offer_rating(reply, token)
    return reply


def _release_units(act: Act) -> None:
    """The lead unit has done its part; who was still to give an opinion need not."""
    for assignment in present_assignments(act.case):
        if assignment.part == Part.LEAD:
            assignment.state = AssignmentState.DONE
            let_read(act.case, Step.ANSWERED, at=act.at, role=Role.HANDLER, unit=assignment.unit)
        elif assignment.state != AssignmentState.DONE:
            assignment.state = AssignmentState.RECALLED
        else:
            continue
        assignment.done_at = act.at
        assignment.save(update_fields=["state", "done_at"])


def _word(act: Act, published: PublishedReply, title: str, question: str) -> PublicWording:
    return PublicWording.objects.create(
        published=published,
        revision=published.wordings.count() + 1,
        title=title,
        question=question,
        text=act.fields["public_text"],
        author=act.author,
        at=act.at,
    )


def _published(act: Act) -> PublishedReply:
    """The latest reply that everybody may read; the guard has seen that there is one."""
    return PublishedReply.objects.filter(reply__case=act.case, withdrawn_at=None).latest("pk")
