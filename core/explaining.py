"""How a limit was found, in sentences, and what it rests on: one wording for officials and for citizens.

The codes, dates and days are those of ``core.workdays`` and of case.status/1.json, ``explanation`` and ``basis``.
"""

from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

INSTRUMENTS = {
    "petition_2022": gettext_lazy("Regulations on the Handling of Petitions (2022)"),
    "petition_2005": gettext_lazy("Regulations on Petitions (2005)"),
    "hotline": gettext_lazy("Time limits of the government service hotline"),
    "portal_mail": gettext_lazy("Requirements for letters to government websites"),
    # For the office alone: no limit of supervision crosses.
    "supervision": gettext_lazy("Rules of electronic supervision"),
}

HOLIDAYS = {
    "new_year": pgettext_lazy("holiday", "New Year"),
    "spring_festival": pgettext_lazy("holiday", "Spring Festival"),
    "tomb_sweeping": pgettext_lazy("holiday", "Tomb Sweeping Day"),
    "labour_day": pgettext_lazy("holiday", "Labour Day"),
    "dragon_boat": pgettext_lazy("holiday", "Dragon Boat Festival"),
    "mid_autumn": pgettext_lazy("holiday", "Mid-Autumn Festival"),
    "national_day": pgettext_lazy("holiday", "National Day"),
}

# Of each step the sentences that can tell it, the fullest first; one is taken whose parameters are all there.
STEPS: dict[str, list[Any]] = {
    "starts_after": [gettext_lazy("The count begins on the day after %(from)s.")],
    "calendar_days": [gettext_lazy("Days counted, days off among them: %(days)s.")],
    "working_days": [gettext_lazy("Working days counted: %(days)s.")],
    "days_off_skipped": [
        gettext_lazy("%(from)s to %(to)s (%(holiday)s) are days off and are not counted."),
        gettext_lazy("%(from)s (%(holiday)s) is a day off and is not counted."),
        gettext_lazy("%(days)s days off from %(from)s to %(to)s are not counted."),
        gettext_lazy("%(from)s is a day off and is not counted."),
        gettext_lazy("%(days)s days off are not counted."),
        gettext_lazy("Days off are not counted."),
    ],
    "make_up_day_counted": [
        gettext_lazy("%(from)s is a working day in exchange for a holiday, and is counted."),
        gettext_lazy("Working days in exchange for a holiday are counted."),
    ],
    "rolled_forward": [
        gettext_lazy("The last day, %(from)s, is a day off (%(holiday)s); the limit ends on the next working day, %(to)s."),
        gettext_lazy("The last day, %(from)s, is a day off; the limit ends on the next working day, %(to)s."),
        gettext_lazy("The last day is a day off; the limit ends on the next working day, %(to)s."),
        gettext_lazy("The last day is a day off; the limit ends on the next working day."),
    ],
    "pause_left_out": [
        gettext_lazy("Handling was paused from %(from)s to %(to)s; %(days)s days are not counted."),
        gettext_lazy("Handling was paused from %(from)s to %(to)s; these days are not counted."),
        gettext_lazy("Handling was paused on %(from)s; this day is not counted."),
        gettext_lazy("%(days)s days of a pause are not counted."),
        gettext_lazy("Days of a pause are not counted."),
    ],
    "extended": [
        gettext_lazy("The limit was extended by %(days)s days, to %(to)s."),
        gettext_lazy("The limit was extended by %(days)s days."),
        gettext_lazy("The limit was extended."),
    ],
    "same_day": [gettext_lazy("The matter is urgent and is due on the same day.")],
    "calendar_provisional": [
        gettext_lazy("The holidays of that time have not been announced yet; the date may still change."),
    ],
    "calendar_announced": [gettext_lazy("The holidays that the State Council has announced are taken into account.")],
    "day_overridden": [
        gettext_lazy("The city has set %(from)s in its work calendar otherwise than announced."),
        gettext_lazy("The city has set a day in its work calendar otherwise than announced."),
    ],
    "day_overridden:working": [
        gettext_lazy("In the city %(from)s to %(to)s are working days, otherwise than announced."),
        gettext_lazy("In the city %(from)s is a working day, otherwise than announced."),
        gettext_lazy("The city has set a day in its work calendar otherwise than announced."),
    ],
    "day_overridden:off": [
        gettext_lazy("In the city %(from)s to %(to)s are days off, otherwise than announced."),
        gettext_lazy("In the city %(from)s is a day off, otherwise than announced."),
        gettext_lazy("The city has set a day in its work calendar otherwise than announced."),
    ],
}

DIGITS = "零一二三四五六七八九"


def basis_text(basis: str) -> str:
    """``petition_2022:23.3`` as the instrument's name with article and paragraph."""
    instrument, _colon, place = basis.partition(":")
    name = INSTRUMENTS[instrument]
    article, _dot, paragraph = place.partition(".")
    if paragraph:
        return _("%(instrument)s, Article %(article)s, Paragraph %(paragraph)s") % {
            "instrument": name,
            "article": _number(article),
            "paragraph": _number(paragraph),
        }
    if article:
        return _("%(instrument)s, Article %(article)s") % {"instrument": name, "article": _number(article)}
    return str(name)


def step_text(step: dict[str, Any]) -> str:
    """One step of a calculation as a sentence."""
    params = dict(step["params"])
    if params.get("from") == params.get("to"):
        # One day is no span.
        params.pop("to", None)
    if "holiday" in params:
        params["holiday"] = HOLIDAYS[params["holiday"]]
    set_to = params.pop("set_to", "")
    sentences = STEPS[f"{step['code']}:{set_to}" if set_to else step["code"]]
    for sentence in sentences[:-1]:
        try:
            return str(sentence) % params
        except KeyError:
            continue
    # The last one needs what the schema gives every such step, or nothing.
    return str(sentences[-1]) % ({"from": "", "days": ""} | params)


def _number(digits: str) -> str:
    """A number below 1,000 as laws are cited: 二十三 in Chinese, 23 otherwise."""
    if not (get_language() or "").startswith("zh"):
        return digits
    hundreds, rest = divmod(int(digits), 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        text += DIGITS[0]
    return text + (DIGITS[ones] if ones else "")
