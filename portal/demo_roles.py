"""The one-click roles of the login page in demo mode: each sends the ordinary form with the demo password."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.models import User

ROLES = {
    "site.reviewer": _("Reviews and publishes for the whole site"),
    "editor.gaj": _("Writes for the section of the Public Security Bureau"),
    "reviewer.gaj": _("Reviews what that bureau's editor writes"),
}


@dataclass(frozen=True)
class DemoRole:
    """A login that one may try."""

    username: str
    name: str
    words: str


def demo_roles() -> list[DemoRole]:
    """The roles whose logins are there; none outside of demo mode."""
    if not (settings.DEMO and settings.DEMO_PASSWORD):
        return []
    found = {user.username: user for user in User.objects.filter(username__in=ROLES, is_active=True)}
    return [DemoRole(name, found[name].get_full_name(), str(words)) for name, words in ROLES.items() if name in found]
