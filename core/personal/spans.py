"""What is found: a stretch of text and its kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonalType(models.TextChoices):
    """Kinds of personal data."""

    NAME = "name", _("Personal name")
    PHONE = "phone", _("Phone number")
    ID_NUMBER = "id_number", _("ID number")
    ADDRESS = "address", _("Home address")
    PLATE = "plate", _("Number plate")
    BANK_CARD = "bank_card", _("Bank card")
    EMAIL = "email", _("E-mail address")
    WECHAT = "wechat", _("WeChat or QQ id")


@dataclass(frozen=True)
class Span:
    """``text[start:end]`` in code points."""

    start: int
    end: int
    type: PersonalType
    text: str


@dataclass(frozen=True)
class Found:
    """A stretch that a rule takes for personal; of two that overlap, the smaller ``rank`` counts, then the longer."""

    start: int
    end: int
    type: PersonalType
    rank: int

    def overlaps(self, other: "Found") -> bool:
        return self.start < other.end and other.start < self.end


def without_overlaps(found: Iterable[Found]) -> list[Found]:
    """The best of ``found``, in the order of the text."""
    chosen: list[Found] = []
    for one in sorted(found, key=lambda one: (one.rank, one.start - one.end, one.start)):
        if not any(one.overlaps(other) for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)
