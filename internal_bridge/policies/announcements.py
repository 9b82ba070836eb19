"""The State Council's yearly notice on holidays, read as it stands.

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
What the notice itself gives for checking is checked: the day of the week in brackets, and how many days are off in all.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.workdays import YearNotice, days_from

# How notices and people call the holidays, by the codes of case.status/1.json.
NAMES = {
    "元旦": "new_year",
    "春节": "spring_festival",
    "清明": "tomb_sweeping",
    "劳动节": "labour_day",
    "五一": "labour_day",
    "端午": "dragon_boat",
    "中秋": "mid_autumn",
    "国庆": "national_day",
    "new year": "new_year",
    "spring festival": "spring_festival",
    "tomb": "tomb_sweeping",
    "labour day": "labour_day",
    "dragon boat": "dragon_boat",
    "mid-autumn": "mid_autumn",
    "national day": "national_day",
}
NAME = re.compile("|".join(NAMES), re.IGNORECASE)
BRACKET = r"(?:\s*\(([^)]*)\))?"
SPAN = re.compile(
    rf"(?:(\d{{4}})年)?(\d{{1,2}})月(\d{{1,2}})日?{BRACKET}"
    rf"(?:\s*(?:至|到|~|-|—|–|to)\s*(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日?{BRACKET})?"
)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
WORD = re.compile(r"放假|休息|上班|\boff\b|\bwork", re.IGNORECASE)
AT_WORK = ("上班", "work")
COUNT = re.compile(r"(?:共|放假)\s*(\d{1,3})\s*天")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
# A line of a notice is a few hundred characters; nothing longer is one.
LONGEST_TEXT = 8_000


@dataclass
class _Reading:
    """What has been read so far."""

    year: int
    off: list[tuple[datetime.date, str]] = field(default_factory=list)
    made_up: list[tuple[datetime.date, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_notice(text: str, year: int) -> YearNotice:
    """The days off and make-up days of ``year`` in ``text``, a holiday a line. Lines without a date are passed over.

    Raises ``ValidationError`` with a sentence for each thing that cannot be or contradicts itself.
    """
    reading = _Reading(year)
    holiday = ""
    for line in ISO.sub(r"\1年\2月\3日", unicodedata.normalize("NFKC", text)).splitlines():
        first = SPAN.search(line)
        named = NAME.search(line, 0, first.start() if first else len(line))
        if named:
            holiday = NAMES[named.group().lower()]
        if first is None:
            continue
        if holiday:
            _read_line(line, holiday, reading)
        else:
            reading.problems.append(_("Which holiday is this? %(text)s") % {"text": line.strip()[:60]})
    if reading.problems:
        raise ValidationError(reading.problems)
    return YearNotice(year, tuple(sorted(reading.off)), tuple(sorted(reading.made_up)))


def _read_line(line: str, holiday: str, reading: _Reading) -> None:
    off = 0
    for span in SPAN.finditer(line):
        days = list(_days(span, reading))
        word = WORD.search(line, span.end())
        if word and word.group().lower() in AT_WORK:
            reading.made_up += [(day, holiday) for day in days]
        else:
            reading.off += [(day, holiday) for day in days]
            off += len(days)
    said = COUNT.search(line)
    if said and int(said.group(1)) != off:
        wrong = {"said": said.group(1), "found": off, "text": line.strip()[:60]}
        reading.problems.append(_("The text says %(said)s days off, but these are %(found)s: %(text)s") % wrong)


def _days(span: re.Match[str], reading: _Reading) -> Iterator[datetime.date]:
    """The days of a span; none, and a problem, when it cannot be."""
    year, month, day, bracket, to_year, to_month, to_day, to_bracket = span.groups()
    first = _date(year or reading.year, month, day, bracket, reading)
    last = first
    if to_day:
        last = _date(to_year or year or reading.year, to_month or month, to_day, to_bracket, reading)
    if first is None or last is None:
        return
    if last < first:
        reading.problems.append(_("%(text)s ends before it begins.") % {"text": span.group()})
        return
    yield from days_from(first, last)


def _date(year: str | int, month: str, day: str, bracket: str | None, reading: _Reading) -> datetime.date | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        reading.problems.append(_("There is no such day: %(month)s-%(day)s.") % {"month": month, "day": day})
        return None
    said = WEEKDAY.search(bracket or "")
    if said and WEEKDAYS.index(said.group(1).replace("天", "日")) != date.weekday():
        reading.problems.append(_("%(day)s is not a %(weekday)s.") % {"day": date, "weekday": said.group()})
    return date
