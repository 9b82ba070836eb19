"""What a petitioner asks for beyond the answer: a review of it, and that nothing of it be public."""

import datetime
from typing import Any

from core.events import record_event
from core.workdays import local_date
from internal_bridge.casework.enums import AFTER_ANSWER, EntryKind, Said, Step
from internal_bridge.casework.life.replying import take_from_everybody
from internal_bridge.casework.life.telling import tell_status
from internal_bridge.casework.life.timing import start_clocks, stop_clocks
from internal_bridge.casework.life.waiting import desk_of, let_read, settle_items
from internal_bridge.casework.models import Case, CaseEntry, PublishedReply
from internal_bridge.org.enums import Role
from internal_bridge.policies.enums import Stage, StartEvent

__all__ = ["ask_review", "withdraw_consent"]


def ask_review(*, uid: str, at: datetime.datetime, answer: int, content: dict[str, Any]) -> None:
    """The petitioner does not accept the answer of that number (2022 §35): the dispatcher has it handled again or answers.

    Whether the 30 days had run out was for the portal to see, at whose time it was asked; what comes all the same is looked at
    by a person. Of an answer that stands no more, the words are kept and nothing else happens: the petitioner hears that the
    case is handled again. In the transaction that applies the message. Raises ``Case.DoesNotExist``.
    """
    case = Case.objects.select_for_update(of=("self",)).get(uid=uid)
    entry = CaseEntry.objects.create(
        case=case, kind=EntryKind.REVIEW_REQUEST, said=Said.BY_PETITIONER, text=content["reason"], at=at, round=case.round
    )
    record_event(subject=case.subject, name="review_asked", at=at, params={"entry": entry.pk, "answer": answer})
    if case.state not in AFTER_ANSWER or case.replies.filter(number__gt=answer).exists():
        return
    stop_clocks(case, at, Stage.REVIEW_REQUEST)
    start_clocks(case, StartEvent.REVIEW_REQUESTED, local_date(at))
    case.review_asked_at = at
    case.version += 1
    case.save(update_fields=["review_asked_at", "version"])
    tell_status(case, event="review_received", at=at)
    settle_items(case, by=None, at=at)


def withdraw_consent(*, uid: str, at: datetime.datetime) -> None:
    """The petitioner takes the consent to publication back: nothing of the case is published, and what was is withdrawn.

    The law leaves nothing to decide (Personal Information Protection Law, Art. 15 and 47(3)), so no official is asked; the
    dispatcher reads that a published reply is gone. In the transaction that applies the message; a repeat changes nothing.
    Raises ``Case.DoesNotExist``.
    """
    case = Case.objects.select_for_update(of=("self",)).get(uid=uid)
    public = list(PublishedReply.objects.filter(reply__case=case, withdrawn_at=None))
    for published in public:
        take_from_everybody(published, at=at)
    record_event(subject=case.subject, name="consent_withdrawn", at=at, params={"published": len(public)})
    case.allow_publication = False
    case.version += 1
    case.save(update_fields=["allow_publication", "version"])
    tell_status(case, event="consent_withdrawn", at=at)
    if public:
        let_read(case, Step.CONSENT_WITHDRAWN, at=at, role=Role.DISPATCHER, unit=desk_of(case))
