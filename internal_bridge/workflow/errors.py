"""Why something cannot be done with a work item."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS", "AlreadyClaimed", "Conflict", "StaleVersion", "TooSoon"]

WORDS = {
    "closed": _("This has been dealt with already."),
    "not_claimable": _("This is addressed to one person; nobody needs to take it."),
    "not_to_read": _("This is to be done, not only to be read."),
    "claimed": _("%(name)s has taken this already."),
    "not_claimed": _("Nobody has taken this."),
    "others_claim": _("%(name)s has taken this; only they, or the head of the unit, can give it back."),
    "too_soon": _("This has just been urged. It can be urged again later."),
    "himself": _("Nobody can stand in for themselves."),
    "overlapping": _("Somebody stands in for this person in these days already."),
    "separated_roles": _("Nobody may be two of system, security and audit administrator, not even for a while."),
    "own_rights": _("Nobody makes themselves a substitute."),
    "ended": _("This has ended already."),
}


class StaleVersion(Exception):
    """Somebody has changed the item since the person looked at it; ``version`` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class Conflict(Exception):
    """The state of things does not allow this. ``code`` is a key of ``WORDS``, ``str()`` the words."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return str(WORDS[self.code]) % self.params


class AlreadyClaimed(Conflict):
    """Somebody else has taken the item."""

    def __init__(self, name: str) -> None:
        super().__init__("claimed", name=name)


class TooSoon(Conflict):
    """Nothing can be urged before ``until``."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__("too_soon")
        self.until = until
