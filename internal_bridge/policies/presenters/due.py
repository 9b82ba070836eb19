"""期限用语: how pages speak of a limit. One wording for the queue, the inbox, the case and the citizen."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.explaining import step_text
from core.workdays import previous_working_day, working_days_between
from internal_bridge.policies.enums import DayKind
from internal_bridge.policies.services import ForeseenLimit

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


def explain(steps: Iterable[dict[str, Any]]) -> list[str]:
    """How a date was found, a sentence for each of ``steps`` (``{code, params}``), in the language that is active."""
    return [step_text(step) for step in steps]


def foreseen_words(limit: ForeseenLimit) -> list[str]:
    """How the date of a limit that is only foreseen was found, sentence by sentence."""
    sentences = explain(limit.counted.explanation)
    if limit.due != limit.counted.due:
        sentences.append(_("An assisting unit has to be done one working day before the answer at the latest."))
    return sentences
