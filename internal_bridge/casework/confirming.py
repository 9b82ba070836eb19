"""Personal data in a text that is to be published: each place found is looked at by somebody before it goes out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.enums import PetitionKind
from core.models import User
from core.personal import Span, find_personal, replacement_of
from internal_bridge.casework.enums import DraftPurpose, RedactionChoice, RedactionField
from internal_bridge.casework.models import Case, CaseIdentity, DraftInProgress, RedactionDecision
from internal_bridge.casework.permissions import can_open_identity
from internal_bridge.casework.services.reading import identity_of

# The texts that each purpose writes, and those of them that everybody may read afterwards.
TEXTS = {
    DraftPurpose.REPLY: ("text", "public_text"),
    DraftPurpose.PUBLICATION: ("public_title", "public_question", "public_text"),
    DraftPurpose.CORRECTION: ("public_text",),
}
LONGEST = {"text": 5_000, "public_title": 100, "public_question": 2_000, "public_text": 5_000}


class Mark(StrEnum):
    """How a piece of a text is drawn."""

    PLAIN = "plain"
    OPEN = "open"
    REPLACED = "replaced"
    KEPT = "kept"


@dataclass(frozen=True)
class Found:
    """A place with personal data, and what has been decided about it, if anything."""

    field: RedactionField
    span: Span
    decision: RedactionDecision | None
    text: str

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.field}-{self.span.start}-{self.span.end}"

    @property
    def replacement(self) -> str:
        """What stands there in public: as decided, else as proposed."""
        if self.decision is None or self.decision.decision == RedactionChoice.ACCEPT:
            return replacement_of(self.span, self.text)
        return self.span.text if self.decision.decision == RedactionChoice.KEEP else self.decision.replacement

    def replacement_for(self, choice: str, words: str) -> str:
        """What ``choice`` lets stand there; nothing is written down of what is kept."""
        if choice == RedactionChoice.ACCEPT:
            return replacement_of(self.span, self.text)
        return words if choice == RedactionChoice.REWRITE else ""

    @property
    def mark(self) -> Mark:
        if self.decision is None:
            return Mark.OPEN
        return Mark.KEPT if self.decision.decision == RedactionChoice.KEEP else Mark.REPLACED


@dataclass(frozen=True)
class Piece:
    """A stretch of a text before, and what stands there after."""

    before: str
    after: str
    mark: Mark


@dataclass(frozen=True)
class Confirmed:
    """The public texts of a draft with all that was found in them."""

    texts: dict[RedactionField, str]
    found: list[Found]

    @property
    def open(self) -> list[Found]:
        """What nobody has decided about yet."""
        return [found for found in self.found if found.decision is None]

    def outcome(self, field: RedactionField) -> str:
        """The text as it would be published."""
        return "".join(piece.after for piece in self.pieces(field))

    def pieces(self, field: RedactionField) -> list[Piece]:
        """The text in pieces, in order."""
        text, place, pieces = self.texts[field], 0, []
        for found in (found for found in self.found if found.field == field):
            if found.span.start > place:
                pieces.append(_plain(text[place : found.span.start]))
            pieces.append(Piece(found.span.text, found.replacement, found.mark))
            place = found.span.end
        return [*pieces, _plain(text[place:])] if place < len(text) else pieces


def may_be_published(case: Case) -> bool:
    """Whether the answer may be read by everybody (11: with consent, and never a report's)."""
    return case.allow_publication and case.kind != PetitionKind.REPORT


def known_names(case: Case, person: User) -> list[str]:
    """The names that the petition gives, to be found wherever they stand.

    Only for those who may open the identity: to anybody else a marked word would tell the name that they guessed.
    """
    if not can_open_identity(person, case):
        return []
    try:
        identity = identity_of(case)
    except CaseIdentity.DoesNotExist:
        return []
    names = [identity["name"], *(each["name"] for each in identity["representatives"] or [])]
    behalf = identity["on_behalf_of"]
    return [name for name in [*names, behalf["name"] if behalf else ""] if name]


def public_texts(purpose: str, texts: Mapping[str, str]) -> dict[RedactionField, str]:
    """The texts that are to be read by everybody; a reply without a public text of its own is itself that text."""
    found = {RedactionField(name): texts.get(name, "") for name in TEXTS[DraftPurpose(purpose)] if name != "text"}
    if purpose == DraftPurpose.REPLY and not found[RedactionField.PUBLIC_TEXT].strip():
        found[RedactionField.PUBLIC_TEXT] = texts.get("text", "")
    return found


def confirm(
    texts: Mapping[RedactionField, str], decisions: Iterable[RedactionDecision], *, known: Collection[str]
) -> Confirmed:
    """What is found in ``texts``, each with its decision of ``decisions``."""
    held = {(each.field, each.start, each.end, each.type): each for each in decisions}
    found = [
        Found(field, span, held.get((field, span.start, span.end, span.type)), text)
        for field, text in texts.items()
        for span in find_personal(text, known=list(known))
    ]
    return Confirmed(dict(texts), found)


def texts_of(draft: DraftInProgress) -> dict[str, str]:
    """The texts of a draft by their names."""
    return {name: getattr(draft, name) for name in TEXTS[DraftPurpose(draft.purpose)]}


def current_decisions(case: Case, purpose: str) -> list[RedactionDecision]:
    """The decisions of this round that still belong to a text."""
    rows = case.redaction_decisions.filter(purpose=purpose, round=case.round, superseded_at=None)
    return list(rows.select_related("by"))


def _plain(text: str) -> Piece:
    return Piece(text, text, Mark.PLAIN)
