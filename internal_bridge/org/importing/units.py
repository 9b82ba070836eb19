"""Units: made where the code is new, renamed, moved and changed where it is known."""

import dataclasses
import datetime
import re
from typing import Any

from django.db.models import F
from django.utils import timezone

from core.events import record_event
from core.models import User
from internal_bridge.org.enums import UnitKind
from internal_bridge.org.importing.lines import Cells, Judgement, Line, Progress, counted
from internal_bridge.org.messages import LONGEST_DUTIES, announce_unit
from internal_bridge.org.models import Unit
from internal_bridge.org.querysets import today
from internal_bridge.org.services.units import CODE, keep_name, place_below

COLUMNS = ["code", "name", "short_name", "parent", "kind", "duties", "accepts_petitions"]
LENGTHS = {"name": 100, "short_name": 40, "duties": LONGEST_DUTIES}
PLAIN = ["kind", "duties", "accepts_petitions"]
DEEPEST = 12


@dataclasses.dataclass
class Wanted:
    """A unit as a line wants it."""

    line: Line
    parent: str
    values: dict[str, Any]

    @property
    def code(self) -> str:
        return self.line["code"]


class UnitImport:
    """Judges and writes lines of units. Inside one transaction, ``judge`` comes before ``write``."""

    columns = COLUMNS

    def __init__(self, lines: list[Line], *, by: User | None, since: datetime.date | None = None) -> None:
        """New units begin on ``since`` (today)."""
        self.lines, self.by, self.since = lines, by, since
        self.units: dict[str, Unit] = {}
        self.new: dict[str, Wanted] = {}
        self.known: list[Wanted] = []

    def judge(self, progress: Progress | None = None) -> Judgement:
        """What the lines would do to the directory as it is."""
        self.units = {unit.code: unit for unit in Unit.objects.select_related("parent")}
        judgement, sound = Judgement(), []
        seen: dict[str, int] = {}
        for line in counted(self.lines, progress):
            cells = Cells(line)
            wanted = self._read(line, cells)
            if line["code"] in seen:
                cells.fail("code", "twice", line=seen[line["code"]])
            seen.setdefault(line["code"], line.number)
            judgement.errors += cells.errors
            if not cells.errors:
                sound.append(wanted)
        placed = self._placed(sound, judgement)
        for wanted in placed:
            unit = self.units.get(wanted.code)
            if unit is None:
                self.new[wanted.code] = wanted
                judgement.created += 1
            elif self._differs(unit, wanted):
                self.known.append(wanted)
                judgement.changed += 1
            else:
                judgement.unchanged += 1
        return judgement

    def _read(self, line: Line, cells: Cells) -> Wanted:
        cells.need("code", "name", "short_name", "kind")
        cells.limit(LENGTHS)
        if line["code"] and not CODE.fullmatch(line["code"]):
            cells.fail("code", "not_code")
        if line["kind"] and line["kind"] not in UnitKind.values:
            cells.fail("kind", "unknown_kind")
        known = self.units.get(line["code"])
        if known and known.valid_to is not None:
            cells.fail("code", "closed")
        parent = line["parent"]
        if parent and not re.fullmatch(CODE, parent):
            cells.fail("parent", "not_code")
        values = {name: line[name] for name in ("name", "short_name", "kind", "duties")}
        return Wanted(line, parent, values | {"accepts_petitions": cells.boolean("accepts_petitions")})

    def _placed(self, sound: list[Wanted], judgement: Judgement) -> list[Wanted]:
        """The lines whose superiors are there, or come with the file, without a circle; the others become errors."""
        remaining = {wanted.code: wanted for wanted in sound}
        while True:
            bad = {code: reason for code, wanted in remaining.items() if (reason := self._misplaced(wanted, remaining))}
            for code, reason in bad.items():
                cells = Cells(remaining.pop(code).line)
                cells.fail("parent", reason)
                judgement.errors += cells.errors
            if not bad:
                return list(remaining.values())

    def _misplaced(self, wanted: Wanted, remaining: dict[str, Wanted]) -> str:
        code, steps = wanted.parent, 0
        while code:
            if code == wanted.code or steps > DEEPEST:
                return "circle"
            steps += 1
            above = remaining.get(code)
            if above is not None:
                code = above.parent
                continue
            unit = self.units.get(code)
            if unit is None or unit.valid_to is not None:
                return "unknown_unit"
            code = unit.parent.code if unit.parent else ""
        return ""

    def _differs(self, unit: Unit, wanted: Wanted) -> bool:
        parent = unit.parent.code if unit.parent else ""
        return parent != wanted.parent or any(getattr(unit, name) != value for name, value in wanted.values.items())

    def write(self) -> None:
        """Write what was judged sound, tell the portal of each unit, and keep events."""
        self._make_new()
        for wanted in self.known:
            self._change(self.units[wanted.code], wanted)

    def _make_new(self) -> None:
        position, day, waiting = len(self.units), self.since or today(), dict(self.new)
        places = {code: position + step for step, code in enumerate(waiting)}
        while waiting:
            # One level after the other: a superior's key must be known.
            level = [wanted for wanted in waiting.values() if not wanted.parent or wanted.parent in self.units]
            made = Unit.objects.bulk_create(
                Unit(
                    code=wanted.code,
                    parent=(above := self.units.get(wanted.parent)),
                    path=f"{above.path if above else ''}{wanted.code}/",
                    position=places[wanted.code],
                    valid_from=day,
                    **wanted.values,
                )
                for wanted in level
            )
            for unit in made:
                self.units[unit.code] = unit
                del waiting[unit.code]
                self._tell(unit, "created", {"parent": unit.parent.code if unit.parent else None})

    def _change(self, unit: Unit, wanted: Wanted) -> None:
        # Earlier lines may have moved it.
        unit.refresh_from_db()
        if (unit.name, unit.short_name) != (wanted.values["name"], wanted.values["short_name"]):
            keep_name(unit, today())
            unit.name, unit.short_name = wanted.values["name"], wanted.values["short_name"]
            self._event(unit, "renamed", {"on": today().isoformat()})
        above = self.units.get(wanted.parent)
        if unit.parent_id != (above.pk if above else None):
            if above is not None:
                above.refresh_from_db()
            place_below(unit, above)
            self._event(unit, "moved", {"parent": wanted.parent or None})
        fields = sorted(name for name in PLAIN if getattr(unit, name) != wanted.values[name])
        for name in fields:
            setattr(unit, name, wanted.values[name])
        if fields:
            self._event(unit, "changed", {"fields": fields})
        Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1, **wanted.values)
        announce_unit(unit)

    def _tell(self, unit: Unit, name: str, params: dict[str, Any]) -> None:
        self._event(unit, name, params)
        announce_unit(unit)

    def _event(self, unit: Unit, name: str, params: dict[str, Any]) -> None:
        record_event(subject=unit.subject, name=name, at=timezone.now(), actor=self.by, params=params)
