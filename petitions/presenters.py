"""Petitions in the words and the language of whoever looks."""

import datetime
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import PetitionKind, PetitionStatus
from internal_bridge.exchange.public import missing_files
from petitions.copies import Said
from petitions.deadlines import present_deadline, represent_deadline
from petitions.enums import DeadlineStage, MessageKind, Score, TimelineEvent
from petitions.models import Unit
from petitions.next_steps import UNMET, further_steps, next_step
from petitions.querysets import today
from petitions.rules import UNDER_WAY
from petitions.services import OpenedMessage, OpenedPetition

STEPS = {
    TimelineEvent.SUBMITTED: gettext_lazy("Your petition was received by the portal and sealed for the office."),
    TimelineEvent.SUPPLEMENTED: gettext_lazy("You have added to your petition. The office has it, or will have it shortly."),
    TimelineEvent.WITHDRAWAL_REQUESTED: gettext_lazy("You have asked to withdraw your petition. The office decides on it."),
    TimelineEvent.RATED: gettext_lazy("You have rated the answer."),
    TimelineEvent.REVIEW_REQUESTED: gettext_lazy("You have asked for a review of the answer."),
    TimelineEvent.CONSENT_WITHDRAWAL_SENT: gettext_lazy("You have taken your consent to publication back."),
    TimelineEvent.REGISTERED: gettext_lazy("It arrived at the petition office and was registered."),
    TimelineEvent.ACCEPTED: gettext_lazy("Your petition was accepted and will be handled."),
    TimelineEvent.RECLASSIFIED: gettext_lazy("The petition office has classified your petition anew."),
    TimelineEvent.REFUSED: gettext_lazy("Your petition was not accepted. You can read the reason on this page."),
    TimelineEvent.REDIRECTED: gettext_lazy("Another way is the right one for this matter. You can read on this page which."),
    TimelineEvent.DISPATCHED: gettext_lazy("Your petition was passed to the responsible unit."),
    TimelineEvent.SIGNED: gettext_lazy("The responsible unit has taken your petition over and is handling it."),
    TimelineEvent.ASKED: gettext_lazy("The responsible unit has a question for you. You can read it on this page."),
    TimelineEvent.EXTENDED: gettext_lazy("The time limit was extended. You can read the reason on this page."),
    TimelineEvent.PAUSED: gettext_lazy(
        "Handling is paused. You can read the reason on this page. Days of a pause are not counted."
    ),
    TimelineEvent.RESUMED: gettext_lazy("Handling goes on after the pause."),
    TimelineEvent.ANSWERED: gettext_lazy("The office has answered. You can read the reply on this page."),
    TimelineEvent.CLOSED: gettext_lazy("Your petition is closed."),
    TimelineEvent.WITHDRAWN: gettext_lazy("You have withdrawn your petition. It is handled no further."),
    TimelineEvent.WITHDRAWAL_DECLINED: gettext_lazy(
        "Your petition goes on, although you asked to withdraw it; this page says why."
    ),
    TimelineEvent.REVIEW_RECEIVED: gettext_lazy("Your request for a review has arrived at the petition office."),
    TimelineEvent.CONSENT_WITHDRAWN: gettext_lazy(
        "The office has noted it: nothing of your petition is published, and what was published is withdrawn."
    ),
    TimelineEvent.REQUEST_ANSWERED: gettext_lazy(
        "The petition office has answered you on what you were not satisfied with. You can read it on this page."
    ),
    TimelineEvent.RECOUNTED: gettext_lazy(
        "The work calendar has changed, and the time limits of your petition have been counted again; this page explains them."
    ),
    TimelineEvent.REHANDLED: gettext_lazy("Your petition is handled again, and you will get a new answer."),
}


def timeline_text(event: str, params: dict[str, Any]) -> str:
    """A step of the timeline as a sentence; what ``params`` add to it (03, ``case.status``) follows in a second one."""
    step = str(STEPS[TimelineEvent(event)])
    if "kind" in params:
        more = _("It counts as: %(kind)s.") % {"kind": PetitionKind(params["kind"]).label}
    elif "due" in params:
        more = _("The new limit is %(due)s.") % {"due": params["due"]}
    else:
        return step
    return _("%(sentence)s %(next)s") % {"sentence": step, "next": more}


def present_attachments(stored: list[dict[str, Any]], gone: Collection[str]) -> list[dict[str, Any]]:
    """Files that the citizen sent along; the portal has those no more whose digests are in ``gone``."""
    return [
        {"name": one["name"], "size": one["size"], "sha256": one["sha256"], "available": one["digest"] not in gone}
        for one in stored
    ]


def missing_attachments(opened: OpenedPetition) -> set[str]:
    """Digests of the files of a petition that the portal has no longer. One query."""
    return set(missing_files([stored["digest"] for stored in opened.attachments]))


def present_petition(opened: OpenedPetition) -> dict[str, Any]:
    """An opened petition as the page shows it."""
    content, petition = opened.content, opened.petition
    names = dict(Unit.objects.filter(code__in=[content["unit_code"], content["about_unit_code"]]).values_list("code", "name"))
    gone = missing_attachments(opened)
    steps = [
        {"at": entry.at, "event": entry.event, "text": timeline_text(entry.event, entry.params), "state": "done"}
        for entry in opened.timeline
    ]
    steps += [{"at": None, "event": "", "text": step.text, "due": step.due, "state": "todo"} for step in further_steps(opened)]
    deadlines = [present_deadline(deadline) for deadline in petition.deadlines]
    return {
        "number": petition.number,
        "kind_label": PetitionKind(petition.kind).label,
        "status": petition.status,
        "status_label": PetitionStatus(petition.status).label,
        "received_at": petition.received_at,
        "title": content["title"] or _("Petition %(number)s") % {"number": petition.number},
        "body": content["body"],
        "place": content["place"],
        "unit": names.get(content["unit_code"], ""),
        "handled_by": _handling_unit(opened),
        "about": " ".join(part for part in (names.get(content["about_unit_code"], ""), content["about_person"]) if part),
        "withheld": content["withhold_identity"],
        "taken_down": opened.is_taken_down,
        "person": [
            (_("Your name"), content["name"]),
            (_("Your phone number"), content["phone"]),
            (_("Your e-mail address"), content["email"]),
        ],
        "attachments": present_attachments(content["attachments"], gone),
        "timeline": steps,
        "deadlines": deadlines,
        "next_limit": _next_limit(deadlines),
        "next_step": next_step(opened, deadlines),
        "messages": [_present_message(message, gone) for message in opened.messages],
        "latest_reply": max((one.seq or 0 for one in opened.messages if one.kind == MessageKind.REPLY), default=0),
        # Those that wait for an answer stand by themselves, and the page does not say them twice.
        "questions": (questions := [_present_message(message, gone) for message in opened.questions]),
        "waiting": [question["seq"] for question in questions],
        "allowed": opened.allowed,
        "scores": Score.choices,
        "withdrawal_sent_at": petition.withdrawal_sent_at,
        "review_sent_at": petition.review_sent_at,
        "consent_waits": _consent_waits(opened),
        "withdrawal_waits": petition.withdrawal_sent_at is not None and petition.status in UNDER_WAY,
    }


def _consent_waits(opened: OpenedPetition) -> datetime.datetime | None:
    """When the consent was taken back, as long as the office has not said that it knows."""
    noted = any(entry.event == TimelineEvent.CONSENT_WITHDRAWN for entry in opened.timeline)
    return None if noted else opened.petition.consent_withdrawn_at


def _present_message(message: OpenedMessage, gone: Collection[str]) -> dict[str, Any]:
    label = str(MessageKind(message.kind).label)
    if message.own and message.kind == MessageKind.NOTE:
        label = _own_label(message)
    elif message.own and message.in_reply_to is None:
        label = _("What you added")
    return {
        "at": message.at,
        "kind": message.kind,
        "kind_label": label,
        "text": said_text(message),
        "unit": message.unit,
        "own": message.own,
        "seq": message.seq,
        "attachments": present_attachments(message.attachments, gone),
    }


def _own_label(message: OpenedMessage) -> str:
    if message.score:
        return _("Your rating")
    return _("Why you ask for a review") if message.said == Said.REVIEW else _("Why you asked to withdraw")


def said_text(message: OpenedMessage) -> str:
    """What a message says; of a rating, the score as well."""
    if message.score is None:
        return message.text
    score = str(Score(message.score).label)
    return f"{score}\n\n{message.text}" if message.text else score


def _handling_unit(opened: OpenedPetition) -> str:
    """The unit that spoke last: it is told in the office's messages, never in clear."""
    return next((message.unit for message in reversed(opened.messages) if message.unit), "")


def _next_limit(deadlines: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Until when the answer must be there, and how many days that is from today; None when nothing runs."""
    running = [one for one in deadlines if one["stage"] == DeadlineStage.ANSWER and one["state"] in UNMET and one["due"]]
    if not running:
        return None
    return running[0] | {"days_left": max((running[0]["due"] - today()).days, 0)}


def represent_petition(opened: OpenedPetition) -> dict[str, Any]:
    """An opened petition as the API answers it (11, ``GET /petitions/{number}/``)."""
    gone = missing_attachments(opened)
    return {
        "number": opened.petition.number,
        "kind": opened.petition.kind,
        "status": opened.petition.status,
        "title": opened.content["title"],
        "body": opened.content["body"],
        "received_at": opened.petition.received_at,
        "unit": _handling_unit(opened) or None,
        "timeline": [
            {"at": entry.at, "event": entry.event, "text": timeline_text(entry.event, entry.params)}
            for entry in opened.timeline
        ],
        "deadlines": [represent_deadline(deadline) for deadline in opened.petition.deadlines],
        "messages": [
            {
                "at": message.at,
                "from": "citizen" if message.own else "office",
                "kind": message.kind,
                "text": said_text(message),
                "unit": message.unit or None,
                "seq": message.seq,
                "in_reply_to": message.in_reply_to,
                "rating_token": message.rating_token or None,
                "attachments": present_attachments(message.attachments, gone),
            }
            for message in opened.messages
        ],
        "attachments": present_attachments(opened.content["attachments"], gone),
        "allowed": opened.allowed,
    }
