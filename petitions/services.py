"""What happens to petitions on the portal: submit one, open one with its code, note what the office says of it or of units."""

import dataclasses
import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.enums import PetitionStatus
from core.files import ciphertext_size
from core.idempotency import once
from core.identifiers import PORTAL_FIRST_DIGITS, draw_number, is_number, normalise_number
from core.throttle import Queue
from core.vault import (
    CitizenKey,
    InvalidCode,
    Sealed,
    binding,
    citizen_key,
    citizen_kid,
    new_receipt_code,
    seal,
    unseal,
)
from core.workdays import local_date
from internal_bridge.exchange.public import CITIZEN, ForRecipient, keep_file, seal_binding, send_message
from petitions.attachments import Attachment, hold
from petitions.directory import close_unit, followers, note_unit
from petitions.enums import TimelineEvent
from petitions.models import CaseMessage, CitizenCopy, Petition, TimelineEntry
from petitions.rules import canonical_content

__all__ = [
    "NumberTaken",
    "OpenedMessage",
    "OpenedPetition",
    "close_unit",
    "followers",
    "keep_message",
    "note_status",
    "note_unit",
    "open_petition",
    "submit_petition",
]

OFFICE = "office"
PORTAL = "portal"
MAX_DRAWS = 5

# Each derivation takes 19 MiB: a crowd waits for its turn, and the process stays within its memory.
DERIVATIONS = Queue(at_once=2, patience=5.0)


class NumberTaken(Exception):
    """Somebody drew the same number in the same moment."""


@dataclasses.dataclass(frozen=True)
class OpenedMessage:
    """A message of the office, opened for one request."""

    at: datetime.datetime
    kind: str
    text: str
    unit: str


@dataclasses.dataclass(frozen=True)
class OpenedPetition:
    """A petition as its receipt code opens it, for one request; nothing of it is stored."""

    petition: Petition
    content: dict[str, Any]
    messages: list[OpenedMessage]
    timeline: list[TimelineEntry]

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """The files that came along, each as ``Attachment.as_content`` put it."""
        return self.content["attachments"]


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
    return OpenedPetition(
        petition=petition,
        content=_open_copy(petition, key),
        messages=[_open_message(message, petition, key) for message in petition.messages.all()],
        timeline=list(petition.timeline.all()),
    )


def note_status(*, uid: str, status: str, event: str, at: datetime.datetime, params: dict[str, Any]) -> None:
    """Take over what the office says of a case's state. Raises ``Petition.DoesNotExist``."""
    petition = Petition.objects.select_for_update().get(uid=uid)
    petition.status = PetitionStatus(status)
    petition.save(update_fields=["status"])
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
    copy = seal(
        content,
        public_key=draft.key.public,
        kid=citizen_kid(draft.key.public),
        info=_copy_binding(petition, 1),
    )
    CitizenCopy.objects.create(petition=petition, n=1, box=copy.box, commitment=copy.commitment)
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


def _copy_binding(petition: Petition, n: int) -> bytes:
    return binding(sender=PORTAL, recipient=CITIZEN, stream=petition.stream, seq=n, type="copy")


def _open_copy(petition: Petition, key: CitizenKey) -> dict[str, Any]:
    copy = petition.copies.get(n=1)
    sealed = Sealed(box=bytes(copy.box), commitment=copy.commitment)
    return unseal(sealed, private_key=key.private, info=_copy_binding(petition, 1))


def _open_message(message: CaseMessage, petition: Petition, key: CitizenKey) -> OpenedMessage:
    sealed = Sealed(box=bytes(message.box), commitment=message.commitment)
    info = seal_binding(OFFICE, CITIZEN, petition.stream, message.seq, message.type)
    content = unseal(sealed, private_key=key.private, info=info)
    unit = content["unit"]["name"] if content["unit"] else ""
    return OpenedMessage(at=message.at, kind=message.kind, text=content["text"], unit=unit)
