"""One action on one case: who, what, when, and the words that come with it."""

import dataclasses
import datetime
from typing import Any

from core.events import record_event
from core.models import User
from internal_bridge.casework.enums import Actor, CaseState, EntryKind, Said
from internal_bridge.casework.models import Case, CaseAssignment, CaseEntry
from internal_bridge.org.services import Unit


class StaleVersion(Exception):
    """Somebody has changed the case since the person looked at it."""


class WrongState(Exception):
    """The case's state does not allow this."""


class Refused(Exception):
    """The state would allow it, something else does not: ``code`` is a key of ``guards.WORDS``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class InvalidFields(Exception):
    """Some of what was filled in is missing or not valid: ``errors`` has the messages of each field."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclasses.dataclass
class Act:
    """An action while it happens, inside its transaction; effects change ``case`` and leave saving to the engine."""

    case: Case
    person: User | None
    actors: frozenset[Actor]
    at: datetime.datetime
    # The units that have the case when the action begins, the lead first.
    present: list[CaseAssignment]
    fields: dict[str, Any] = dataclasses.field(default_factory=dict)
    # On which of the units that have the case it acts: the lead, or the assisting unit that the person speaks for.
    assignment: CaseAssignment | None = None
    # In whose place the person acts: the person's own, or that of somebody they stand in for.
    principal: User | None = None
    # Whether the person's words are that unit's.
    for_unit: bool = False
    # What the event says besides its name: codes and numbers.
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def author(self) -> User:
        """The person who acts, where only a person can. Raises ``RuntimeError`` for the system and the clock."""
        if self.person is None:
            raise RuntimeError("only a person does this")
        return self.person

    @property
    def own(self) -> CaseAssignment:
        """The assignment on which this acts, where there must be one. Raises ``RuntimeError``."""
        if self.assignment is None:
            raise RuntimeError("no unit has the case")
        return self.assignment

    def move(self, state: CaseState) -> None:
        """Let the case go over into ``state``."""
        self.case.state = state

    def note(
        self, kind: EntryKind, text: str, *, said: Said = Said.INTERNAL, unit: Unit | None = None, **extra: Any
    ) -> CaseEntry | None:
        """Keep words with the case, and name them in the event; None when there are none."""
        if not text:
            return None
        entry = CaseEntry.objects.create(
            case=self.case,
            kind=kind,
            said=said,
            text=text,
            author=self.person,
            unit=unit or (self.assignment.unit if self.assignment and self.for_unit else None),
            at=self.at,
            round=self.case.round,
            **extra,
        )
        self.params["entry"] = entry.pk
        return entry

    def record(self, name: str, **params: Any) -> None:
        """Append to the case's timeline."""
        if self.principal is not None and self.principal != self.person:
            params["for"] = str(self.principal.uid)
        record_event(subject=self.case.subject, name=name, at=self.at, actor=self.person, params=self.params | params)
