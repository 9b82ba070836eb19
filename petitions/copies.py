"""What the portal keeps for the citizen alone: sealed to the key that the receipt code derives, opened for one request.

Copy 1 is the letter. Later copies are what the citizen added or asked for: ``said`` tells which (``Said``), ``at`` when. What
the office says lies beside them as ``CaseMessage``, sealed by the office.
"""

import dataclasses
import datetime
import enum
from typing import Any

from django.db.models import Max

from core.vault import CitizenKey, Sealed, binding, citizen_kid, seal, unseal
from internal_bridge.exchange.public import CITIZEN, seal_binding
from petitions.enums import Action, MessageKind
from petitions.models import CaseMessage, CitizenCopy, Petition, TimelineEntry
from petitions.rules import allowed_actions, canonical_content

OFFICE = "office"
PORTAL = "portal"
LETTER = 1


class Said(enum.StrEnum):
    """What a copy after the letter is."""

    SUPPLEMENT = "supplement"
    WITHDRAWAL = "withdrawal"
    RATING = "rating"
    REVIEW = "review"


@dataclasses.dataclass(frozen=True)
class OpenedMessage:
    """A message of the office, or one of the citizen's own (``own``), opened for one request.

    ``seq`` is the number by which an answer names a question; what is one's own has none.
    """

    at: datetime.datetime
    kind: str
    text: str
    unit: str = ""
    seq: int | None = None
    own: bool = False
    in_reply_to: int | None = None
    attachments: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    # Of a reply: the secret of the link by which it is rated.
    rating_token: str = ""
    # Of what is one's own: what it is, and of a rating the score, from 1 to 5.
    said: str = ""
    score: int | None = None


@dataclasses.dataclass(frozen=True)
class OpenedPetition:
    """A petition as its receipt code opens it, for one request; nothing of it is stored.

    ``content`` is the letter; of a petition that came by phone or at the counter it is empty.
    """

    petition: Petition
    content: dict[str, Any]
    messages: list[OpenedMessage]
    timeline: list[TimelineEntry]
    key: CitizenKey = dataclasses.field(repr=False)

    @property
    def is_taken_down(self) -> bool:
        """Whether it came by phone or at the counter: then its text is in the office alone."""
        return not self.content["title"]

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """All files that the citizen sent, with the letter and later, each as ``Attachment.as_content`` put it."""
        return self.content["attachments"] + [one for message in self.messages for one in message.attachments]

    @property
    def allowed(self) -> list[Action]:
        """What the citizen may ask for now."""
        return allowed_actions(self.petition, consented=self.consented)

    @property
    def consented(self) -> bool:
        """Whether the citizen allowed publication. Of what was taken down only the office knows: it counts as allowed."""
        return self.is_taken_down or self.content["allow_publication"]

    @property
    def questions(self) -> list[OpenedMessage]:
        """Questions of the office that the citizen has not answered and still can."""
        if Action.SUPPLEMENT not in self.allowed:
            return []
        answered = {message.in_reply_to for message in self.messages}
        return [one for one in self.messages if one.kind == MessageKind.QUESTION and one.seq not in answered]


def keep_letter(petition: Petition, content: dict[str, Any]) -> None:
    """Keep a petition's letter."""
    _keep(petition, LETTER, content)


def keep_said(petition: Petition, said: Said, *, at: datetime.datetime, **content: Any) -> None:
    """Keep what the citizen says after the letter, in the caller's transaction, which has the petition's row."""
    last = petition.copies.aggregate(last=Max("n"))["last"] or LETTER
    _keep(petition, last + 1, content | {"said": said.value, "at": at.isoformat()})


def open_all(petition: Petition, key: CitizenKey) -> OpenedPetition:
    """The petition with all that ``key`` opens. Three queries."""
    copies = {copy.n: _open_copy(copy, petition, key) for copy in petition.copies.order_by("n")}
    letter = copies.pop(LETTER, None) or canonical_content({"title": "", "body": "", "kind": petition.kind})
    messages = [_open_message(message, petition, key) for message in petition.messages.all()]
    messages += [said for content in copies.values() if (said := _own_message(content)) is not None]
    return OpenedPetition(
        petition=petition,
        content=letter,
        messages=sorted(messages, key=lambda message: message.at),
        timeline=list(petition.timeline.all()),
        key=key,
    )


def open_again(opened: OpenedPetition) -> OpenedPetition:
    """The same petition as it is now; no key is derived again."""
    return open_all(Petition.objects.get(pk=opened.petition.pk), opened.key)


def _keep(petition: Petition, n: int, content: dict[str, Any]) -> None:
    public_key = bytes(petition.citizen_key)
    box = seal(content, public_key=public_key, kid=citizen_kid(public_key), info=_binding(petition, n))
    CitizenCopy.objects.create(petition=petition, n=n, box=box.box, commitment=box.commitment)


def _binding(petition: Petition, n: int) -> bytes:
    return binding(sender=PORTAL, recipient=CITIZEN, stream=petition.stream, seq=n, type="copy")


def _open_copy(copy: CitizenCopy, petition: Petition, key: CitizenKey) -> dict[str, Any]:
    sealed = Sealed(box=bytes(copy.box), commitment=copy.commitment)
    return unseal(sealed, private_key=key.private, info=_binding(petition, copy.n))


def _own_message(content: dict[str, Any]) -> OpenedMessage | None:
    at = datetime.datetime.fromisoformat(content["at"])
    if content["said"] == Said.WITHDRAWAL:
        # Without a reason the timeline has said everything.
        return _own_note(at, content, content["reason"]) if content["reason"] else None
    if content["said"] == Said.REVIEW:
        return _own_note(at, content, content["reason"])
    if content["said"] == Said.RATING:
        return _own_note(at, content, content["comment"])
    return OpenedMessage(
        at=at,
        kind=MessageKind.ANSWER,
        text=content["text"],
        own=True,
        in_reply_to=content["in_reply_to"],
        attachments=content["attachments"],
    )


def _own_note(at: datetime.datetime, content: dict[str, Any], text: str) -> OpenedMessage:
    return OpenedMessage(at=at, kind=MessageKind.NOTE, text=text, own=True, said=content["said"], score=content.get("score"))


def _open_message(message: CaseMessage, petition: Petition, key: CitizenKey) -> OpenedMessage:
    sealed = Sealed(box=bytes(message.box), commitment=message.commitment)
    info = seal_binding(OFFICE, CITIZEN, petition.stream, message.seq, message.type)
    content = unseal(sealed, private_key=key.private, info=info)
    unit = content["unit"]["name"] if content["unit"] else ""
    return OpenedMessage(
        at=message.at,
        kind=message.kind,
        text=content["text"],
        unit=unit,
        seq=message.seq,
        rating_token=content.get("rating_token") or "",
    )
