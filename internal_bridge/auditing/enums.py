"""Groups of actions, as the auditor's list offers them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """In the order of the list's views."""

    LOGINS = "logins", _("Logins and sessions")
    RIGHTS = "rights", _("Rights")
    DIRECTORY = "directory", _("Directory")
    CASES = "cases", _("Cases")
    LIMITS = "limits", _("Limits")
    BRIDGE = "bridge", _("Bridge")
    AUDIT = "audit", _("Audit log")
