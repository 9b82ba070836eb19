"""What officials write beside the actions: internal notes, and contacts with the petitioner."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from core.events import record_event
from core.idempotency import once
from core.models import User
from internal_bridge.casework.enums import EntryKind
from internal_bridge.casework.life.act import InvalidFields
from internal_bridge.casework.models import Case, CaseEntry
from internal_bridge.casework.permissions import actors_of, present_assignments, speaks_for

__all__ = ["NOTE_LENGTH", "add_note"]

NOTE_LENGTH = (2, 2_000)
NOTES = frozenset({EntryKind.NOTE, EntryKind.CONTACT})


def add_note(*, person: User, number: str, text: str, kind: EntryKind = EntryKind.NOTE, key: str | None) -> CaseEntry:
    """Add words that the petitioner never sees; the case stays as it is, in its version too.

    Raises ``Case.DoesNotExist``, ``PermissionDenied`` for who has no part in the case, ``InvalidKey``, ``KeyReused`` and
    ``InvalidFields`` for a text out of 2–2,000 characters.
    """
    case = Case.objects.visible_to(person).get(number=number)
    if not actors_of(person, case):
        raise PermissionDenied
    shortest, longest = NOTE_LENGTH
    text = text.strip()
    if kind not in NOTES or not shortest <= len(text) <= longest:
        raise InvalidFields({"text": [_("A note has 2 to 2,000 characters.")]})
    unit = next((held.unit for held in present_assignments(case) if speaks_for(person, held)), None)

    def effect(_prepared: None) -> dict[str, int]:
        now = timezone.now()
        entry = CaseEntry.objects.create(case=case, kind=kind, text=text, author=person, unit=unit, at=now, round=case.round)
        record_event(subject=case.subject, name=f"{kind}_added", at=now, actor=person, params={"entry": entry.pk})
        return {"entry": entry.pk}

    scope = f"user:{person.uid} casework.note:{number}"
    answer = once(scope=scope, key=key, fields={"text": text, "kind": str(kind)}, prepare=lambda: None, effect=effect)
    return CaseEntry.objects.get(pk=answer["entry"])
