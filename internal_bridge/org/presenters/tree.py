"""机构树: the units of the city as the directory groups them, the chosen one opened."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import User
from core.text import pinyin_of
from internal_bridge.org.enums import UnitKind
from internal_bridge.org.models import Appointment, Department, Unit
from internal_bridge.org.querysets import counting, lasting, today

# Of a longer group, this many units stand open around the chosen one; the others fold.
SHOWN = 6
COUNTIES = {UnitKind.COUNTY, UnitKind.DEVELOPMENT_ZONE}


@dataclass(frozen=True)
class Node:
    """A unit or a department in the tree."""

    label: str
    url: str
    count: str
    current: bool = False
    leaf: bool = False
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Branch:
    """A group of units: some in sight, the others folded. Without a label its units stand on the first level."""

    label: str
    count: str
    open: bool
    shown: list[Node]
    rest: list[Node]

    @property
    def more(self) -> str:
        return ngettext("%(n)d other unit", "%(n)d other units", len(self.rest)) % {"n": len(self.rest)}


def number(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


class Tree:
    """The tree for one page: three queries however many units and people there are, four with a unit chosen."""

    def __init__(self, person: User, *, unit: Unit | None, department: Department | None) -> None:
        self.unit, self.department = unit, department
        self.units = list(Unit.objects.visible_to(person).open().order_by("position", "code"))
        self.children = defaultdict(list)
        for each in self.units:
            self.children[each.parent_id].append(each)
        self.people = people_by_unit()
        self.open_codes = set(unit.path.strip("/").split("/")) if unit else set()

    def branches(self) -> list[Branch]:
        roots = self.children[None]
        top = [unit for root in roots for unit in self.children[root.pk]] if roots else []
        offices = [unit for unit in top if unit.kind == UnitKind.LEADING_OFFICE]
        counties = [unit for unit in top if unit.kind in COUNTIES]
        townships = [unit for unit in self.units if unit.kind == UnitKind.TOWNSHIP]
        apart = {UnitKind.LEADING_OFFICE, UnitKind.TOWNSHIP, *COUNTIES}
        direct = [unit for unit in top if unit.kind not in apart]
        return [
            Branch(label="", count="", open=True, shown=[self._node(unit) for unit in offices], rest=[]),
            *(
                self._branch(label, units)
                for label, units in (
                    (_("Units of the city"), direct),
                    (_("Districts, counties and zones"), counties),
                    (_("Townships and subdistricts"), townships),
                )
                if units
            ),
        ]

    def matching(self, text: str) -> list[Unit]:
        """Open units whose short name begins so in pinyin or initials."""
        latin = "".join(text.lower().split())
        if len(latin) < 2 or not latin.isascii():
            return []
        return [unit for unit in self.units if any(word.startswith(latin) for word in latin_words(unit.short_name))]

    def _branch(self, label: str, units: list[Unit]) -> Branch:
        chosen = next((place for place, unit in enumerate(units) if unit.code in self.open_codes), None)
        start = 0 if chosen is None else max(0, min(chosen - SHOWN // 2, len(units) - SHOWN))
        near = range(start, start + SHOWN) if len(units) > SHOWN * 2 else range(len(units))
        nodes = [self._node(unit) for unit in units]
        return Branch(
            label=label,
            count=ngettext("%(n)d unit", "%(n)d units", len(units)) % {"n": len(units)},
            open=chosen is not None,
            shown=[node for place, node in enumerate(nodes) if place in near],
            rest=[node for place, node in enumerate(nodes) if place not in near],
        )

    def _node(self, unit: Unit) -> Node:
        return Node(
            label=unit.short_name,
            url=f"{reverse('org:directory')}?unit={unit.code}",
            count=number(self.people.get(unit.pk, 0)),
            current=self.unit == unit and self.department is None,
            children=self._below(unit) if unit.code in self.open_codes else [],
        )

    def _below(self, unit: Unit) -> list[Node]:
        """The departments of the chosen unit, and units below that stand in no group of their own."""
        units = [self._node(child) for child in self.children[unit.pk] if child.kind != UnitKind.TOWNSHIP]
        return (self._departments(unit) if unit == self.unit else []) + units

    def _departments(self, unit: Unit) -> list[Node]:
        address = f"{reverse('org:directory')}?unit={unit.code}&department="
        return [
            Node(
                label=department.name,
                url=f"{address}{department.pk}",
                count=number(department.people),  # type: ignore[attr-defined]
                current=self.department == department,
                leaf=True,
            )
            for department in departments_of(unit)
        ]


def departments_of(unit: Unit) -> list[Department]:
    """The open departments of ``unit``, each with ``people``: how many hold a post in it today."""
    present = counting(today(), "posts__appointments__")
    people = Count("posts__appointments__person", filter=present, distinct=True)
    rows = Department.objects.filter(lasting(today()), unit=unit)
    return list(rows.annotate(people=people).order_by("position", "id"))


def people_by_unit() -> dict[int, int]:
    """How many people hold a post in each unit today, by the unit's key."""
    rows = Appointment.objects.counting().filter(Q(person__left_on=None) | Q(person__left_on__gte=today()))
    grouped = rows.order_by().values_list("post__department__unit").annotate(people=Count("person", distinct=True))
    return dict(grouped)


@lru_cache(maxsize=2_000)
def latin_words(name: str) -> tuple[str, ...]:
    """How ``name`` may be typed in Latin letters: whole, by initials, and both without a leading 市."""
    read = [pinyin_of(each) for each in {name, name.removeprefix("市")}]
    return tuple(word for pinyin, initials in read for word in (pinyin.replace(" ", ""), initials))
