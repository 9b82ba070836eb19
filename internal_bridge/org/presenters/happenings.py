"""What happened to a unit or a person, in words."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from core.models import DomainEvent


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a unit or a person."""

    at: datetime.datetime
    text: str
    who: str
    note: str

    @classmethod
    def of(cls, event: DomainEvent) -> "Happening":
        text, note = _EVENTS.get(event.name, ("%(name)s", ""))
        words = _Words(event.params, name=event.name)
        who = event.actor.get_full_name() if event.actor else ""
        return cls(at=event.at, text=str(text) % words, who=who, note=str(note) % words)


class _Words(dict[str, Any]):
    """The parameters of an event; what an older event did not write down is left out."""

    def __missing__(self, key: str) -> str:
        return ""


_EVENTS: dict[str, tuple[Any, Any]] = {
    "created": (gettext_lazy("entered it into the directory"), ""),
    "imported": (gettext_lazy("brought it by an import"), ""),
    "changed": (gettext_lazy("changed its entry"), ""),
    "renamed": (gettext_lazy("changed its name"), gettext_lazy("From %(on)s")),
    "moved": (gettext_lazy("put it under another unit"), gettext_lazy("Now under: %(parent)s")),
    "closed": (gettext_lazy("closed it"), gettext_lazy("Last day: %(valid_to)s")),
    "merged": (gettext_lazy("merged other units into it"), ""),
    "department_opened": (gettext_lazy("opened a department"), ""),
    "department_changed": (gettext_lazy("changed a department"), ""),
    "department_closed": (gettext_lazy("closed a department"), ""),
    "post_created": (gettext_lazy("made a post"), ""),
    "post_changed": (gettext_lazy("changed a post"), ""),
    "post_closed": (gettext_lazy("closed a post"), ""),
    "appointed": (gettext_lazy("appointed to a post"), gettext_lazy("Unit: %(unit)s")),
    "appointment_ended": (gettext_lazy("ended an appointment"), gettext_lazy("Unit: %(unit)s")),
    "left": (gettext_lazy("let the person leave"), gettext_lazy("Last day: %(left_on)s")),
    "given": (gettext_lazy("gave a right or a login"), ""),
    "password_reset": (gettext_lazy("made a new one-time password"), ""),
    "ended": (gettext_lazy("ended a right"), ""),
}
