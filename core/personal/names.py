"""Names of people: those that the case knows, and those that weigh enough."""

import re
from collections.abc import Collection, Iterator

from core.personal import name_words as words
from core.personal import surnames
from core.personal.sentences import Sentence, is_listed
from core.personal.spans import Found, PersonalType
from core.personal.weighing import ENOUGH, surname_at, weigh

RANK, KNOWN_RANK = 7, 6

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Names that were written by their sound: 阿依古丽·买买提.
_SOUND = f"[{''.join(sorted(words.SOUNDS))}]"
_MINORITY = re.compile(rf"{_SOUND}{{2,7}}(?:·{_SOUND}{{1,8}}){{1,2}}")
_SPACED = re.compile(
    rf"(?:{'|'.join(words.INTRODUCTIONS)})[ :：]{{0,3}}(?P<name>[\u4e00-\u9fff] {{1,4}}[\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)


def find_names(text: str, *, known: Collection[str] = ()) -> Iterator[Found]:
    """Names in the folded ``text``; once one is sure, it is found wherever it stands. ``known`` ones are sure."""
    sure = {name.strip() for name in known if len(name.strip()) >= 2}
    for name in sure:
        yield from _everywhere(text, name, KNOWN_RANK)
    for match in _MINORITY.finditer(text):
        yield Found(*match.span(), PersonalType.NAME, RANK)
    for match in _SPACED.finditer(text):
        if match["name"][0] in surnames.FREQUENT | surnames.COMMON:
            yield Found(*match.span("name"), PersonalType.NAME, RANK)
    likely = list(_likely(Sentence.of(text)))
    yield from (Found(start, end, PersonalType.NAME, RANK) for start, end in likely)
    for name in {text[start:end] for start, end in likely} - sure:
        # 高峰 may be somebody, and is an hour elsewhere.
        if len(name) > 2 or not is_listed(name):
            yield from _everywhere(text, name, RANK)


def _everywhere(text: str, name: str, rank: int) -> Iterator[Found]:
    # People put a space between the characters of a name to make a form look even.
    for match in re.finditer(" {0,4}".join(map(re.escape, name.replace(" ", ""))), text):
        yield Found(*match.span(), PersonalType.NAME, rank)


def _likely(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The heaviest of the candidates that overlap, as far as they weigh enough."""
    weighed = [(weigh(sentence, start, end), start, end) for start, end in _candidates(sentence.text)]
    taken: set[int] = set()
    for weight, start, end in sorted(weighed, key=lambda one: (-one[0], one[1], -one[2])):
        if weight < ENOUGH:
            break
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield start, end


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    for start in range(len(text)):
        surname = surname_at(text, start)
        for given in (1, 2) if surname else ():
            end = start + len(surname) + given
            if end <= len(text) and all(map(_HAN.match, text[start:end])) and text[start:end] not in words.NOBODY:
                yield start, end
