"""A case, or the reply to it, goes on paper: out of the system's sight, so it is recorded."""

from django.db import transaction

from core.audit import record_audit
from core.models import User
from internal_bridge.casework.models import Case, CaseReply

__all__ = ["print_case", "print_reply"]


def print_case(*, person: User, number: str) -> Case:
    """The case for the file, its printing recorded. Raises ``Case.DoesNotExist`` for what the person may not know of."""
    case = Case.objects.visible_to(person).select_related("lead_unit", "policy").get(number=number)
    with transaction.atomic():
        record_audit(action="case.printed", subject=case.subject, actor=person, params={"number": case.number})
    return case


def print_reply(*, person: User, number: str, answer: int | None = None) -> CaseReply:
    """The reply as it was sent, its printing recorded; ``answer`` is its number within the case, else the last one.

    Raises ``Case.DoesNotExist`` for what the person may not know of, and ``CaseReply.DoesNotExist``.
    """
    case = Case.objects.visible_to(person).get(number=number)
    replies = case.replies.select_related("unit", "case").order_by("-number")
    reply = (replies.filter(number=answer) if answer is not None else replies).first()
    if reply is None:
        raise CaseReply.DoesNotExist
    with transaction.atomic():
        params = {"number": case.number, "answer": reply.number}
        record_audit(action="case.reply_printed", subject=case.subject, actor=person, params=params)
    return reply
