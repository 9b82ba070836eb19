"""The one-click roles of the login page in demo mode: each sends the ordinary form with the demo password."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.models import User

# Demo logins, each with what it shows today.
ROLES = {
    "dispatcher": _("Letters and Visits Bureau, dispatcher: all cases and their answers"),
    "handler.gaj": _("Public Security Bureau, handler: the directory as this unit sees it"),
    "head.gaj": _("Public Security Bureau, head: the directory as this unit sees it"),
    "inspector": _("Efficiency inspection: the directory"),
    "leader": _("City leader: the directory with all numbers"),
    "secretary": _("Secretary: the directory"),
    "sysadmin": _("System administrator: units, people, posts and grants"),
    "secadmin": _("Security administrator: keys, sessions, lockouts"),
    "auditor": _("Audit administrator: who read or administered what"),
}


@dataclass(frozen=True)
class DemoRole:
    """A login that one may try."""

    username: str
    name: str
    words: str


def demo_roles() -> list[DemoRole]:
    """The roles whose logins are there, in the order of the specification; none outside of demo mode."""
    if not (settings.DEMO and settings.DEMO_PASSWORD):
        return []
    found = {user.username: user for user in User.objects.filter(username__in=ROLES, is_active=True)}
    return [DemoRole(name, found[name].get_full_name(), str(words)) for name, words in ROLES.items() if name in found]
