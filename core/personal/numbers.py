"""Numbers and identifiers: what a pattern, a check digit or the word before it gives away. Texts are folded."""

import datetime
import re
from collections.abc import Iterator

from core.identifiers import is_number, luhn_digit, normalise_number
from core.personal.folding import spoken_digits
from core.personal.spans import Found, PersonalType

PHONE_RANK, ID_RANK, CARD_RANK, PLATE_RANK, EMAIL_RANK, WECHAT_RANK = 3, 1, 2, 3, 0, 4


def _grouped(first: str, *sizes: tuple[int, ...]) -> str:
    """Digits in a row, or in groups of these sizes with a space, a dot or a dash between; ``first`` is what begins them."""
    taken = len(re.findall(r"\[[^]]*\]|\\d|\d", first))
    ways = []
    for groups in sizes:
        rest = [rf"\d{{{groups[0] - taken}}}" if groups[0] > taken else "", *(rf"\d{{{size}}}" for size in groups[1:])]
        ways.append("[ .-]{1,2}".join(rest))
    return rf"{first}(?:{'|'.join(ways)})"


# --- Phones: mobiles begin with 13 to 19; area codes have three digits (010, 02x) or four (telecom numbering plan of the MIIT).
MOBILE = re.compile(
    r"(?<![\d-])(?:\(?(?:\+|00)?86\)?[ -]?)?"
    + _grouped(
        "1[3-9]", (11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (4, 4, 3), (4, 3, 4), (5, 6), (6, 5), (3, 2, 2, 2, 2)
    )
    + r"(?!\d)"
)
SPOKEN_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
LANDLINE = re.compile(
    r"(?<![\d-])(?:\(?(?:\+|00)86\)?[ -]?)?"
    r"(?:\(0(?:10|2\d|[3-9]\d\d)\) ?|0(?:10|2\d|[3-9]\d\d)(?: ?- ?| )?)"
    r"[2-8]\d{2,3}[ -]?\d{4}(?!\d)(?: ?(?:转|轉|-|分机) ?\d{1,5}(?!\d))?"
)
# The numbers that offices tell everybody.
_PUBLIC = re.compile(
    r"(?:咨询|监督|投诉|举报|服务|办公|值班|报警|抢修|公开|客服)(?:电话|热线|专线)?(?:号码)?(?:是|为)?[ :]{0,2}\Z"
)
ABROAD = re.compile(r"(?<!\d)(?:\+|00)86[ -]?[1-9]\d{1,2}[ -]?[2-8]\d{6,7}(?!\d)")
# Seven or eight digits are a phone only where the words say so.
LOCAL = re.compile(
    r"(?:电话|電話|座机|固话|致电|拨打|号码)(?:号码?)?(?:就?是|为)?[ :,]{0,2}(?P<id>[2-8]\d{2,3}[ -]?\d{4})(?!\d)"
)

# --- Identity cards: GB 11643. The last digit of 18 is a check digit by ISO 7064 (MOD 11-2); 15 digits have none.
ID_18 = re.compile(
    rf"(?<![\dA-Za-z]){_grouped('[1-9]', (17,), (6, 8, 3), (6, 4, 4, 3), (3, 3, 8, 3), (4, 4, 4, 4, 1))}"
    r"[ -]?[\dXx](?![\dA-Za-z])"
)
# Spaces anywhere: only the check digit tells that it is one number.
ID_LOOSE = re.compile(r"(?<![\dA-Za-z])[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![\dA-Za-z])")
ID_15 = re.compile(r"(?<![\dA-Za-z])[1-9]\d{14}(?![\dA-Za-z])")
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
_ID_WORDS = re.compile(r"身份[证證]|证件|證件|身分[证證]")

# --- Bank cards: ISO/IEC 7812, Luhn's check digit.
_CARD_GROUPS = ((4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 4, 4, 4, 1), (6, 13), (6, 10), (4, 4, 4, 3))
CARD = re.compile(rf"(?<![\dA-Za-z-])(?:[1-9]\d{{14,18}}|{_grouped('[1-9]', *_CARD_GROUPS)})(?![\dA-Za-z])")
_CARD_WORDS = re.compile(r"银行|卡号|账号|帐号|賬號|帳號|账户|帐户|储蓄卡|信用卡|存折|[转轉刷]账?[到了的]|社保卡|卡")

# --- Number plates: GA 36; new-energy plates have one more, with a letter at the first or the last place.
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = re.compile(
    rf"[{_PROVINCES}] ?[A-Z] ?[·.-]? ?"
    r"(?:[A-HJK](?:[A-HJ-NP-Z0-9]\d{4})|\d{5}[A-HJK]|[A-HJ-NP-Z0-9]{4}[学警港澳挂领]|(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{5})(?![A-Z0-9])",
    re.IGNORECASE,
)

EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?(?:@|\(at\)|\[at\]|#at#) ?"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,12}(?![A-Za-z0-9])",
    re.IGNORECASE,
)

# --- WeChat: 6 to 20 characters that begin with a letter; QQ: 5 to 11 digits. Both only behind their word.
_LINK = r" ?(?:[号號]码?|账号|帐号|id)?[ ]?(?:就?是|为|為|加|同?号)?[ :=,“\"'(]{0,3}"
WECHAT = re.compile(
    rf"(?:微信|威信|薇信|徽信|卫星号|weixin|wechat|v信|(?<![A-Za-z])(?:wx|vx|v)(?![A-Za-z])|加(?:我)?(?:微|v)){_LINK}"
    r"(?P<id>[A-Za-z][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_@.-])",
    re.IGNORECASE,
)
WECHAT_BARE = re.compile(r"(?<![A-Za-z0-9])(?P<id>wxid_[a-z0-9]{4,20})(?![A-Za-z0-9])", re.IGNORECASE)
QQ = re.compile(rf"(?:(?<![A-Za-z])(?:qq|q)(?![A-Za-z])|扣扣|企鹅号)群?{_LINK}(?P<id>[1-9]\d{{4,10}})(?![\d@])", re.IGNORECASE)


def find_numbers(text: str) -> Iterator[Found]:
    """Whatever in the folded ``text`` is a number of somebody's, possibly overlapping."""
    yield from _plain(text)
    for pattern in (ID_18, ID_15):
        for match in pattern.finditer(text):
            if _is_id(_digits(match), _before(text, match)):
                yield Found(*match.span(), PersonalType.ID_NUMBER, ID_RANK)
    for match in ID_LOOSE.finditer(text):
        digits = _digits(match)
        if _is_date(digits[6:14]) and has_id_check(digits):
            yield Found(*match.span(), PersonalType.ID_NUMBER, ID_RANK)
    for match in CARD.finditer(text):
        if _is_card(_digits(match), _before(text, match)):
            yield Found(*match.span(), PersonalType.BANK_CARD, CARD_RANK)
    for match in SPOKEN_MOBILE.finditer(spoken_digits(text)):
        yield Found(*match.span(), PersonalType.PHONE, PHONE_RANK)


def has_id_check(digits: str) -> bool:
    """Whether the 18 characters end in the check digit of the other 17."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return _CHECKS[total % 11] == digits[17].upper()


def _plain(text: str) -> Iterator[Found]:
    for pattern in (MOBILE, ABROAD):
        for match in pattern.finditer(text):
            yield Found(*match.span(), PersonalType.PHONE, PHONE_RANK)
    for match in LANDLINE.finditer(text):
        if not _PUBLIC.search(_before(text, match)):
            yield Found(*match.span(), PersonalType.PHONE, PHONE_RANK)
    for match in LOCAL.finditer(text):
        yield Found(*match.span("id"), PersonalType.PHONE, PHONE_RANK)
    for match in PLATE.finditer(text):
        yield Found(*match.span(), PersonalType.PLATE, PLATE_RANK)
    for match in EMAIL.finditer(text):
        yield Found(*match.span(), PersonalType.EMAIL, EMAIL_RANK)
    for pattern in (WECHAT, WECHAT_BARE, QQ):
        for match in pattern.finditer(text):
            yield Found(*match.span("id"), PersonalType.WECHAT, WECHAT_RANK)


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"[ .-]", "", match.group())


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 14) : match.start()]


def _is_id(digits: str, before: str) -> bool:
    if len(digits) == 15:
        return _is_date("19" + digits[6:12]) and not is_number(normalise_number(digits))
    # A slip of the pen makes the check digit wrong and the number no less somebody's: then the words before it decide.
    return _is_date(digits[6:14]) and (has_id_check(digits) or bool(_ID_WORDS.search(before)))


def _is_date(digits: str) -> bool:
    try:
        born = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1880 <= born.year < 2100


def _is_card(digits: str, before: str) -> bool:
    if len(digits) == 15 and is_number(normalise_number(digits)):
        return False
    valid = luhn_digit(digits[:-1]) == digits[-1] and digits[0] in "3456"
    return valid or (len(digits) >= 16 and bool(_CARD_WORDS.search(before)))
