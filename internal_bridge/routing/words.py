"""From a letter to what is counted: the words that jieba finds, and pairs of characters for what its dictionary lacks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from core.text import simplify

# Two characters at least: single ones say little of whose business something is. Numbers never: they belong to persons.
WORD = re.compile(r"[\u4e00-\u9fffa-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
# What stands in the title counts as often as if it stood this many times in the text.
TITLE_COUNTS = 2
WORD_MARK, PAIR_MARK = "w:", "p:"


def plain(text: str) -> str:
    """``text`` with full-width letters and digits made narrow, in lower case and simplified characters."""
    return simplify(unicodedata.normalize("NFKC", text).casefold())


def pieces_of(text: str) -> Iterable[str]:
    """Words and pairs of characters of plain ``text``, each with its mark."""
    # Its dictionary takes a moment and some MB: only who needs words loads it.
    import rjieba

    for word in rjieba.cut(text):
        if WORD.fullmatch(word):
            yield WORD_MARK + word
    for run in CHINESE.findall(text):
        for place in range(len(run) - 1):
            yield PAIR_MARK + run[place : place + 2]


def count_pieces(title: str, body: str) -> Counter[str]:
    """How often each piece stands in a letter; those of the title count twice."""
    counted = Counter(pieces_of(plain(body)))
    for piece in pieces_of(plain(title)):
        counted[piece] += TITLE_COUNTS
    return counted
