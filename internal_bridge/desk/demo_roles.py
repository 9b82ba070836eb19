"""The one-click roles of the login page in demo mode: each sends the ordinary form with the demo password."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.models import User

# The logins of the specification's chapter 11, each with what it shows.
ROLES = {
    "dispatcher": _("Letters and Visits Bureau, dispatcher: registers, dispatches, checks"),
    "handler.gaj": _("Public Security Bureau, handler: deals with cases, drafts answers"),
    "head.gaj": _("Public Security Bureau, head: reviews and approves"),
    "inspector": _("Efficiency inspection: deadlines, cards, ranking"),
    "leader": _("City leader: instructions, everything on one screen"),
    "secretary": _("Secretary: shares the leader's calendar"),
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
