"""What happens on the portal: submit a petition, open one with its code, ask for something; note what the office says."""

import dataclasses
import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.enums import PetitionKind, PetitionStatus
from core.files import ciphertext_size
from core.idempotency import once
from core.identifiers import PORTAL_FIRST_DIGITS, draw_number, is_number, normalise_number
from core.throttle import Queue
from core.vault import CitizenKey, InvalidCode, Sealed, citizen_key, new_receipt_code
from core.workdays import local_date
from internal_bridge.exchange.public import ForRecipient, keep_file, send_message
from petitions.attachments import Attachment, hold
from petitions.copies import OFFICE, OpenedMessage, OpenedPetition, keep_letter, open_again, open_all
from petitions.directory import close_unit, followers, note_unit
from petitions.enums import TimelineEvent
from petitions.models import CaseMessage, Petition, TimelineEntry
from petitions.ratings import NoSuchOffer, find_offer, is_open, offer_rating, rate_answer, rate_by_link
from petitions.replies import publish_reply, revise_reply, withdraw_reply
from petitions.rules import canonical_content
from petitions.supplements import (
    NoSuchQuestion,
    NotAllowed,
    add_supplement,
    request_review,
    request_withdrawal,
    withdraw_consent,
)

__all__ = [
    "NoSuchOffer",
    "NoSuchQuestion",
    "NotAllowed",
    "NumberTaken",
    "OpenedMessage",
    "OpenedPetition",
    "add_supplement",
    "close_unit",
    "find_offer",
    "followers",
    "is_open",
    "keep_message",
    "note_status",
    "note_unit",
    "offer_rating",
    "open_again",
    "open_case",
    "open_petition",
    "publish_reply",
    "rate_answer",
    "rate_by_link",
    "request_review",
    "request_withdrawal",
    "revise_reply",
    "submit_petition",
    "withdraw_consent",
    "withdraw_reply",
]

MAX_DRAWS = 5
# After these a request to withdraw waits no longer: it was decided on, or the case begins again.
WITHDRAWAL_DECIDED = {TimelineEvent.WITHDRAWN, TimelineEvent.WITHDRAWAL_DECLINED, TimelineEvent.REHANDLED}
REVIEW_DECIDED = {TimelineEvent.REQUEST_ANSWERED, TimelineEvent.REHANDLED}
TOLD_FIELDS = ["status", "deadlines", "kind", "withdrawal_sent_at", "review_sent_at", "answers", "rating_open"]

# Each derivation takes 19 MiB: a crowd waits for its turn, and the process stays within its memory.
DERIVATIONS = Queue(at_once=2, patience=5.0)


class NumberTaken(Exception):
    """Somebody drew the same number in the same moment."""


@dataclasses.dataclass(frozen=True)
class _Draft:
    number: str
    code: str
    key: CitizenKey
    received_at: datetime.datetime


def submit_petition(
    *, kind: str, data: dict[str, Any], key: str | None, attachments: Sequence[Attachment] = ()
) -> dict[str, str]:
    """Take a checked submission; returns ``{number, receipt_code, status, received_at}``.

    Petition, citizen's copy, outbox message and the idempotency record stand in one transaction. ``key`` is the request's
    idempotency key: a repeat returns the same receipt. Raises ``InvalidKey``, ``KeyReused``, ``Busy`` and ``AttachmentsGone``.
    """
    content = canonical_content(data | {"kind": kind}, attachments)
    # The same file sealed twice has two digests and two keys; what it holds tells a repeat.
    fields = content | {"kind": kind, "attachments": [[one.name, one.sha256] for one in attachments]}

    def prepare() -> _Draft:
        hold(attachments)
        return _draft()

    for draw in range(MAX_DRAWS):
        try:
            return once(
                scope="anonymous petitions.submit",
                key=key,
                fields=fields,
                prepare=prepare,
                effect=lambda draft: _store_petition(kind, content, draft),
            )
        except NumberTaken:
            if draw == MAX_DRAWS - 1:
                raise
    raise AssertionError("unreachable")


def open_petition(*, number: str, code: str) -> OpenedPetition | None:
    """The petition of that number if the code is its key, else None: a wrong number and a wrong code are the same work.

    About 20 ms for deriving the key, outside any transaction. Raises ``Busy``. Whom wrong codes count against is the business
    of ``throttling.open_counted``, through which requests come.
    """
    number = normalise_number(number)
    petition = Petition.objects.filter(number=number).first() if is_number(number) else None
    expected = bytes(petition.citizen_key) if petition else secrets.token_bytes(32)
    try:
        # A number that cannot exist is no salt; it costs the same derivation under another.
        with DERIVATIONS.turn():
            key = citizen_key(code, number=number if is_number(number) else "00000000-000000-0")
    except InvalidCode:
        return None
    if not key.matches(expected) or petition is None:
        return None
    return open_all(petition, key)


def open_case(*, uid: str, number: str, kind: str, received_at: datetime.datetime, citizen_key: bytes) -> None:
    """Note a petition that came by phone or at the counter, so that it can be followed here. A repeat changes nothing."""
    Petition.objects.get_or_create(
        uid=uid, defaults={"number": number, "kind": kind, "received_at": received_at, "citizen_key": citizen_key}
    )


def note_status(
    *,
    uid: str,
    status: str,
    event: str,
    at: datetime.datetime,
    params: dict[str, Any],
    deadlines: Sequence[dict[str, Any]] = (),
) -> None:
    """Take over what the office says of a case's state; ``deadlines`` are all its limits. Raises ``Petition.DoesNotExist``."""
    petition = Petition.objects.select_for_update().get(uid=uid)
    petition.status, petition.deadlines = PetitionStatus(status), list(deadlines)
    if event == TimelineEvent.RECLASSIFIED and "kind" in params:
        petition.kind = PetitionKind(params["kind"])
    if event in WITHDRAWAL_DECIDED:
        petition.withdrawal_sent_at = None
    if event in REVIEW_DECIDED:
        petition.review_sent_at = None
    if event == TimelineEvent.ANSWERED:
        petition.answers = params.get("answer", petition.answers + 1)
    if event == TimelineEvent.REHANDLED:
        petition.rating_open = False
    petition.save(update_fields=TOLD_FIELDS)
    TimelineEntry.objects.create(petition=petition, at=at, event=TimelineEvent(event), params=params)


def keep_message(*, uid: str, seq: int, type: str, kind: str, at: datetime.datetime, sealed: Sealed) -> None:
    """Keep a message that is sealed to the citizen. Raises ``Petition.DoesNotExist``."""
    petition = Petition.objects.get(uid=uid)
    CaseMessage.objects.create(
        petition=petition, seq=seq, type=type, kind=kind, at=at, box=sealed.box, commitment=sealed.commitment
    )


def _draft() -> _Draft:
    """Draw a number and a code and derive the key: the slow part, before the transaction."""
    received_at = timezone.now()
    number = draw_number(local_date(received_at), first_digits=PORTAL_FIRST_DIGITS)
    while Petition.objects.filter(number=number).exists():
        number = draw_number(local_date(received_at), first_digits=PORTAL_FIRST_DIGITS)
    code = new_receipt_code()
    with DERIVATIONS.turn():
        key = citizen_key(code, number=number)
    return _Draft(number=number, code=code, key=key, received_at=received_at)


def _store_petition(kind: str, content: dict[str, Any], draft: _Draft) -> dict[str, str]:
    try:
        with transaction.atomic():
            petition = Petition.objects.create(
                number=draft.number, kind=kind, received_at=draft.received_at, citizen_key=draft.key.public
            )
    except IntegrityError as error:
        raise NumberTaken(draft.number) from error
    for attachment in content["attachments"]:
        keep_file(attachment["digest"], ciphertext_size(attachment["size"]))
    TimelineEntry.objects.create(petition=petition, at=draft.received_at, event=TimelineEvent.SUBMITTED)
    keep_letter(petition, content)
    send_message(
        type="petition.submitted",
        version=1,
        recipient=OFFICE,
        stream=petition.stream,
        data={
            "uid": str(petition.uid),
            "number": petition.number,
            "kind": kind,
            "received_at": draft.received_at.isoformat(),
            "citizen_key": draft.key.public.hex(),
        },
        sealed=ForRecipient(content),
    )
    return {
        "number": petition.number,
        "receipt_code": draft.code,
        "status": petition.status,
        "received_at": draft.received_at.isoformat(),
    }
