"""Questions to the audit log."""

from typing import Any

from django.db.models import QuerySet

from core.models import AuditRecord
from internal_bridge.auditing.permissions import can_read_audit


def records_visible_to(person: Any) -> QuerySet[AuditRecord]:
    """All records with their actors for who may read the log, none for others."""
    records: QuerySet[AuditRecord] = AuditRecord.objects.select_related("actor")
    return records if can_read_audit(person) else records.none()
