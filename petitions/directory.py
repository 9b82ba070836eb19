"""The mirror of the office's directory: what ``directory.*`` does to it. Its verbs are offered by ``services``.

Messages come in order and once. A state of the mirror still depends on nothing but what was said: a superior or a successor may
be told of later, a repeat changes nothing, and a closing that comes before its unit is kept for it.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction

from core.text import pinyin_of
from petitions.models import Unit, UnitFormerName
from petitions.querysets import fold

# Successors of successors: further than any directory goes, and a circle ends.
MAX_STEPS = 10


@transaction.atomic
def note_unit(
    *,
    code: str,
    name: str,
    short_name: str,
    second_name: str,
    parent: str | None,
    kind: str,
    duties: str,
    accepts_petitions: bool,
    position: int,
    valid_from: datetime.date,
    told_on: datetime.date,
) -> Unit:
    """Take over what the office says of a unit, new or changed; returns it.

    ``valid_from`` is the day from which on this holds, ``told_on`` the day on which it was said. A name that the directory had
    told before becomes a former one. What a closing said stays.
    """
    unit = Unit.objects.select_for_update().filter(code=code).first() or Unit(code=code)
    # A row without a first day was never described by the directory: what it holds is nobody's former name.
    if unit.valid_from is not None and unit.name != name:
        _keep_name(unit, valid_from, told_on)
    unit.valid_from = min(unit.valid_from or valid_from, valid_from)
    unit.name, unit.short_name, unit.second_name = name, short_name, second_name
    unit.parent_code, unit.kind, unit.duties = parent or "", kind, duties
    unit.accepts_petitions, unit.position = accepts_petitions, position
    former = list(unit.former_names.values_list("name", "short_name")) if unit.pk else []
    unit.search_words = _search_words(unit, former)
    unit.save()
    return unit


@transaction.atomic
def close_unit(*, code: str, valid_to: datetime.date, successors: Sequence[str]) -> Unit:
    """Note a unit's last day and the codes of those who follow it; returns it. It stays in the mirror."""
    unit = Unit.objects.select_for_update().filter(code=code).first()
    if unit is None:
        # Its description is still to come; until then its code is all that is known of it.
        unit = Unit(code=code, name=code, short_name=code, kind="")
    unit.valid_to, unit.successors = valid_to, list(successors)
    unit.save()
    return unit


def followers(unit: Unit) -> list[Unit]:
    """The open units that a closed one's work has gone to, through successors that were closed in turn. A query a step."""
    found: dict[str, Unit] = {}
    seen, wanted = {unit.code}, list(unit.successors)
    for _step in range(MAX_STEPS):
        wanted = [code for code in wanted if code not in seen]
        if not wanted:
            break
        seen.update(wanted)
        units = Unit.objects.in_bulk(wanted, field_name="code")
        present = [units[code] for code in wanted if code in units]
        found |= {one.code: one for one in present if one.is_open()}
        wanted = [code for one in present if not one.is_open() for code in one.successors]
    return list(found.values())


def _keep_name(unit: Unit, valid_from: datetime.date, told_on: datetime.date) -> None:
    """Keep the name that ``unit`` has as a former one, until the day before the new one holds."""
    last = unit.former_names.last()
    since = last.valid_to + datetime.timedelta(days=1) if last else unit.valid_from
    # Where the day is the unit's own first one, the name is new since the day on which it was told.
    begins = valid_from if since is None or valid_from > since else told_on
    if since is not None:
        since = min(since, begins)
    ends = begins - datetime.timedelta(days=1)
    UnitFormerName.objects.create(
        unit=unit, name=unit.name, short_name=unit.short_name, valid_from=since, valid_to=max(ends, since or ends)
    )


def _search_words(unit: Unit, former: Sequence[tuple[str, str]]) -> str:
    """Every name of the unit, how the Chinese ones are read, their initials, and the code: one a line, as ``search`` looks."""
    names = list(dict.fromkeys([unit.name, unit.short_name, *(name for pair in former for name in pair)]))
    words = [unit.code, *names, unit.second_name]
    for name in names:
        reading, initials = pinyin_of(name)
        words += [reading.replace(" ", ""), initials]
    return "\n".join(dict.fromkeys(fold(word) for word in words if word))
