"""The redaction proposal: what it finds, and both texts side by side for the eye that confirms it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.views.decorators.debug import sensitive_variables

from core.models import User
from core.personal import Span, find_personal, redact, replacement_of
from internal_bridge.casework.permissions import can_propose_redaction

__all__ = ["TEXT_LENGTH", "Piece", "PieceKind", "Proposal", "propose_redaction", "side_by_side"]

# Characters of the longest text that is looked through.
TEXT_LENGTH = 5_000


class PieceKind(StrEnum):
    """Whether a piece of the text stays."""

    PLAIN = "plain"
    FOUND = "found"


@dataclass(frozen=True)
class Piece:
    """A stretch of the text as it was given, and what stands for it in the public one: the same, where it is plain."""

    text: str
    kind: PieceKind
    replacement: str


@dataclass(frozen=True)
class Proposal:
    """The redacted ``text``, and the ``spans`` of the given one that it leaves out."""

    text: str
    spans: tuple[Span, ...]


@sensitive_variables()
def propose_redaction(*, person: User, text: str, known: Iterable[str] = ()) -> Proposal:
    """What to leave out of ``text`` before it is published; nothing is stored, logged or audited.

    ``known`` are names that the case knows. Raises ``PermissionDenied`` for whoever is neither handler nor dispatcher.
    """
    if not can_propose_redaction(person):
        raise PermissionDenied
    spans = find_personal(text, known=list(known))
    return Proposal(text=redact(text, spans), spans=tuple(spans))


def side_by_side(text: str, spans: Iterable[Span]) -> list[Piece]:
    """``text`` in pieces, in order: their texts together are the text before, their replacements the one after.

    ``spans`` belong to ``text`` and do not overlap.
    """
    pieces, place = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start > place:
            pieces.append(_plain(text[place : span.start]))
        pieces.append(Piece(span.text, PieceKind.FOUND, replacement_of(span)))
        place = span.end
    return [*pieces, _plain(text[place:])] if place < len(text) else pieces


def _plain(text: str) -> Piece:
    return Piece(text, PieceKind.PLAIN, text)
