"""Who writes the tables of limits and keeps the calendar. Everybody who works here may read what is published."""

from internal_bridge.org.permissions import is_system_administrator

__all__ = ["can_edit_policies", "can_keep_calendar"]

can_edit_policies = is_system_administrator
can_keep_calendar = is_system_administrator
