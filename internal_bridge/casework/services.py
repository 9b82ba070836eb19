"""What is done with a case: register it when it arrives, answer it."""

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.audit import record_audit
from core.events import record_event
from core.files import decrypt_file, path_of
from core.idempotency import once
from core.models import User
from core.presenters import Count
from core.workdays import local_date
from internal_bridge.casework.enums import PUBLIC_STATUS, CaseState
from internal_bridge.casework.identity import CaseKey, attached, keep_identity
from internal_bridge.casework.models import Case, CaseAttachment, CaseReply, Register
from internal_bridge.casework.permissions import can_answer_case
from internal_bridge.exchange.public import ForCitizen, Message, MissingFiles, missing_files, send_message

__all__ = [
    "REPLY_LENGTH",
    "StaleVersion",
    "WrongState",
    "answer_case",
    "count_earlier_cases",
    "open_attachment",
    "open_case",
    "register_case",
]

REPLY_LENGTH = (5, 5_000)


class StaleVersion(Exception):
    """Somebody has changed the case since the person looked at it."""


class WrongState(Exception):
    """The case's state does not allow this."""


def register_case(*, message: Message, content: dict[str, Any]) -> Case:
    """Open a case for a submission that has arrived, in the transaction that applies its message.

    ``content`` is the opened sealed part. The case takes the next 登记号 of the year. Who wrote stands only under the case's
    own data key and in the submission, which is kept sealed as it crossed. Raises ``MissingFiles``, before any effect, until
    all attachments are here.
    """
    if missing := missing_files([file["digest"] for file in attached(content)]):
        raise MissingFiles(missing)
    data, now = message.data, timezone.now()
    year, register_number = _next_register_number(now)
    case = Case.objects.create(
        uid=data["uid"],
        number=data["number"],
        register_year=year,
        register_number=register_number,
        kind=data["kind"],
        received_at=datetime.datetime.fromisoformat(data["received_at"]),
        registered_at=now,
        title=content["title"],
        body=content["body"],
        place=content["place"],
        unit_code=content["unit_code"],
        urgent=content["urgent"],
        withhold_identity=content["withhold_identity"],
        allow_publication=content["allow_publication"],
        source=message.sender,
        citizen_key=bytes.fromhex(data["citizen_key"]),
        submission_box=message.sealed.box,
        submission_commitment=message.sealed.commitment,
        submission_info=message.own_binding,
    )
    keep_identity(case=case, content=content)
    record_event(subject=case.subject, name="registered", at=now)
    _tell_status(case, event="registered", at=now)
    return case


def open_case(*, person: User, number: str) -> Case:
    """The case, its reading recorded. Raises ``Case.DoesNotExist`` for what the person may not know of."""
    case = Case.objects.visible_to(person).get(number=number)
    with transaction.atomic():
        record_audit(action="case.read", subject=case.subject, actor=person, params={"number": case.number})
    return case


def count_earlier_cases(*, person: User, case: Case) -> Count:
    """How many earlier cases, as far as the person may know, gave one of this case's phone numbers.

    It is found by the blinded index of identities, so each use is recorded.
    """
    found = Count.of(Case.objects.visible_to(person).earlier_by_phone(case))
    with transaction.atomic():
        params = {"number": case.number, "found": found.value}
        record_audit(action="case.earlier_looked_up", subject=case.subject, actor=person, params=params)
    return found


def open_attachment(*, person: User, number: str, attachment_id: int) -> tuple[CaseAttachment, Iterator[bytes]]:
    """An attachment's row and its plain chunks, for one download, which is recorded before the first chunk is given out.

    Raises ``Case.DoesNotExist`` and ``CaseAttachment.DoesNotExist`` for what the person may not know of; ``FileError`` and
    ``OSError`` when the file does not open, and then nothing is recorded.
    """
    case = Case.objects.visible_to(person).select_related("identity").get(number=number)
    attachment = case.attachments.get(pk=attachment_id)
    chunks = decrypt_file(path_of(attachment.digest), CaseKey.of(case).file_key(attachment))
    first = next(chunks)
    with transaction.atomic():
        record_event(
            subject=case.subject,
            name="attachment_opened",
            at=timezone.now(),
            actor=person,
            params={"attachment": attachment.pk},
        )
        params = {"number": case.number, "attachment": attachment.pk}
        record_audit(action="case.attachment_opened", subject=case.subject, actor=person, params=params)
    return attachment, itertools.chain([first], chunks)


def answer_case(*, person: User, number: str, version: int, text: str, key: str | None) -> Case:
    """Send the petitioner a private reply: registered → answered.

    ``version`` is the one that ``person`` saw, ``key`` the request's idempotency key: a repeat sends nothing twice. Raises
    ``Case.DoesNotExist`` for what the person may not know of, ``PermissionDenied``, ``InvalidKey``, ``KeyReused``,
    ``WrongState``, ``StaleVersion``, and ``ValueError`` for a text out of 5–5,000 characters, in that order.
    """
    text = text.strip()
    # Before the key: whoever may not know of the case must not learn from an earlier use of it either.
    Case.objects.visible_to(person).get(number=number)
    if not can_answer_case(person):
        raise PermissionDenied
    once(
        scope=f"user:{person.uid} casework.answer:{number}",
        key=key,
        fields={"version": version, "text": text},
        prepare=lambda: None,
        effect=lambda _: _answer(person, number, version, text),
    )
    return Case.objects.visible_to(person).get(number=number)


def _answer(person: User, number: str, version: int, text: str) -> dict[str, Any]:
    case = Case.objects.visible_to(person).select_for_update().get(number=number)
    if not can_answer_case(person):
        raise PermissionDenied
    if case.state != CaseState.REGISTERED:
        raise WrongState(case.state)
    if case.version != version:
        raise StaleVersion(case.version)
    shortest, longest = REPLY_LENGTH
    if not shortest <= len(text) <= longest:
        raise ValueError(f"a reply has {shortest} to {longest} characters")
    now = timezone.now()
    case.state, case.answered_at, case.version = CaseState.ANSWERED, now, case.version + 1
    case.save(update_fields=["state", "answered_at", "version"])
    CaseReply.objects.create(case=case, text=text, author=person, at=now)
    record_event(subject=case.subject, name="answered", at=now, actor=person)
    send_message(
        type="case.message",
        version=1,
        recipient=case.source,
        stream=case.subject,
        data={"uid": str(case.uid), "kind": "reply", "at": now.isoformat()},
        sealed=ForCitizen({"text": text, "unit": None}, public_key=bytes(case.citizen_key)),
    )
    _tell_status(case, event="answered", at=now)
    return {"number": case.number, "version": case.version}


def _tell_status(case: Case, *, event: str, at: datetime.datetime) -> None:
    send_message(
        type="case.status",
        version=1,
        recipient=case.source,
        stream=case.subject,
        data={
            "uid": str(case.uid),
            "status": PUBLIC_STATUS[CaseState(case.state)].value,
            "event": event,
            "at": at.isoformat(),
            "params": {},
            "deadlines": [],
        },
    )


def _next_register_number(now: datetime.datetime) -> tuple[int, int]:
    """The year and the next number of its register, gapless because the row stays locked until the case is there."""
    year = local_date(now).year
    Register.objects.get_or_create(year=year)
    Register.objects.filter(year=year).update(last=F("last") + 1)
    return year, Register.objects.get(year=year).last
