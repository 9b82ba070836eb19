"""What makes a name of some characters: a surname, what names are made of, and what stands beside them.

Each candidate is weighed: no single sign makes a name of 高兴 or 成立, and none is missed for being rare. What the segmentation
takes for an ordinary word counts against it, what it takes for a name counts for it. The weights were set on one half of the
petitions that ``evaluate_redaction`` reads, and on texts without names.
"""

import re

from core.personal import name_words as words
from core.personal import surnames
from core.personal.sentences import Sentence, Token

# From here on it is taken for a name.
ENOUGH = 4.9

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_INTRODUCED = re.compile(rf"(?:{'|'.join(words.INTRODUCTIONS)})(?:名叫|名字叫|叫做|叫|是|为|名)?[ :,，、“\"'「]{{0,2}}\Z")
_LONGEST_INTRODUCTION = 12
_TITLED = re.compile("|".join(title for title in words.TITLES if len(title) > 1))
_SHORT_TITLES = frozenset(title for title in words.TITLES if len(title) == 1)
# 刘伯和我: an elder, and then the sentence goes on. 家 and 公 begin given names as well.
_ELDERS = frozenset("伯叔婶姨哥姐嫂爷奶婆总")
# Behind a village stands who lives there; before these words, what a place or a firm is called.
_OF_PLACE = frozenset("村屯寨组县镇乡")
_FROM_A_PLACE = re.compile(r"[村屯寨组县镇乡区里厂校市队司]的\Z")
_NAMES_A_PLACE = re.compile(
    "[县縣市区區镇鎮乡鄉村屯寨街路巷桥橋苑府湖坝]|社区|大道|小区|花园|新村|水库|广场|大厦|"
    "公司|集团|学校|中学|小学|幼儿园|医院|药店|酒店|饭店|小厨|超市"
)
# 老王, 小李: nobody knows whom.
_FAMILIAR = frozenset("老小阿")
_MEASURES = frozenset("张項项段封包车門门节單单支户戶年时米元位")
_COUNTS = frozenset("一二两三四五六七八九十百千万几多每这那哪某半0123456789")
_FOLLOWED = re.compile(rf"[ ,，、:：(（]{{0,2}}(?:{'|'.join(words.FOLLOWERS)})")
_WITH_NUMBER = re.compile(r"[ ,，、:：(（]{0,2}(?:(?:联系|我的)?(?:手机|电话|身份证)号?码?[:： 是]{0,2})?\d{7}")
_SIGNED = re.compile(r"[ 。.]{0,2}(?:\Z|\n)")


def surname_at(text: str, start: int) -> str:
    """The surname at ``start``, of one or two characters; empty where there is none."""
    if text[start : start + 2] in surnames.COMPOUND:
        return text[start : start + 2]
    return text[start] if text[start] in surnames.FREQUENT or text[start] in surnames.COMMON else ""


def weigh(sentence: Sentence, start: int, end: int) -> float:
    """How much speaks for a name at ``start`` to ``end``; from ``ENOUGH`` on it is taken for one."""
    text = sentence.text
    surname = surname_at(text, start)
    given = text[start + len(surname) : end]
    introduced = bool(_INTRODUCED.search(text, max(0, start - _LONGEST_INTRODUCTION), start))
    whole = sentence.by_start.get(start)
    if _is_nobody(text, start, surname, given, introduced):
        return 0.0
    characters = sum(map(_given_weight, given))
    if whole and whole.end == end and whole.is_name() and not set(given) & words.NEVER - words.NEVER_BUT:
        characters = max(characters, 0.0)
    weight = _surname_weight(surname) + characters + (0.5 if len(given) == 2 else 0.0)
    weight -= 2.0 if text[start : start + 2] in words.NOBODY and not introduced else 0.0
    weight += _left_weight(sentence, start, introduced) + _right_weight(sentence, end)
    return weight + _words_weight(sentence, start, end, introduced)


def _is_nobody(text: str, start: int, surname: str, given: str, introduced: bool) -> bool:
    """Whether it is 老王, 张书记 or 刘伯, who are nobody in particular, or 一张表, where 张 counts sheets."""
    before = text[start - 1 : start]
    titled = bool(_TITLED.match(text, start + len(surname))) or given in _SHORT_TITLES
    titled = titled or (given[0] in _ELDERS and not introduced)
    return titled or before in _FAMILIAR or (surname in _MEASURES and before in _COUNTS)


def _surname_weight(surname: str) -> float:
    if len(surname) == 2:
        return 2.0
    weight = 2.0 if surname in surnames.FREQUENT else 1.4
    return weight - (1.2 if surname in surnames.DOUBTFUL else 0.5 if surname in surnames.AMBIGUOUS else 0.0)


def _given_weight(char: str) -> float:
    if char in words.NEVER:
        return -0.8 if char in words.NEVER_BUT else -4.0
    if char in words.SELDOM:
        return 0.2 if char in words.GIVEN else -0.6
    return 1.0 if char in words.GIVEN else 0.1


def _left_weight(sentence: Sentence, start: int, introduced: bool) -> float:
    before = sentence.text[start - 1 : start]
    if introduced:
        return 2.5
    if not _HAN.match(before) or before in _OF_PLACE:
        return 1.0
    if _FROM_A_PLACE.search(sentence.text, max(0, start - 3), start):
        return 1.5
    if before in "我的是叫姓在和跟与找由被把给向让请":
        return 0.5
    return 0.0 if start in sentence.by_start else -0.8


def _right_weight(sentence: Sentence, end: int) -> float:
    text = sentence.text
    if _NAMES_A_PLACE.match(text, end):
        return -4.0
    if _WITH_NUMBER.match(text, end):
        return 3.0
    if _SIGNED.match(text, end):
        return 2.0
    if _FOLLOWED.match(text, end):
        return 1.5
    if not _HAN.match(text[end : end + 1]):
        return 0.8
    if _TITLED.match(text, end):
        return 1.0
    return 0.0 if end in sentence.by_end else -0.8


def _words_weight(sentence: Sentence, start: int, end: int, introduced: bool) -> float:
    """What the segmentation says: a name of just this length, an ordinary word, or a word cut in two."""
    whole = sentence.by_start.get(start)
    if whole and whole.end == end:
        if whole.is_name():
            return _name_weight(whole, introduced)
        return (-1.5 if introduced else -4.0) if whole.is_word() else 0.8
    weight = 0.0
    for token in dict.fromkeys(sentence.at[start:end]):
        if token.end - token.start == 1:
            continue
        inside = start <= token.start and token.end <= end
        if token.is_name():
            # 我莫志坚 as one name, 农·秋月 as surname and name.
            weight += 1.0 if inside or token.start == start - 1 else 0.3
        elif not token.is_word():
            weight += 0.3 if inside else -0.6
        elif inside and token.start > start:
            weight -= 0.2 if introduced else 0.6
        elif inside:
            weight -= 0.8 if introduced else 1.5
        else:
            weight -= 1.5 if introduced else 3.0
    return weight


def _name_weight(token: Token, introduced: bool) -> float:
    """What it is worth that the segmentation calls just this a name; its dictionary calls 青少年 and 高峰 names, too."""
    if token.end - token.start > 2:
        return 1.0 if token.listed else 2.0
    return 1.0 if introduced else 0.2
