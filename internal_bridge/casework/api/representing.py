"""A case as the API tells it: codes as they are in 11, sentences in the caller's language."""

import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from core.models import User
from core.workdays import local_date
from internal_bridge.casework.api.actions import represent_actions
from internal_bridge.casework.life.standing import case_light, clock_state
from internal_bridge.casework.models import Case, CaseAssignment, CaseEntry, CaseReply, PublicWording
from internal_bridge.casework.presenters.petitioner import MaskedPetitioner
from internal_bridge.casework.presenters.timeline import plain_course
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.org.services import Unit
from internal_bridge.policies.presenters import explain

# What a row of the list needs. Letters and sealed submissions stay in the database.
ROW_FIELDS = (
    *("number", "register_year", "register_number", "kind", "complexity", "title", "state", "version", "received_at"),
    *("answered_at", "due_on", "paused_at", "expedited", "lead_unit__code", "lead_unit__name"),
)


def for_rows(cases: CaseQuerySet) -> CaseQuerySet:
    """``cases`` with what ``represent_row`` asks for."""
    return cases.select_related("lead_unit").only(*ROW_FIELDS)


def represent_row(case: Case, today: datetime.date) -> dict[str, Any]:
    """A case in a list; ``today`` in Beijing decides on its light."""
    return {
        "number": case.number,
        "register_number": case.register_label,
        "kind": case.kind,
        "complexity": case.complexity,
        "urgent": case.expedited,
        "title": case.title,
        "state": case.state,
        "lead_unit": represent_unit(case.lead_unit),
        "due": case.due_on,
        "light": case_light(case, today).value,
        "paused": case.paused_at is not None,
        "received_at": case.received_at,
        "answered_at": case.answered_at,
        "version": case.version,
    }


def represent_case(case: Case, person: User) -> dict[str, Any]:
    """A case whole, as ``person`` may see it. As many queries for a long history as for a short one."""
    today = local_date(timezone.now())
    return {
        **represent_row(case, today),
        "body": case.body,
        "place": case.place,
        "unit_code": case.unit_code,
        "about_unit_code": case.about_unit_code,
        "about_person": case.about_person,
        "called_urgent": case.urgent,
        "allow_publication": case.allow_publication,
        "round": case.round,
        "handler": case.handler.name if case.handler else None,
        "petitioner": MaskedPetitioner.of(case),
        "attachments": case.attachments.all(),
        "deadlines": _deadlines(case, today),
        "assignments": [_assignment(row) for row in case.assignments.select_related("unit", "handler")],
        "entries": [
            represent_entry(entry) for entry in case.entries.readable_by(person, case).select_related("author", "unit")
        ],
        "draft": _draft(case),
        "replies": _replies(case),
        "timeline": _timeline(case),
        "actions": represent_actions(case, person),
    }


def represent_unit(unit: Unit | None) -> dict[str, str] | None:
    """A unit by its code and the name that it has now."""
    return {"code": unit.code, "name": unit.name} if unit else None


def represent_entry(entry: CaseEntry) -> dict[str, Any]:
    """Words that stand with a case."""
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "said": entry.said,
        "text": entry.text,
        "code": entry.code,
        "author": entry.author.get_full_name() if entry.author else None,
        "unit": represent_unit(entry.unit),
        "at": entry.at,
        "round": entry.round,
    }


def _deadlines(case: Case, today: datetime.date) -> list[dict[str, Any]]:
    clocks = case.clocks.filter(dropped=False).select_related("assignment__unit")
    return [
        {
            "stage": clock.stage,
            "unit": represent_unit(clock.assignment.unit if clock.assignment else None),
            "started_on": clock.started_on,
            "due": clock.due_on,
            "basis": clock.basis,
            "provisional": clock.provisional,
            "state": clock_state(case, clock, today),
            "explanation": explain(clock.explanation),
        }
        for clock in clocks
    ]


def _assignment(row: CaseAssignment) -> dict[str, Any]:
    return {
        "unit": represent_unit(row.unit),
        "part": row.part,
        "state": row.state,
        "round": row.round,
        "handler": row.handler.name if row.handler else None,
        "assigned_at": row.assigned_at,
        "signed_at": row.signed_at,
        "done_at": row.done_at,
    }


def _draft(case: Case) -> dict[str, Any] | None:
    """The reply as it was submitted last; None before the first, and when the case is handled anew."""
    draft = case.drafts.filter(round=case.round).select_related("author").order_by("-revision").first()
    if draft is None:
        return None
    return {
        "revision": draft.revision,
        "text": draft.text,
        "public_text": draft.public_text,
        "author": draft.author.get_full_name(),
        "at": draft.at,
    }


def _replies(case: Case) -> list[dict[str, Any]]:
    wordings = Prefetch("published__wordings", queryset=PublicWording.objects.order_by("revision"))
    replies = case.replies.select_related("author", "unit", "published", "rating").prefetch_related(wordings)
    return [_reply(reply) for reply in replies]


def _reply(reply: CaseReply) -> dict[str, Any]:
    published = getattr(reply, "published", None)
    public = None
    if published is not None:
        wording = list(published.wordings.all())[-1]
        public = {
            "uid": published.uid,
            "title": wording.title,
            "question": wording.question,
            "text": wording.text,
            "revision": wording.revision,
            "published_at": published.published_at,
            "withdrawn_at": published.withdrawn_at,
        }
    return {
        "number": reply.number,
        "text": reply.text,
        "author": reply.author.get_full_name(),
        "unit": represent_unit(reply.unit),
        "at": reply.at,
        "public": public,
        "rating": getattr(reply, "rating", None),
    }


def _timeline(case: Case) -> list[dict[str, Any]]:
    return [
        {"at": each.at, "event": each.name, "text": each.text, "note": each.note, "by": each.who or None}
        for each in plain_course(case)
    ]
