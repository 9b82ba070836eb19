"""A text without the personal data in it: what stands instead says what was there, and a reader can still follow."""

from collections.abc import Iterable

from core.personal.spans import PersonalType, Span
from core.personal.surnames import COMPOUND

WORDS = {
    PersonalType.PHONE: "（电话略）",
    PersonalType.ID_NUMBER: "（证件号略）",
    PersonalType.ADDRESS: "（住址略）",
    PersonalType.PLATE: "（车牌略）",
    PersonalType.BANK_CARD: "（卡号略）",
    PersonalType.EMAIL: "（邮箱略）",
    PersonalType.WECHAT: "（账号略）",
}


OPENING, CLOSING = ("（", "("), ("）", ")")


def replacement_of(span: Span, within: str) -> str:
    """What stands for ``span`` in the public text: the surname and 某 for a name, else which kind of thing was left out.

    ``within`` is the text: where the span stands alone in brackets already, the words bring none.
    """
    if span.type != PersonalType.NAME:
        words = WORDS[span.type]
        enclosed = within[max(span.start - 1, 0) : span.start] in OPENING and within[span.end : span.end + 1] in CLOSING
        return words[1:-1] if enclosed else words
    surname = span.text[:2] if span.text[:2] in COMPOUND else span.text[:1]
    return f"{surname}某" if "\u3400" <= surname[:1] <= "\u9fff" and not set(span.text) & set("·•・‧") else "某人"


def redact(text: str, spans: Iterable[Span]) -> str:
    """``text`` with the replacement of each of ``spans``, which belong to this text and do not overlap, in any order.

    Raises ``ValueError`` for a span that is not of this text or overlaps another.
    """
    pieces, place = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start < place or text[span.start : span.end] != span.text:
            raise ValueError("a span is not of this text, or overlaps another")
        pieces += [text[place : span.start], replacement_of(span, text)]
        place = span.end
    return "".join([*pieces, text[place:]])
