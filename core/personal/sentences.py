"""The words of a text, by the dictionary and the model of jieba (rjieba: MIT, maintained, no network)."""

import functools
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Token:
    """A word of the sentence with its part of speech."""

    start: int
    end: int
    tag: str
    listed: bool

    def is_name(self) -> bool:
        return self.tag.startswith("nr")

    def is_word(self) -> bool:
        """Whether it is an ordinary word of the dictionary, and no guess of the model."""
        return self.end - self.start > 1 and not self.is_name() and self.listed


@dataclass(frozen=True)
class Sentence:
    """The text with its words: at which places one begins and ends."""

    text: str
    by_start: dict[int, Token]
    by_end: dict[int, Token]
    # The word that each character belongs to.
    at: tuple[Token, ...]

    @classmethod
    def of(cls, text: str) -> "Sentence":
        tokens, place = [], 0
        for word, tag in _tagger().tag(text):
            tokens.append(Token(place, place + len(word), tag, is_listed(word)))
            place += len(word)
        at = tuple(token for token in tokens for _ in range(token.start, token.end))
        return cls(text, {token.start: token for token in tokens}, {token.end: token for token in tokens}, at)


def is_listed(word: str) -> bool:
    """Whether the dictionary has ``word``."""
    return bool(_tagger().has_word(word))


@functools.cache
def _tagger() -> Any:
    # Its dictionary takes a moment and some MB: only who looks for names loads it.
    import rjieba

    return rjieba
