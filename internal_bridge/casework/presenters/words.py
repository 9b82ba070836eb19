"""What was written about a case: by whom, for which unit, to whom; questions stand with their answers."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.casework.enums import EntryKind, PauseReason, RefusalReason, Said
from internal_bridge.casework.models import Case, CaseAttachment, CaseEntry
from internal_bridge.casework.presenters.files import AttachmentRow
from internal_bridge.org.services import all_people

# What is said beside the course of things; the words of decisions stand in the course.
OPINIONS = frozenset({EntryKind.NOTE, EntryKind.CONTACT, EntryKind.DISPATCH, EntryKind.OPINION, EntryKind.REVIEW})
EXCHANGE = frozenset({EntryKind.QUESTION, EntryKind.ANSWER, EntryKind.SUPPLEMENT})
CODES = {**dict(RefusalReason.choices), **dict(PauseReason.choices)}


@dataclass(frozen=True)
class EntryRow:
    """Words with their author: the unit before the person."""

    kind: str
    unit: str
    who: str
    place: str
    initial: str
    at: datetime.datetime
    text: str
    code: str
    said: str
    files: list[AttachmentRow]
    answers: "list[EntryRow]" = field(default_factory=list)


class Words:
    """All entries of a case, told apart by where a page shows them."""

    def __init__(self, case: Case, entries: Collection[CaseEntry], files: Iterable[CaseAttachment]) -> None:
        self.places = places_of(entry.author for entry in entries if entry.author)
        self.files: dict[int | None, list[AttachmentRow]] = {}
        for file in files:
            self.files.setdefault(file.entry_id, []).append(AttachmentRow.of(file, case))
        self.rows = {entry.pk: self._row(entry) for entry in entries}
        self.opinions = [self.rows[entry.pk] for entry in entries if entry.kind in OPINIONS][::-1]
        for entry in entries:
            if entry.answers_id in self.rows:
                self.rows[entry.answers_id].answers.append(self.rows[entry.pk])
        self.exchange = [self.rows[entry.pk] for entry in entries if entry.kind in EXCHANGE and not entry.answers_id]
        # Shown here with their words, and so by their name alone in the course of things.
        self.shown = {entry.pk for entry in entries if entry.kind in OPINIONS | EXCHANGE}

    def _row(self, entry: CaseEntry) -> EntryRow:
        by_petitioner = entry.said == Said.BY_PETITIONER
        who = entry.author.get_full_name() if entry.author else _("Petitioner") if by_petitioner else _("The system")
        unit = entry.unit.short_name if entry.unit else ""
        return EntryRow(
            kind=str(EntryKind(entry.kind).label),
            unit=unit,
            who=who,
            place=self.places.get(entry.author_id, "") if entry.author_id else "",
            initial=(unit.removeprefix("市") or who)[:1].upper(),
            at=entry.at,
            text=entry.text,
            code=str(CODES.get(entry.code, "")),
            said="" if entry.said == Said.INTERNAL else str(Said(entry.said).label),
            files=self.files.get(entry.pk, []),
        )


def places_of(users: Iterable[User]) -> dict[int, str]:
    """Unit and department of each login's main post, in a number of queries that does not grow."""
    logins = {user.pk for user in users}
    people = all_people().filter(user__in=logins).with_appointments() if logins else []
    found: list[Any] = list(people)
    return {person.user_id: _place(person.present[0]) for person in found if person.present}


def _place(appointment: Any) -> str:
    department = appointment.post.department
    return f"{department.unit.short_name} · {department.name}"
