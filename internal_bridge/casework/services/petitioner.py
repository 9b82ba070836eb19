"""What the petitioner sends after the petition: a supplement, an answer to a question, the wish to withdraw."""

import datetime
from typing import Any

from core.events import record_event
from internal_bridge.casework.enums import ENDED, OPEN, EntryKind, Said, Step
from internal_bridge.casework.identity import attached, keep_files
from internal_bridge.casework.life.telling import tell_status
from internal_bridge.casework.life.waiting import desk_of, let_read, settle_items
from internal_bridge.casework.models import Case, CaseEntry
from internal_bridge.exchange.public import MissingFiles, missing_files
from internal_bridge.org.enums import Role

__all__ = ["ask_withdrawal", "supplement_case"]


def supplement_case(*, uid: str, at: datetime.datetime, in_reply_to: int | None, content: dict[str, Any]) -> CaseEntry:
    """Keep what the petitioner adds, and let the lead unit's handler read it, or the dispatcher where no unit has the case.

    In the transaction that applies the message. ``in_reply_to`` is the number of the ``case.message`` that asked. Raises
    ``Case.DoesNotExist``, and ``MissingFiles`` until all its files are here. What comes too late is kept all the same.
    """
    if missing := missing_files([file["digest"] for file in attached(content)]):
        raise MissingFiles(missing)
    case = Case.objects.select_for_update(of=("self",)).select_related("lead_unit").get(uid=uid)
    question = case.entries.filter(kind=EntryKind.QUESTION, seq=in_reply_to).first() if in_reply_to else None
    kind = EntryKind.ANSWER if question else EntryKind.SUPPLEMENT
    entry = CaseEntry.objects.create(
        case=case, kind=kind, said=Said.BY_PETITIONER, text=content["text"], at=at, round=case.round, answers=question
    )
    keep_files(case=case, content=content, entry=entry)
    record_event(subject=case.subject, name=f"{kind}_arrived", at=at, params={"entry": entry.pk})
    if case.state not in ENDED:
        if case.lead_unit is not None:
            let_read(case, Step.ADDED, at=at, role=Role.HANDLER, unit=case.lead_unit)
        else:
            let_read(case, Step.ADDED, at=at, role=Role.DISPATCHER, unit=desk_of(case))
    return entry


def ask_withdrawal(*, uid: str, at: datetime.datetime, content: dict[str, Any]) -> None:
    """The petitioner wants to take the petition back: the dispatcher decides. Once it is answered, that decides (04, States).

    In the transaction that applies the message. Raises ``Case.DoesNotExist``.
    """
    case = Case.objects.select_for_update(of=("self",)).get(uid=uid)
    reason = content["reason"]
    entry = CaseEntry.objects.create(
        case=case, kind=EntryKind.WITHDRAWAL, said=Said.BY_PETITIONER, text=reason, at=at, round=case.round
    )
    record_event(subject=case.subject, name="withdrawal_asked", at=at, params={"entry": entry.pk})
    if case.state not in OPEN:
        tell_status(case, event="withdrawal_declined", at=at)
        return
    case.withdrawal_asked_at = at
    case.version += 1
    case.save(update_fields=["withdrawal_asked_at", "version"])
    settle_items(case, by=None, at=at)
