"""Questions about the directory's mirror and about published replies."""

import datetime
import unicodedata
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from core.workdays import local_date

if TYPE_CHECKING:
    from petitions.models import PublishedReply, Unit  # noqa: F401  the checker reads them below

MAX_TERMS = 8


def today() -> datetime.date:
    """The day on which units are open or closed unless another is asked about."""
    return local_date(timezone.now())


def fold(text: str) -> str:
    """Text as it is stored for searching and as it is searched: full-width letters made narrow, no capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


class UnitQuerySet(models.QuerySet["Unit"]):
    def open(self, on: datetime.date | None = None) -> "UnitQuerySet":
        """Units that exist on a day, today unless another is given; ``valid_to`` is a unit's last day."""
        on = on or today()
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=on)
        return self.filter(begun, models.Q(valid_to=None) | models.Q(valid_to__gte=on))

    def closed(self, on: datetime.date | None = None) -> "UnitQuerySet":
        """Units whose last day is over."""
        return self.filter(valid_to__lt=on or today())

    def taking_petitions(self) -> "UnitQuerySet":
        """Units that a petition may name as the one that should handle it: open, and taking petitions."""
        return self.open().filter(accepts_petitions=True)

    def search(self, text: str) -> "UnitQuerySet":
        """Units of which every word of ``text`` is part of a present or former name, of its pinyin or of its initials."""
        found = self
        for term in fold(text).split()[:MAX_TERMS]:
            found = found.filter(search_words__contains=term)
        return found

    def concerned_with(self, text: str) -> "UnitQuerySet":
        """Units of which every word of ``text`` is part of a name, its pinyin or initials, or of what the unit does."""
        found = self
        for term in fold(text).split()[:MAX_TERMS]:
            found = found.filter(models.Q(search_words__contains=term) | models.Q(duties__icontains=term))
        return found


class PublishedReplyQuerySet(models.QuerySet["PublishedReply"]):
    def public(self) -> "PublishedReplyQuerySet":
        """Those that everybody may read."""
        return self.filter(withdrawn_at=None)

    def search(self, text: str) -> "PublishedReplyQuerySet":
        """Those in which every word of ``text`` stands, in title, question or answer. Reads every row that is left."""
        found = self
        for term in text.split()[:MAX_TERMS]:
            places = models.Q(title__icontains=term) | models.Q(question__icontains=term) | models.Q(text__icontains=term)
            found = found.filter(places)
        return found
