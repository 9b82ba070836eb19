"""Who is kept out of a case, and who could be."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.casework.models import Case, CaseExclusion
from internal_bridge.org.services import all_people, all_units

MOST = 10


@dataclass(frozen=True)
class Candidate:
    """A unit or a person of the directory, by the value that names it in a form."""

    value: str
    name: str
    place: str


@dataclass(frozen=True)
class ExclusionRow:
    """One that counts. ``namesakes``: whom a name could mean."""

    pk: int
    name: str
    kind: str
    by: str
    at: datetime.datetime
    namesakes: list[Candidate] = field(default_factory=list)


def exclusion_rows(case: Case) -> list[ExclusionRow]:
    """Those that count, the oldest first."""
    rows = list(case.exclusions.counting().select_related("unit", "person", "added_by"))
    by_name = _namesakes({row.person_name for row in rows if row.person_name})
    return [_row(row, by_name.get(row.person_name, [])) for row in rows]


def lifted_rows(case: Case) -> list[ExclusionRow]:
    """Those that somebody has lifted."""
    rows = case.exclusions.exclude(lifted_at=None).select_related("unit", "person", "lifted_by")
    return [ExclusionRow(row.pk, _name(row), _kind(row), _who(row.lifted_by), row.lifted_at or row.added_at) for row in rows]


def candidates(find: str) -> list[Candidate]:
    """Units and people whom a search finds, at most ten of each."""
    if not find.strip():
        return []
    units = all_units().open().search(find).order_by("path")[:MOST]
    people = all_people().in_office().search(find).with_appointments().order_by("pinyin", "pk")[:MOST]
    return [Candidate(f"unit:{unit.code}", unit.short_name, _("with everything below it")) for unit in units] + [
        Candidate(f"person:{person.uid}", person.name, _place(person)) for person in people
    ]


def _namesakes(names: set[str]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    people = all_people().in_office().filter(name__in=names).with_appointments() if names else []
    for person in people:
        found.setdefault(person.name, []).append(Candidate(str(person.uid), person.name, _place(person)))
    return found


def _place(person: Any) -> str:
    present = person.present
    post = present[0].post if present else None
    return f"{post.department.unit.short_name} · {post.department.name}" if post else _("no present post")


def _row(row: CaseExclusion, namesakes: list[Candidate]) -> ExclusionRow:
    return ExclusionRow(row.pk, _name(row), _kind(row), _who(row.added_by), row.added_at, namesakes)


def _name(row: CaseExclusion) -> str:
    return row.unit.short_name if row.unit else row.person.name if row.person else row.person_name


def _kind(row: CaseExclusion) -> str:
    if row.unit:
        return _("Unit, with everything below it")
    return _("This person") if row.person else _("Everybody of this name")


def _who(user: User | None) -> str:
    return user.get_full_name() if user else _("The petition complains of it")
