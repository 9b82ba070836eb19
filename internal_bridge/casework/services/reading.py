"""A case is read: by whom, is recorded."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.events import record_event
from core.files import decrypt_file, path_of
from core.idempotency import once
from core.models import User
from core.presenters import Count
from internal_bridge.casework.enums import EntryKind
from internal_bridge.casework.identity import CaseKey
from internal_bridge.casework.life.act import InvalidFields
from internal_bridge.casework.models import Case, CaseAttachment, CaseEntry
from internal_bridge.casework.permissions import can_open_identity

__all__ = ["count_earlier_cases", "identity_of", "open_attachment", "open_case", "open_identity"]

SHORTEST_REASON, LONGEST_REASON = 5, 200


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


def open_identity(*, person: User, number: str, reason: str, key: str | None) -> dict[str, Any]:
    """Who wrote: name, phone, email, representatives, on whose behalf. The opening stands in the case's history with its
    reason, and in the audit log, before anything is given out.

    Raises ``Case.DoesNotExist``, ``PermissionDenied``, ``InvalidKey``, ``KeyReused``, and ``InvalidFields`` without a reason of
    5 to 200 characters.
    """
    case = Case.objects.visible_to(person).select_related("identity").get(number=number)
    if not can_open_identity(person, case):
        raise PermissionDenied
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidFields({"reason": [_("Say in 5 to 200 characters why you need the identity.")]})

    def note(_prepared: None) -> dict[str, Any]:
        now = timezone.now()
        entry = CaseEntry.objects.create(
            case=case, kind=EntryKind.IDENTITY, text=reason, author=person, at=now, round=case.round
        )
        params = {"entry": entry.pk}
        record_event(subject=case.subject, name="identity_opened", at=now, actor=person, params=params)
        record_audit(action="case.identity_opened", subject=case.subject, actor=person, params=params | {"number": case.number})
        return params

    # The record of the answer holds no identity: a repeat reads it anew.
    scope = f"user:{person.uid} casework.identity:{number}"
    once(scope=scope, key=key, fields={"reason": reason}, prepare=lambda: None, effect=note)
    return identity_of(case)


def identity_of(case: Case) -> dict[str, Any]:
    """The identity as it was submitted, decrypted; for masking and for ``open_identity`` alone."""
    plain = CaseKey.of(case).decrypt("identity", bytes(case.identity.box))
    found: dict[str, Any] = json.loads(plain)
    return found
