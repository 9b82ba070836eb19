"""Every kind of personal data in one text."""

from collections.abc import Collection

from core.personal.folding import fold
from core.personal.homes import find_homes
from core.personal.names import find_names
from core.personal.numbers import find_numbers
from core.personal.spans import Span, without_overlaps


def find_personal(text: str, *, known: Collection[str] = ()) -> list[Span]:
    """The personal data in ``text``, sorted, not overlapping; places in code points.

    ``known`` are names that the case itself knows, such as the petitioner's: they are found wherever they stand. Surnames
    with a title (刘伯, 张书记), masked numbers, estates, shops, and buildings without a door are not personal.
    """
    folded = fold(text)
    found = [*find_numbers(folded), *find_homes(folded), *find_names(folded, known=[fold(name) for name in known])]
    return [Span(one.start, one.end, one.type, text[one.start : one.end]) for one in without_overlaps(found)]
