"""The redaction proposal: what it finds in a text, and the text without it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.views.decorators.debug import sensitive_variables

from core.models import User
from core.personal import Span, find_personal, redact
from internal_bridge.casework.permissions import can_propose_redaction

__all__ = ["TEXT_LENGTH", "Proposal", "propose_redaction"]

# Characters of the longest text that is looked through.
TEXT_LENGTH = 5_000


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
