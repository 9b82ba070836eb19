"""Reading the audit log: each time it is opened or taken along is itself recorded."""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from core.audit import record_audit
from core.models import AuditRecord, User
from internal_bridge.auditing.exports import LIMIT, sheet_of
from internal_bridge.auditing.permissions import can_read_audit
from internal_bridge.auditing.querysets import records_visible_to

__all__ = ["export_records", "note_reading", "open_record"]


def note_reading(*, person: User, filters: dict[str, str]) -> None:
    """Record that ``person`` has the list before them, by these filters. Raises ``PermissionDenied``."""
    _check(person)
    with transaction.atomic():
        record_audit(action="audit.read", subject="", actor=person, params={"filters": filters} if filters else {})


def open_record(*, person: User, uid: uuid.UUID) -> AuditRecord:
    """One record, its opening recorded. Raises ``PermissionDenied`` and ``AuditRecord.DoesNotExist``."""
    _check(person)
    record = records_visible_to(person).get(uid=uid)
    with transaction.atomic():
        record_audit(action="audit.record_read", subject=f"audit:{record.uid}", actor=person)
    return record


def export_records(*, person: User, records: QuerySet[AuditRecord], filters: dict[str, str]) -> Iterator[bytes]:
    """``records`` as CSV, newest first and ``LIMIT`` at most, the export recorded before the first byte.

    Raises ``PermissionDenied``.
    """
    _check(person)
    with transaction.atomic():
        params = {"filters": filters, "limit": LIMIT} if filters else {"limit": LIMIT}
        mark = record_audit(action="audit.exported", subject="", actor=person, params=params)
    # What is recorded while the file is being written does not push into it.
    return sheet_of(records.filter(at__lte=mark.at), language=get_language() or settings.LANGUAGE_CODE)


def _check(person: User) -> None:
    if not can_read_audit(person):
        raise PermissionDenied
