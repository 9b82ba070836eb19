"""What a petitioner thinks of an answer, as it comes over the bridge. There is no other way in: no official rates."""

import datetime
from typing import Any

from core.events import record_event
from internal_bridge.casework.enums import AFTER_ANSWER, LOW_SCORE
from internal_bridge.casework.life.waiting import settle_items
from internal_bridge.casework.models import Case, CaseReply, Rating

__all__ = ["NoSuchAnswer", "take_rating"]


class NoSuchAnswer(Exception):
    """The case has no answer of that number."""


def take_rating(*, uid: str, at: datetime.datetime, answer: int, by: str, content: dict[str, Any]) -> Rating:
    """Keep the rating of the answer of that number; the first counts, a repeat changes nothing.

    A low one of the answer that stands is laid before the dispatcher, who has the case handled again or tells the petitioner
    why not. In the transaction that applies the message. Raises ``Case.DoesNotExist`` and ``NoSuchAnswer``.
    """
    case = Case.objects.select_for_update(of=("self",)).get(uid=uid)
    reply = CaseReply.objects.filter(case=case, number=answer).first()
    if reply is None:
        raise NoSuchAnswer(answer)
    rating, is_new = Rating.objects.get_or_create(
        reply=reply, defaults={"score": content["score"], "comment": content["comment"], "by": by, "at": at}
    )
    if not is_new:
        return rating
    record_event(subject=case.subject, name="rated", at=at, params={"answer": answer, "score": rating.score})
    stands = case.state in AFTER_ANSWER and not case.replies.filter(number__gt=answer).exists()
    if rating.score <= LOW_SCORE and stands:
        case.low_rated_at = at
        case.version += 1
        case.save(update_fields=["low_rated_at", "version"])
        settle_items(case, by=None, at=at)
    return rating
