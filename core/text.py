"""Text: how a Chinese name is read, traditional characters as simplified ones, and text without what nobody sees."""

import functools
import re
from typing import Any

__all__ = ["pinyin_of", "simplify", "without_hidden"]

# What has no width, turns the direction of writing, or controls a machine: nobody types it on purpose, and it makes one text
# look like another. The joiners stay, of which scripts and emoji are made, and so does NUL, which forms refuse by its name.
HIDDEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)

# Surnames that are read otherwise than the character alone. Two characters first: 单于 is not 单.
SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "令狐": "ling hu", "澹台": "tan tai",
    "欧阳": "ou yang", "夏侯": "xia hou", "宰父": "zai fu", "呼延": "hu yan", "皇甫": "huang fu", "司马": "si ma",
    "覃": "qin", "单": "shan", "仇": "qiu", "曾": "zeng", "区": "ou", "解": "xie", "任": "ren", "华": "hua", "查": "zha",
    "盖": "ge", "朴": "piao", "翟": "zhai", "员": "yun", "乐": "yue", "黑": "he", "折": "she", "种": "chong", "缪": "miao",
    "那": "na", "葛": "ge", "燕": "yan", "纪": "ji", "冼": "xian", "谌": "chen", "乜": "nie", "召": "shao", "洗": "xian",
    "阚": "kan", "祭": "zhai", "能": "nai", "秘": "bi", "繁": "po", "佴": "nai", "娄": "lou", "牟": "mou", "隗": "wei",
    "宁": "ning", "晁": "chao", "柏": "bai", "薄": "bo", "逄": "pang", "尹": "yin", "覺": "jue", "都": "du", "车": "che",
    "石": "shi", "尉": "wei", "沈": "shen", "臧": "zang", "褚": "chu", "洪": "hong", "重": "chong", "盛": "sheng", "訾": "zi",
}  # fmt: skip
# In given names 晟 is read sheng, whatever the dictionary lists first.
GIVEN = {"晟": "sheng"}


@functools.lru_cache(maxsize=4_096)
def _syllables(text: str) -> tuple[str, ...]:
    # Its dictionaries take a moment and 30 MB: only who writes names loads them.
    from pypinyin import lazy_pinyin

    return tuple(syllable.lower() for syllable in lazy_pinyin(text))


@functools.cache
def _converter() -> Any:
    # Its dictionaries take a moment: only who compares texts loads them.
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """``text`` with traditional Chinese characters as simplified ones (OpenCC ``t2s``), for comparing, never for showing."""
    return text if text.isascii() else str(_converter().convert(text))


def pinyin_of(name: str) -> tuple[str, str]:
    """The reading of a person's ``name`` and its initials, without tones: ``("qin xiaoming", "qxm")`` for 覃晓明.

    Surname and given name are apart; a surname of several readings is read as one. ü is written v, as it is typed. What is not
    Chinese stays, in lower case.
    """
    if name.isascii():
        words = name.lower().split()
        return " ".join(words), "".join(word[0] for word in words)
    name = "".join(name.split())
    length = 2 if name[:2] in SURNAMES and len(name) > 2 else 1
    surname, given = name[:length], name[length:]
    first = SURNAMES.get(surname, "").split() or list(_syllables(surname))
    rest = [GIVEN.get(given[:1], ""), *_syllables(given[1:])] if given[:1] in GIVEN else list(_syllables(given))
    words = ["".join(first), "".join(rest)]
    return " ".join(word for word in words if word), "".join(syllable[:1] for syllable in [*first, *rest])


def without_hidden(text: str) -> str:
    """``text`` without the characters that nobody sees (``HIDDEN``). Line ends and tabs stay."""
    return HIDDEN.sub("", text)
