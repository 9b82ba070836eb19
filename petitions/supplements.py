"""What a citizen asks of the office after the submission: take this as well, handle it no further.

Each is a request: the office decides, and until it has the portal shows what was sent (02, "The office alone owns a case's
state"). Request, citizen's copy, step of the timeline, outbox message and idempotency record stand in one transaction.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from core.files import ciphertext_size
from core.idempotency import once
from internal_bridge.exchange.public import ForRecipient, keep_file, send_message
from petitions.attachments import Attachment, hold
from petitions.copies import OFFICE, OpenedPetition, Said, keep_said
from petitions.enums import Action, MessageKind, TimelineEvent
from petitions.models import Petition, TimelineEntry
from petitions.rules import allowed_actions


class NotAllowed(Exception):
    """The petition's state does not allow what was asked for."""


class NoSuchQuestion(ValueError):
    """The office asked nothing under that number."""


def add_supplement(
    *,
    opened: OpenedPetition,
    text: str,
    in_reply_to: int | None,
    key: str | None,
    attachments: Sequence[Attachment] = (),
) -> dict[str, Any]:
    """Send text and files on to the office; returns ``{number, status, sent_at}``.

    ``in_reply_to`` is the ``seq`` of the question that is answered. ``key`` is the request's idempotency key. Raises
    ``NoSuchQuestion``, ``NotAllowed``, ``InvalidKey``, ``KeyReused`` and ``AttachmentsGone``.
    """
    questions = [message.seq for message in opened.messages if message.kind == MessageKind.QUESTION]
    if in_reply_to is not None and in_reply_to not in questions:
        raise NoSuchQuestion
    files = [attachment.as_content() for attachment in attachments]

    def effect(_held: None) -> dict[str, Any]:
        petition, now = locked(opened.petition, Action.SUPPLEMENT), timezone.now()
        for attachment in attachments:
            keep_file(attachment.digest, ciphertext_size(attachment.size))
        keep_said(petition, Said.SUPPLEMENT, at=now, text=text, in_reply_to=in_reply_to, attachments=files)
        send_request(petition, "petition.supplemented", now, {"text": text, "attachments": files}, in_reply_to=in_reply_to)
        return noted(petition, TimelineEvent.SUPPLEMENTED, now)

    return once(
        scope=f"petition {opened.petition.uid} supplement",
        key=key,
        # The same file sealed twice has two digests; what it holds tells a repeat.
        fields={"text": text, "in_reply_to": in_reply_to, "attachments": [[one.name, one.sha256] for one in attachments]},
        prepare=lambda: hold(attachments),
        effect=effect,
    )


def request_withdrawal(*, opened: OpenedPetition, reason: str, key: str | None) -> dict[str, Any]:
    """Ask the office to handle the petition no further; returns ``{number, status, sent_at}``.

    Raises ``NotAllowed``, also while an earlier request waits, ``InvalidKey`` and ``KeyReused``.
    """

    def effect(_nothing: None) -> dict[str, Any]:
        petition, now = locked(opened.petition, Action.WITHDRAWAL), timezone.now()
        petition.withdrawal_sent_at = now
        petition.save(update_fields=["withdrawal_sent_at"])
        keep_said(petition, Said.WITHDRAWAL, at=now, reason=reason)
        send_request(petition, "petition.withdrawal_requested", now, {"reason": reason})
        return noted(petition, TimelineEvent.WITHDRAWAL_REQUESTED, now)

    return once(
        scope=f"petition {opened.petition.uid} withdrawal",
        key=key,
        fields={"reason": reason},
        prepare=lambda: None,
        effect=effect,
    )


def request_review(*, opened: OpenedPetition, reason: str, key: str | None) -> dict[str, Any]:
    """Ask for a review of the latest answer (2022 §35); returns ``{number, status, sent_at}``.

    Raises ``NotAllowed``, also when it has been asked for already or the time for it is over, ``InvalidKey`` and
    ``KeyReused``.
    """

    def effect(_nothing: None) -> dict[str, Any]:
        petition, now = locked(opened.petition, Action.REVIEW_REQUEST), timezone.now()
        petition.review_sent_at, petition.review_answer = now, petition.answers
        petition.save(update_fields=["review_sent_at", "review_answer"])
        keep_said(petition, Said.REVIEW, at=now, reason=reason)
        send_request(petition, "petition.review_requested", now, {"reason": reason}, answer=petition.answers)
        return noted(petition, TimelineEvent.REVIEW_REQUESTED, now)

    return once(
        scope=f"petition {opened.petition.uid} review",
        key=key,
        fields={"reason": reason},
        prepare=lambda: None,
        effect=effect,
    )


def withdraw_consent(*, opened: OpenedPetition, key: str | None) -> dict[str, Any]:
    """Take the consent to publication back; returns ``{number, status, sent_at}``.

    Raises ``NotAllowed``, also the second time, ``InvalidKey`` and ``KeyReused``.
    """

    def effect(_nothing: None) -> dict[str, Any]:
        petition = locked(opened.petition, Action.CONSENT_WITHDRAWAL, consented=opened.consented)
        petition.consent_withdrawn_at = now = timezone.now()
        petition.save(update_fields=["consent_withdrawn_at"])
        send_request(petition, "petition.consent_withdrawn", now)
        return noted(petition, TimelineEvent.CONSENT_WITHDRAWAL_SENT, now)

    return once(
        scope=f"petition {opened.petition.uid} consent",
        key=key,
        fields={},
        prepare=lambda: None,
        effect=effect,
    )


def locked(petition: Petition, action: Action, *, consented: bool = False) -> Petition:
    """The petition's row, locked. Raises ``NotAllowed`` when by now its state does not allow ``action``."""
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    if action not in allowed_actions(petition, consented=consented):
        raise NotAllowed
    return petition


def send_request(
    petition: Petition, type: str, at: datetime.datetime, content: dict[str, Any] | None = None, **data: Any
) -> None:
    """Send what the citizen asks for; ``content``, where there is any, is sealed to the office."""
    send_message(
        type=type,
        version=1,
        recipient=OFFICE,
        stream=petition.stream,
        data={"uid": str(petition.uid), "at": at.isoformat()} | data,
        sealed=None if content is None else ForRecipient(content),
    )


def noted(petition: Petition, event: TimelineEvent, at: datetime.datetime) -> dict[str, Any]:
    """Put it on the timeline; what the request is answered with."""
    TimelineEntry.objects.create(petition=petition, at=at, event=event)
    return {"number": petition.number, "status": petition.status, "sent_at": at.isoformat()}
