"""What the rules say about a letter."""

import dataclasses
from collections.abc import Iterable

from internal_bridge.routing.models import RoutingRule
from internal_bridge.routing.words import plain

# A word in the title weighs as three in the text; beyond so many a rule is as sure as it can be.
TITLE_WEIGHT = 3
MOST = 5
# The second word found adds less than the first.
DAMPING = 0.7


@dataclasses.dataclass(frozen=True)
class Letter:
    """What is known of a petition when somebody has to decide where it goes. ``named_unit_code``: whom the writer asks for."""

    kind: str
    title: str
    body: str
    place: str = ""
    named_unit_code: str = ""


@dataclasses.dataclass(frozen=True)
class CompiledRule:
    """A rule as it is matched: plain words, alternatives apart."""

    pk: int | None
    unit_code: str
    unit_name: str
    any_words: tuple[str, ...]
    all_groups: tuple[tuple[str, ...], ...]
    not_words: tuple[str, ...]
    kinds: frozenset[str]
    place: str
    weight: float
    note: str

    @classmethod
    def of(cls, rule: RoutingRule) -> "CompiledRule":
        return cls(
            pk=rule.pk,
            unit_code=rule.unit.code,
            unit_name=rule.unit.short_name,
            any_words=split_words(rule.any_words),
            all_groups=tuple(tuple(filter(None, group.split("/"))) for group in split_words(rule.all_words)),
            not_words=split_words(rule.not_words),
            kinds=frozenset(rule.kinds),
            place=plain(rule.place),
            weight=rule.weight,
            note=rule.note,
        )

    @property
    def words(self) -> tuple[str, ...]:
        """All words that speak for it."""
        return self.any_words + tuple(word for group in self.all_groups for word in group)

    def match(self, kind: str, title: str, text: str) -> "Vote | None":
        """Its vote about a letter; ``text`` is plain and holds the title and the place, too."""
        if (self.kinds and kind not in self.kinds) or (self.place and self.place not in text):
            return None
        if any(word in text for word in self.not_words):
            return None
        needed = [next((word for word in group if word in text), "") for group in self.all_groups]
        found = longest([word for word in self.any_words if word in text])
        if not all(needed) or (self.any_words and not found):
            return None
        counted = found or needed
        count = sum(TITLE_WEIGHT if word in title else 1 for word in counted) if found else self._combined(needed, title)
        return Vote(self, tuple(dict.fromkeys([*found, *needed])), self.weight * min(count, MOST) ** DAMPING)

    @staticmethod
    def _combined(needed: list[str], title: str) -> int:
        # Words that count only together are as one word.
        return TITLE_WEIGHT if all(word in title for word in needed) else 1


@dataclasses.dataclass(frozen=True)
class Vote:
    """A rule that holds, the words it found, and what its vote weighs."""

    rule: CompiledRule
    words: tuple[str, ...]
    score: float


def split_words(text: str) -> tuple[str, ...]:
    """Words kept apart by spaces, commas or enumeration commas, each once, in their order."""
    for sign in "，、,；;":
        text = text.replace(sign, " ")
    return tuple(dict.fromkeys(plain(text).split()))


def longest(words: list[str]) -> list[str]:
    """``words`` without those that are a part of another: 公交 says nothing more where 公交车 stands."""
    return [word for word in words if not any(word != other and word in other for other in words)]


def votes_on(letter: Letter, rules: Iterable[CompiledRule]) -> dict[str, list[Vote]]:
    """By unit code, the votes of the rules that hold, the heaviest first."""
    title = plain(letter.title)
    text = f"{title}\n{plain(letter.body)}\n{plain(letter.place)}"
    found: dict[str, list[Vote]] = {}
    for rule in rules:
        if (vote := rule.match(letter.kind, title, text)) is not None:
            found.setdefault(rule.unit_code, []).append(vote)
    for votes in found.values():
        votes.sort(key=lambda vote: -vote.score)
    return found
