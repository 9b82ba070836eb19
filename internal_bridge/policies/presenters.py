"""期限用语: how pages speak of a limit. One wording for the queue, the inbox, the case and the citizen."""

import contextlib
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext, pgettext_lazy

from core.workdays import previous_working_day, working_days_between
from internal_bridge.policies.enums import DayKind

ICONS = {
    "over": "alert-circle-filled",
    "today": "clock-exclamation",
    "soon": "clock",
    "pause": "player-pause-filled",
    "ext": "calendar-plus",
    "done": "circle-check",
    "late": "circle-check",
}


@dataclass(frozen=True)
class DueText:
    """A limit in words. ``look`` is the suffix of ``zq-due--``, ``date`` the small text beside it, or empty."""

    text: str
    look: str
    date: str = ""

    @property
    def icon(self) -> str:
        """Its icon in the sprite; empty for a look that has none."""
        return ICONS.get(self.look, "")


def due_words(
    due_on: datetime.date | None,
    *,
    today: datetime.date,
    day_kind: str,
    paused_since: datetime.date | None = None,
    pause_reason: str = "",
    extended: bool = False,
    ended_on: datetime.date | None = None,
    provisional: bool = False,
) -> DueText:
    """How a limit that ends on ``due_on`` is spoken of on ``today``, in the language that is active.

    ``due_on`` is the limit as it stands, extensions included: what is extended is never called overdue before it. ``ended_on``
    is the day on which what was due was done, ``pause_reason`` a reason in words.
    """
    if ended_on is not None:
        return _ended(due_on, ended_on, today)
    if paused_since is not None:
        text = _("Paused · %(reason)s") % {"reason": pause_reason} if pause_reason else _("Paused")
        return DueText(text, "pause", _("since %(day)s") % {"day": short_day(paused_since, today, weekday=False)})
    if due_on is None:
        return DueText(_("No limit"), "norm")
    if due_on <= today:
        return _at_its_end(due_on, today)
    date = short_day(due_on, today)
    if provisional:
        date = _("%(day)s, provisional") % {"day": due_on.isoformat()}
    if extended:
        return DueText(_("Extended, %(left)s") % {"left": _left(due_on, today, day_kind)}, "ext", date)
    if today >= previous_working_day(due_on):
        return DueText(_left(due_on, today, DayKind.WORKING), "soon", date)
    return DueText(_left(due_on, today, day_kind), "norm", date)


def _ended(due_on: datetime.date | None, ended_on: datetime.date, today: datetime.date) -> DueText:
    date = short_day(ended_on, today, weekday=False)
    if due_on is None:
        return DueText(pgettext("limit", "Done"), "done", date)
    late = (ended_on - due_on).days
    if late <= 0:
        return DueText(_("Done in time"), "done", date)
    return DueText(ngettext("Done %(days)d day late", "Done %(days)d days late", late) % {"days": late}, "late", date)


def _at_its_end(due_on: datetime.date, today: datetime.date) -> DueText:
    past = (today - due_on).days
    if past == 0:
        # A limit ends at 24:00 of its last day (04).
        return DueText(_("Due today"), "today", "24:00")
    text = ngettext("%(days)d day overdue", "%(days)d days overdue", past) % {"days": past}
    return DueText(text, "over", short_day(due_on, today))


def _left(due_on: datetime.date, today: datetime.date, day_kind: str) -> str:
    """What is left. Before a limit that ends on a day off there may be no working day left, but there are days."""
    days = working_days_between(today, due_on)
    if day_kind == DayKind.WORKING and days:
        return ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}
    days = (due_on - today).days
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def short_day(day: datetime.date, today: datetime.date, *, weekday: bool = True) -> str:
    """A date as narrow as a list allows: month and day, with the year where it is not this one: 10-19 周一, 2027-01-06."""
    if day.year != today.year:
        return day.isoformat()
    shown = day.strftime("%m-%d")
    return f"{shown} {_weekdays()[day.weekday()]}" if weekday else shown


def _weekdays() -> list[str]:
    return [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ]


HOLIDAYS = {
    "new_year": pgettext_lazy("holiday", "New Year"),
    "spring_festival": pgettext_lazy("holiday", "Spring Festival"),
    "tomb_sweeping": pgettext_lazy("holiday", "Tomb Sweeping Day"),
    "labour_day": pgettext_lazy("holiday", "Labour Day"),
    "dragon_boat": pgettext_lazy("holiday", "Dragon Boat Festival"),
    "mid_autumn": pgettext_lazy("holiday", "Mid-Autumn Festival"),
    "national_day": pgettext_lazy("holiday", "National Day"),
}
# Of each step the sentences that can tell it, the fullest first: the first is taken whose parameters are all there.
SENTENCES: dict[str, tuple[Any, ...]] = {
    "starts_after": (gettext_lazy("The count begins on the day after %(from)s."),),
    "calendar_days": (ngettext_lazy("%(days)d calendar day ends on %(to)s.", "%(days)d calendar days end on %(to)s.", "days"),),
    "working_days": (ngettext_lazy("%(days)d working day ends on %(to)s.", "%(days)d working days end on %(to)s.", "days"),),
    "days_off_skipped": (
        gettext_lazy("%(holiday)s, %(from)s to %(to)s: %(days)d days off are not counted."),
        gettext_lazy("%(from)s (%(holiday)s) is a day off and is not counted."),
        gettext_lazy("%(days)d days off from %(from)s to %(to)s are not counted."),
        gettext_lazy("%(from)s is a day off and is not counted."),
    ),
    "make_up_day_counted": (gettext_lazy("%(from)s is worked in exchange for a holiday, and is counted."),),
    "rolled_forward": (
        gettext_lazy("%(from)s is a day off (%(holiday)s); the limit ends on the next working day, %(to)s."),
        gettext_lazy("%(from)s is a day off; the limit ends on the next working day, %(to)s."),
    ),
    "pause_left_out": (
        gettext_lazy("Paused from %(from)s to %(to)s: %(days)d days are not counted."),
        gettext_lazy("Paused until %(from)s: that day is not counted."),
    ),
    "extended": (ngettext_lazy("The limit was extended by %(days)d day.", "The limit was extended by %(days)d days.", "days"),),
    "same_day": (gettext_lazy("It is due on the day itself, %(from)s."),),
    "calendar_provisional": (gettext_lazy("The holidays from %(from)s on are not announced yet; the date may still change."),),
    "calendar_announced": (gettext_lazy("Counted again with the holidays that have been announced meanwhile."),),
    "day_overridden": (gettext_lazy("The city's work calendar has %(from)s otherwise than announced."),),
}


def explain(steps: Iterable[dict[str, Any]]) -> list[str]:
    """How a date was found, a sentence for each of ``steps`` (``{code, params}``), in the language that is active."""
    return [_sentence(step["code"], dict(step["params"])) for step in steps]


def _sentence(code: str, params: dict[str, Any]) -> str:
    if params.get("from") == params.get("to"):
        # One day is no span.
        params.pop("to", None)
    if "holiday" in params:
        params["holiday"] = HOLIDAYS[params["holiday"]]
    for sentence in SENTENCES[code]:
        with contextlib.suppress(KeyError):
            return str(sentence) % params
    raise ValueError(f"{code} lacks parameters")
