"""经过: what happened to a case, from its events, with the words that belong to each."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.events import events_of
from core.models import DomainEvent
from internal_bridge.casework.models import Case
from internal_bridge.casework.presenters.words import EntryRow, Words
from internal_bridge.org.services import all_units
from internal_bridge.policies.enums import Stage

# What a reader looks for first; the others show on demand.
KEY_LOOKS = frozenset({"key", "done", "soon", "over"})


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to a case."""

    at: datetime.datetime
    text: str
    unit: str
    who: str
    note: str
    look: str
    words: EntryRow | None

    @property
    def is_key(self) -> bool:
        return self.look in KEY_LOOKS

    @classmethod
    def of(cls, event: DomainEvent, case: Case, words: Words, units: Mapping[str, str]) -> "TimelineEntry":
        look = _EVENTS[event.name][2] if event.name in _EVENTS else ""
        entry = words.rows.get(event.params.get("entry", 0))
        # What stands above with its words need not be said twice.
        told = entry and event.params["entry"] not in words.shown
        unit = (
            entry.unit if entry and entry.unit else units.get(event.params.get("unit", ""), "") if event.name in OF_UNIT else ""
        )
        return cls(
            at=event.at,
            text=event_words(event, case),
            unit=unit,
            who=event.actor.get_full_name() if event.actor else "",
            note=event_note(event, case, units),
            look=look,
            words=entry if told else None,
        )


# Said by a unit: its name stands before the person's.
OF_UNIT = frozenset({"signed", "return_asked", "opinion_given"})


def event_note(event: DomainEvent, case: Case, units: Mapping[str, str]) -> str:
    """What stands in small letters below; ``units`` has the names of the units that events name."""
    params = event.params
    if event.name == "dispatched":
        lead = units.get(params.get("unit", ""), params.get("unit", ""))
        helpers = [units.get(code, code) for code in params.get("assisting", [])]
        if helpers:
            return _("Lead: %(lead)s; assisting: %(others)s") % {"lead": lead, "others": _(", ").join(helpers)}
        return _("Lead: %(lead)s") % {"lead": lead}
    if event.name in ("extension_asked", "extended"):
        return _("%(days)d further days") % {"days": params.get("days", 0)}
    if event.name in ("return_agreed", "return_declined"):
        return units.get(params.get("unit", ""), "")
    if event.name in OF_LIMITS:
        return _limit_note(params, units)
    note = _EVENTS[event.name][1] if event.name in _EVENTS else ""
    return str(note) % {"register": case.register_label, "score": params.get("score", "")}


# By the clock: which limit, and its last day; a recount has the day before too.
OF_LIMITS = frozenset({"limit_near", "limit_passed", "recounted"})


def _limit_note(params: Mapping[str, Any], units: Mapping[str, str]) -> str:
    moved = params.get("moved") or [params]
    return str(pgettext("between notes", "; ")).join(_limit_words(one, units) for one in moved)


def _limit_words(params: Mapping[str, Any], units: Mapping[str, str]) -> str:
    stage = str(Stage(params["stage"]).label)
    if unit := params.get("unit"):
        stage = _("%(stage)s of %(unit)s") % {"stage": stage, "unit": units.get(unit, unit)}
    if "old" in params:
        return _("%(stage)s: from %(old)s to %(new)s") % {"stage": stage, "old": params["old"], "new": params["new"]}
    return _("%(stage)s: due on %(due)s") % {"stage": stage, "due": params["due"]}


def unit_names(case: Case, events: Iterable[DomainEvent]) -> dict[str, str]:
    """The names of the units that the case and its events name by code."""
    codes = {case.unit_code, case.about_unit_code}
    for event in events:
        codes.update([event.params.get("unit", ""), *event.params.get("assisting", [])])
        codes.update(one.get("unit", "") for one in event.params.get("moved", []))
    return dict(all_units().filter(code__in=codes - {"", None}).values_list("code", "short_name"))


def event_words(event: DomainEvent, case: Case) -> str:
    """What happened, without its words."""
    text, _note, _look = _EVENTS.get(event.name, ("%(name)s", "", ""))
    return str(text) % {"name": event.name, "register": case.register_label}


@dataclass(frozen=True)
class PlainEntry:
    """One thing that happened, without the words that belong to it: for paper and programs."""

    at: datetime.datetime
    name: str
    text: str
    note: str
    who: str


def plain_course(case: Case) -> list[PlainEntry]:
    """Everything that happened, the earliest first; two queries."""
    events = list(events_of(case.subject))
    names = unit_names(case, events)
    return [
        PlainEntry(
            at=event.at,
            name=event.name,
            text=event_words(event, case),
            note=event_note(event, case, names),
            who=event.actor.get_full_name() if event.actor else "",
        )
        for event in events
    ]


def timeline(case: Case, events: Iterable[DomainEvent], words: Words, units: Mapping[str, str]) -> list[TimelineEntry]:
    """The latest first, each with those of ``words`` that belong to it."""
    return [TimelineEntry.of(event, case, words, units) for event in events][::-1]


# text, note, look
_EVENTS = {
    "registered": (
        gettext_lazy("Arrived over the bridge and registered"),
        gettext_lazy("Registration number %(register)s. Signature verified."),
        "key",
    ),
    "taken_down": (gettext_lazy("took the petition down"), gettext_lazy("Registration number %(register)s."), "key"),
    "accepted": (gettext_lazy("accepted the case"), "", "key"),
    "reclassified": (gettext_lazy("classified the case anew"), "", ""),
    "refused": (gettext_lazy("refused the case"), "", "done"),
    "redirected": (gettext_lazy("pointed the petitioner to another way"), "", "done"),
    "dispatched": (gettext_lazy("dispatched the case"), "", "key"),
    "recalled": (gettext_lazy("recalled the case"), "", "soon"),
    "signed": (gettext_lazy("signed for the case"), "", "key"),
    "return_asked": (gettext_lazy("asked to return the case"), "", "soon"),
    "return_agreed": (gettext_lazy("agreed to the return"), "", ""),
    "return_declined": (gettext_lazy("declined the return"), "", ""),
    "extension_asked": (gettext_lazy("asked for an extension"), "", "soon"),
    "extended": (gettext_lazy("granted the extension"), "", ""),
    "extension_refused": (gettext_lazy("refused the extension"), "", ""),
    "asked": (gettext_lazy("asked the petitioner"), "", ""),
    "answer_arrived": (gettext_lazy("The petitioner answered the question"), "", ""),
    "supplement_arrived": (gettext_lazy("The petitioner added something"), "", ""),
    "opinion_given": (gettext_lazy("gave the opinion of an assisting unit"), "", "done"),
    "paused": (gettext_lazy("paused the clock"), "", "soon"),
    "resumed": (gettext_lazy("let the clock go on"), "", ""),
    "limit_near": (gettext_lazy("The clock reminded of a limit"), "", ""),
    "limit_passed": (gettext_lazy("The clock urged: a limit has passed"), "", "over"),
    "follow_up_due": (gettext_lazy("The clock asked for a call about the answer"), "", ""),
    "recounted": (gettext_lazy("Counted again, because the work calendar has changed"), "", "soon"),
    "drafted": (gettext_lazy("submitted the reply for review"), "", "key"),
    "approved": (gettext_lazy("approved the reply"), "", ""),
    "rejected": (gettext_lazy("gave the reply back"), "", "soon"),
    "sent_back": (gettext_lazy("sent the reply back to the unit"), "", "soon"),
    "answered": (
        gettext_lazy("answered the petitioner"),
        gettext_lazy("The answer was sealed to the petitioner and handed to the bridge."),
        "done",
    ),
    "published": (
        gettext_lazy("answered the petitioner and published the reply"),
        gettext_lazy("The answer was sealed to the petitioner and handed to the bridge."),
        "done",
    ),
    "publication_revised": (gettext_lazy("corrected the published reply"), "", ""),
    "publication_withdrawn": (gettext_lazy("withdrew the published reply"), "", "soon"),
    "rated": (gettext_lazy("The petitioner rated the answer"), gettext_lazy("%(score)s of 5"), ""),
    "review_asked": (gettext_lazy("The petitioner asked for a review"), "", "soon"),
    "consent_withdrawn": (
        gettext_lazy("The petitioner took the consent to publication back"),
        gettext_lazy("What was published is withdrawn by the system; nothing more is published."),
        "soon",
    ),
    "request_answered": (gettext_lazy("answered the petitioner's request"), "", ""),
    "withdrawal_asked": (gettext_lazy("The petitioner asked to withdraw"), "", "soon"),
    "withdrawn": (gettext_lazy("agreed to the withdrawal"), "", "done"),
    "withdrawal_declined": (gettext_lazy("declined the withdrawal"), "", ""),
    "rehandled": (gettext_lazy("had the case handled again"), "", "key"),
    "closed": (gettext_lazy("closed the case"), "", "done"),
    "note_added": (gettext_lazy("wrote a note"), "", ""),
    "contact_added": (gettext_lazy("noted a contact with the petitioner"), "", ""),
    "identity_opened": (gettext_lazy("opened the petitioner's identity"), "", "soon"),
    "excluded": (gettext_lazy("kept somebody out of the case"), "", ""),
    "exclusion_lifted": (gettext_lazy("let somebody into the case again"), "", ""),
    "attachment_opened": (gettext_lazy("downloaded an attachment"), "", ""),
}
