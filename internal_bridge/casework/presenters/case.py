"""What the page of a case shows. Each kind of row is asked for once, however many there are."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.events import events_of
from core.models import User
from internal_bridge.casework.enums import Actor
from internal_bridge.casework.models import Case, CaseReply, PublishedReply, Rating
from internal_bridge.casework.permissions import actors_of, can_open_identity, can_urge_case
from internal_bridge.casework.presenters.head import Head, stages, today_here
from internal_bridge.casework.presenters.limits import limit_rows
from internal_bridge.casework.presenters.petitioner import MaskedPetitioner
from internal_bridge.casework.presenters.timeline import timeline, unit_names
from internal_bridge.casework.presenters.turn import Turn
from internal_bridge.casework.presenters.units import unit_rows
from internal_bridge.casework.presenters.words import Words
from internal_bridge.casework.services import count_earlier_cases, offers, waits_for_units


@dataclass(frozen=True)
class ReplyRow:
    """An answer as it was sent, and its public wordings, the latest first."""

    reply: CaseReply
    published: PublishedReply | None
    wordings: list[Any]
    rating: Rating | None


def case_page(case: Case, person: User, *, everything: bool = False) -> dict[str, Any]:
    """The context of a case's page; ``everything``: the whole course instead of its main points."""
    today, actors = today_here(), actors_of(person, case)
    clocks = list(case.clocks.select_related("assignment__unit"))
    assignments = list(case.assignments.select_related("unit", "handler"))
    entries = list(case.entries.readable_by(person, case).select_related("author", "unit"))
    events = list(events_of(case.subject))
    words = Words(case, entries, case.attachments.all())
    names = unit_names(case, events)
    head = Head.of(case, clocks, assignments, entries)
    course = timeline(case, events, words, names)
    return {
        "case": case,
        "head": head,
        "stages": stages(case, events),
        "petitioner": MaskedPetitioner.of(case),
        "may_open_identity": can_open_identity(person, case),
        "may_write": bool(actors),
        "may_urge": can_urge_case(person, case) and waits_for_units(case),
        "unit_named": names.get(case.unit_code, case.unit_code),
        "unit_accused": names.get(case.about_unit_code, case.about_unit_code),
        "attachments": words.files.get(None, []),
        "written_before": count_earlier_cases(person=person, case=case),
        "limits": limit_rows(case, clocks, today),
        "opinions": words.opinions,
        "exchange": words.exchange,
        "drafts": list(case.drafts.select_related("author"))[::-1],
        "replies": reply_rows(case),
        "course": [entry for entry in course if everything or entry.is_key],
        "course_all": len(course),
        "everything": everything,
        "turn": Turn.of(case, offers(case, person), actors, clocks, today),
        "units": unit_rows(case, assignments, clocks, head.due, today),
        "exclusions_url": reverse("casework:exclusions", args=[case.number]) if Actor.DISPATCHER in actors else "",
        "kept_out": case.exclusions.counting().count() if Actor.DISPATCHER in actors else 0,
    }


def reply_rows(case: Case) -> list[ReplyRow]:
    """The answers of a case, the latest first, in two queries for any number."""
    replies = case.replies.select_related("author", "unit", "published", "rating").prefetch_related(
        "published__wordings__author"
    )
    rows = []
    for reply in replies:
        published = getattr(reply, "published", None)
        wordings = list(published.wordings.all())[::-1] if published else []
        rows.append(ReplyRow(reply, published, wordings, getattr(reply, "rating", None)))
    return rows[::-1]
