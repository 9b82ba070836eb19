"""Who may read the audit log: the audit administrator, and no other administrator with them."""

from internal_bridge.org.permissions import is_auditor

__all__ = ["can_read_audit"]

can_read_audit = is_auditor
