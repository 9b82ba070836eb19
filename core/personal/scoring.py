"""How well personal data is found, against texts in which people have marked it."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from core.personal.finding import find_personal
from core.personal.folding import fold
from core.personal.numbers import CARD, EMAIL, ID_15, ID_18, LANDLINE, MOBILE, PLATE
from core.personal.spans import PersonalType

_TYPES = (
    (PersonalType.EMAIL, (EMAIL,)),
    (PersonalType.ID_NUMBER, (ID_18, ID_15)),
    (PersonalType.PHONE, (MOBILE, LANDLINE)),
    (PersonalType.BANK_CARD, (CARD,)),
    (PersonalType.PLATE, (PLATE,)),
)


@dataclass(frozen=True)
class Marked:
    """A text and the strings in it that are personal."""

    text: str
    personal: tuple[str, ...]

    def places(self) -> Iterator[tuple[int, int]]:
        """Where the marked strings stand, each as often as it does."""
        for string in dict.fromkeys(self.personal):
            yield from (match.span() for match in re.finditer(re.escape(string), self.text))


@dataclass(frozen=True)
class Score:
    """Counts of spans: those marked and which of them were found whole; those proposed and which of them touch a marked one."""

    marked: int
    found: int
    proposed: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0


def type_of(string: str) -> PersonalType:
    """The type of a marked string: of the pattern that it matches, else a name when it is letters alone, else an address."""
    folded = fold(string)
    for type, patterns in _TYPES:
        if any(pattern.fullmatch(folded) for pattern in patterns):
            return type
    return PersonalType.NAME if folded.replace("·", "").isalpha() else PersonalType.ADDRESS


def score(texts: Iterable[Marked], *, types: Collection[PersonalType] = tuple(PersonalType)) -> Score:
    """Recall and precision over the spans of ``texts``, or of these ``types`` alone.

    A marked span is found when each of its characters is in a proposed one; a proposed span is right when it has a character of
    a marked one, of whichever type.
    """
    counts = [0, 0, 0, 0]
    for text in texts:
        proposed = find_personal(text.text)
        covered = {place for span in proposed for place in range(span.start, span.end)}
        marked = list(text.places())
        personal = {place for start, end in marked for place in range(start, end)}
        asked = [place for place in marked if type_of(text.text[slice(*place)]) in types]
        counts[0] += len(asked)
        counts[1] += sum(covered.issuperset(range(*place)) for place in asked)
        chosen = [span for span in proposed if span.type in types]
        counts[2] += len(chosen)
        counts[3] += sum(not personal.isdisjoint(range(span.start, span.end)) for span in chosen)
    return Score(*counts)
