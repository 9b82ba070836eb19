"""Home addresses down to the door. A building without a door, a street, an estate or a shop's number is nobody's home.

Texts are folded (``folding.fold``).
"""

import re
from collections.abc import Iterator

from core.personal.spans import Found, PersonalType

RANK = 5
LONGEST_PLACE = 40

_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十百零〇]{1,4})"
# A number that counts or dates something is no door: 302户, 2022年, 1104元.
_NO_COUNT = (
    r"(?![\d.%:/~]|-\d| ?(?:[多余来几]|[年月日天点时分秒周号號路届]|[元块角万千百亿]|[户人名位口个份张辆台次条只头件宗]|"
    r"[米平㎡亩里公斤吨度兆班]))"
)
_BARE_DOOR = rf"\d{{3,4}}{_NO_COUNT}"
_SAID_DOOR = rf"{_NUMBER} ?(?:室|房(?![价产租子屋])|[号號][房室])"
_SPOKEN_DOOR = r"[一二三四五六七八九]{1,2}[零〇][一二三四五六七八九]"
_DOOR = rf"(?:{_SAID_DOOR}|{_BARE_DOOR}|{_SPOKEN_DOOR})"
_BUILDING = rf"(?:{_NUMBER}|[A-Za-z]\d{{0,2}}|[甲乙丙丁东西南北]) ?(?:[号號][楼樓]|栋|棟|幢|座|#楼?|[号號]院)"
_HOUSE = r"\d{1,4}[号號](?:之[一二三四五六七八九十\d])?"
_STAIR = rf"(?:{_NUMBER}|[甲乙丙丁东西]) ?(?:单元|單元|门|梯)"
_FLOOR = rf"{_NUMBER} ?[楼层樓層]"
_GAP = r"[ ,，-]?"

# Words that end the name of something in which people have doors, of a street, and of a part of a village.
_ESTATE = r"(?:小区|社区|新村|花园|家园|公寓|宿舍|大院|安置房|[苑园府庭居阁轩庄湾郡邸墅城])"
_STREET = r"(?:大道|[路街巷弄里道坊]|胡同)"
_VILLAGE = r"(?:村|屯|寨|庄|坡|冲|坪)"

DOORS = re.compile(
    "|".join(
        (
            rf"{_BUILDING}{_GAP}(?:{_STAIR}{_GAP})?(?:{_FLOOR}{_GAP})?{_DOOR}",
            rf"{_STAIR}{_GAP}(?:{_FLOOR}{_GAP})?{_DOOR}",
            rf"{_HOUSE}{_GAP}(?:{_FLOOR}{_GAP})?{_DOOR}",
            rf"(?:{_NUMBER}(?:[组隊队社排])|{_VILLAGE}){_GAP}{_NUMBER}[号號](?![楼线院])",
            rf"{_ESTATE}{_GAP}(?:{_BARE_DOOR}|{_SAID_DOOR})",
            rf"{_ESTATE}{_GAP}\d{{1,3}}-(?:\d{{1,2}}-)?\d{{3,4}}(?!\d)",
        )
    )
)
# A house in a street is a home where somebody says so: shops have numbers, too.
_HOME_WORDS = r"(?:家住|我住|住在|住址|现住|居住|户籍|家在|我家|家庭地址|家里在|租住|租在)[^。！？!?\n]{0,24}?"
HOUSES = re.compile(rf"{_HOME_WORDS}(?P<door>{_STREET}{_HOUSE})(?![楼线院])")

# What an address is written with, and where in such a run it begins.
_PLACE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9 ·-]+\Z")
_PLACE_WORD = re.compile(
    rf"(?:省|自治区|市|[县區区]|镇|鎮|乡|鄉|街道|{_VILLAGE}|{_STREET}|{_ESTATE}|{_NUMBER}[号號]|{_NUMBER}(?:组|队|栋|幢|座)|大厦|广场|楼)"
)
# Words that lead to an address and stand in no place name; and those that may: they lead to it before its first place word.
_LEAD_IN = re.compile(
    r".*(?:住址|地址|居住|位于|业主|户主|住户|楼下|楼上|隔壁|对面|房子|现居|[住是在租为系] ?|[我他她你们]家?的?)", re.DOTALL
)
_MAY_LEAD_IN = re.compile(r"(?:.+?[叫姓买到回从往给和与跟找去把进说] ?|.*? (?=\S))", re.DOTALL)


def find_homes(text: str) -> Iterator[Found]:
    """Addresses in the folded ``text`` that lead to a door, with the place names before it."""
    doors = [match.span() for match in DOORS.finditer(text)]
    doors += [match.span("door") for match in HOUSES.finditer(text)]
    for start, end in doors:
        yield Found(_beginning(text, start), end, PersonalType.ADDRESS, RANK)


def _beginning(text: str, door: int) -> int:
    """Where the place names begin that end at ``door``; the door itself when there are none."""
    place = _PLACE.search(text, max(0, door - LONGEST_PLACE), door)
    if not place:
        return door
    start = place.start()
    if lead_in := _LEAD_IN.match(text, start, door):
        start = lead_in.end()
    first = _PLACE_WORD.search(text, start, door)
    while first and (lead_in := _MAY_LEAD_IN.match(text, start, first.start())):
        start = lead_in.end()
    # What has no word for a place in it is a sentence that runs into the door.
    return start if _PLACE_WORD.search(text, start, min(len(text), door + 3)) and start < door else door
