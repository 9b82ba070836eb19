"""Published replies: what ``reply.*`` does to them. Its verbs are offered by ``services``.

Messages come in order and once. What stands here still depends on nothing but what was said: the latest revision counts, in
whatever order it comes, a repeat changes nothing, and a withdrawal is final.
"""

import datetime
from typing import Any

from django.db import transaction

from petitions.models import PublishedReply


@transaction.atomic
def publish_reply(*, uid: str, at: datetime.datetime, **wording: Any) -> PublishedReply:
    """A reply in its first wording; returns it. ``wording`` is what ``reply.published`` says of it, dates as dates."""
    reply = _locked(uid)
    if reply.withdrawn_at is None and reply.published_at is None:
        reply.published_at = at
        if reply.pk is None:
            _word(reply, wording)
        reply.save()
    return reply


@transaction.atomic
def revise_reply(*, uid: str, revision: int, at: datetime.datetime, correction: str, **wording: Any) -> PublishedReply:
    """A reply in its latest wording, with what was put right; returns it. One older than what is here changes nothing."""
    reply = _locked(uid)
    if reply.withdrawn_at is None and (reply.pk is None or revision > reply.revision):
        reply.revision, reply.revised_at, reply.correction = revision, at, correction
        _word(reply, wording)
        reply.save()
    return reply


@transaction.atomic
def withdraw_reply(*, uid: str, at: datetime.datetime) -> PublishedReply:
    """Take a reply back for good; returns what is left of it: that it was here, and until when."""
    reply = _locked(uid)
    if reply.withdrawn_at is None:
        # A new row with the same key: whatever a field holds, it is gone.
        reply = PublishedReply(pk=reply.pk, uid=uid, withdrawn_at=at)
        reply.save()
    return reply


def _locked(uid: str) -> PublishedReply:
    return PublishedReply.objects.select_for_update().filter(uid=uid).first() or PublishedReply(uid=uid)


def _word(reply: PublishedReply, wording: dict[str, Any]) -> None:
    topic, unit = wording["topic"] or {"code": "", "name": ""}, wording["unit"]
    reply.topic_code, reply.topic_name = topic["code"], topic["name"]
    reply.unit_code, reply.unit_name = unit["code"], unit["name"]
    for field in ("kind", "title", "question", "text", "received_on", "answered_on"):
        setattr(reply, field, wording[field])
