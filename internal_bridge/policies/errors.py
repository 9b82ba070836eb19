"""Why something cannot be done with a policy."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from internal_bridge.org.errors import Conflict, StaleVersion

__all__ = ["WORDS", "PolicyConflict", "StaleVersion"]

WORDS = {
    "published": _("This version is published: it is not changed any more. Write a new version."),
    "draft_there": _("There is a draft of this policy already. Publish or discard it first."),
    "not_in_force": _("There is no version without an end that a new one could follow."),
    "no_answer": _("Without a limit for the answer to each kind that follows this policy it cannot be published: %(kinds)s."),
    "nothing_changed": _("The draft says the same as the version before it."),
    "confirmed": _("This limit has been confirmed already."),
    "nothing_to_confirm": _("This limit is not marked for confirmation."),
}


class PolicyConflict(Conflict):
    """What stands does not allow this. ``code`` is a key of ``WORDS``, ``str()`` the words."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, **params)

    def __str__(self) -> str:
        return str(WORDS[self.code]) % self.params
