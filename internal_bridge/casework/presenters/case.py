"""What the page of a case shows."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import filetypes
from core.events import events_of
from core.models import DomainEvent, User
from internal_bridge.casework.enums import Action
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.models import Case, CaseAttachment
from internal_bridge.casework.presenters.rows import CaseRow
from internal_bridge.casework.services import Offer, count_earlier_cases, offers


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to a case."""

    at: datetime.datetime
    text: str
    who: str
    note: str
    look: str

    @classmethod
    def of(cls, event: DomainEvent, case: Case) -> "TimelineEntry":
        text, note, look = _EVENTS.get(event.name, ("%(name)s", "", ""))
        words = {"name": event.name, "register": case.register_label}
        who = event.actor.get_full_name() if event.actor else ""
        return cls(at=event.at, text=str(text) % words, who=who, note=str(note) % words, look=look)


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


@dataclass(frozen=True)
class AttachmentRow:
    """An attachment, to be downloaded."""

    name: str
    url: str
    kind: str
    size: str

    @classmethod
    def of(cls, attachment: CaseAttachment, case: Case) -> "AttachmentRow":
        return cls(
            name=attachment.name,
            url=reverse("casework:attachment", args=[case.number, attachment.pk]),
            kind=_short_kind(attachment.content_type),
            size=filesizeformat(attachment.size),
        )


def _short_kind(media_type: str) -> str:
    """At most four letters that people know a type by."""
    known = next((type for type in filetypes.ALLOWED if type.media_type == media_type), None)
    return known.extensions[0].upper() if known else _("File")


@dataclass(frozen=True)
class OfferRow:
    """An action that somebody may take now, or the reason why not."""

    action: Action
    label: str
    url: str
    refusal: str

    @classmethod
    def of(cls, offer: Offer, case: Case) -> "OfferRow":
        refusal = str(WORDS[offer.refusal]) % dict(offer.params) if offer.refusal else ""
        url = reverse("casework:action", args=[case.number, offer.action])
        return cls(action=offer.action, label=str(offer.action.label), url=url, refusal=refusal)


def case_page(case: Case, person: User) -> dict[str, Any]:
    """The context of a case's page, without its form."""
    return {
        "case": case,
        "row": CaseRow.of(case),
        "attachments": [AttachmentRow.of(attachment, case) for attachment in case.attachments.all()],
        "written_before": count_earlier_cases(person=person, case=case),
        "replies": case.replies.select_related("author"),
        "timeline": [TimelineEntry.of(event, case) for event in events_of(case.subject)][::-1],
        "offers": [OfferRow.of(offer, case) for offer in offers(case, person)],
        "entries": case.entries.select_related("author", "unit"),
        "assignments": case.assignments.select_related("unit", "handler"),
    }
