"""The units that a letter can go to, and the rules that count today: read once, and again when something has changed."""

import dataclasses
import datetime
from functools import cached_property
from threading import Lock

from django.db.models import Count, Max, Sum

from internal_bridge.org.enums import UnitKind
from internal_bridge.org.querysets import today
from internal_bridge.org.services import Unit, all_units, find_open_units
from internal_bridge.routing.matching import CompiledRule
from internal_bridge.routing.models import RoutingRule

# Below the city's own departments: they are right only where a letter is about their own ground.
LOCAL = frozenset({UnitKind.COUNTY, UnitKind.TOWNSHIP})


@dataclasses.dataclass(frozen=True)
class Candidates:
    """The open units that take petitions, in the directory's order, and the rules in use."""

    units: tuple[Unit, ...]
    rules: tuple[CompiledRule, ...]

    @cached_property
    def place_of(self) -> dict[str, int]:
        return {unit.code: place for place, unit in enumerate(self.units)}

    @cached_property
    def _successors(self) -> dict[str, tuple[str, ...]]:
        return {}

    def resolve(self, code: str) -> tuple[str, ...]:
        """The codes of the units that stand for ``code`` today: itself, or who follows it; none if nobody takes petitions."""
        if code in self.place_of:
            return (code,)
        if code not in self._successors:
            found = tuple(unit.code for unit in find_open_units(code) if unit.code in self.place_of)
            self._successors[code] = found
        return self._successors[code]

    def with_rules(self, rules: tuple[CompiledRule, ...]) -> "Candidates":
        """The same units under other rules."""
        return Candidates(self.units, rules)


def duties_of(unit: Unit) -> list[str]:
    """The unit's duties, one by one."""
    return [duty.strip() for duty in unit.duties.replace("；", ";").split(";") if duty.strip()]


_lock = Lock()
_held: dict[str, tuple[object, Candidates]] = {}


def candidates() -> Candidates:
    """The candidates of today. Three small queries when nothing has changed."""
    day = today()
    stamp = (day, _stamp_of_units(), _stamp_of_rules())
    with _lock:
        held = _held.get("now")
        if held is None or held[0] != stamp:
            held = (stamp, _read(day))
            _held["now"] = held
    return held[1]


def rules_in_use(day: datetime.date) -> tuple[CompiledRule, ...]:
    """The rules that count on ``day``, ready to be matched."""
    rows = RoutingRule.objects.filter(active=True).select_related("unit").order_by("id")
    return tuple(CompiledRule.of(rule) for rule in rows if rule.holds_on(day))


def _read(day: datetime.date) -> Candidates:
    found = all_units().open(day).filter(accepts_petitions=True).order_by("position", "code")
    return Candidates(tuple(found), rules_in_use(day))


def _stamp_of_units() -> object:
    found = all_units().aggregate(n=Count("pk"), versions=Sum("version"), closed=Count("valid_to"))
    return tuple(found.values()), all_units().order_by("-pk").values_list("uid", flat=True).first()


def _stamp_of_rules() -> object:
    return tuple(RoutingRule.objects.aggregate(n=Count("pk"), versions=Sum("version"), at=Max("changed_at")).values())
