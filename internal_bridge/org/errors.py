"""Why something of the directory cannot be done."""

from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS", "Conflict", "StaleVersion"]

WORDS = {
    "closed": _("It no longer exists."),
    "below_itself": _("A unit cannot stand below itself."),
    "units_below": _("There are units below this one. Move or close them first."),
    "people_remain": _("People still hold posts here. Move them or end their appointments first."),
    "posts_remain": _("There are still posts in this department. Close them first."),
    "left": _("This person has left."),
    "has_login": _("This person has a login already."),
    "protected_login": _("Passwords of system, security and audit administrators are reset on the server only."),
    "no_login": _("This person has no login."),
    "ended": _("This has ended already."),
    "separated_roles": _("Nobody may be two of system, security and audit administrator."),
    "own_rights": _("Nobody changes their own rights."),
    "last_administrator": _("This is the last system administrator."),
    "not_own_appointment": _("This appointment is somebody else's."),
    "not_checked": _("This import has not been checked, or has been applied already."),
    "invalid_lines": _("The file has lines that cannot be imported."),
}


class StaleVersion(Exception):
    """Somebody has changed the row since the person looked at it; ``version`` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class Conflict(Exception):
    """The state of the directory does not allow this. ``code`` is a key of ``WORDS``, ``str()`` the words."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return str(WORDS[self.code])
