"""Units become one: people and units below move along, the history stays."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.org.messages import announce_closing, announce_unit
from internal_bridge.org.models import Department, Unit
from internal_bridge.org.querysets import today
from internal_bridge.org.services.changes import locked_unit, note, refuse, require_administrator
from internal_bridge.org.services.units import end_unit, place_below

__all__ = ["merge_units"]


def merge_units(*, by: User, codes: list[str], into: str, version: int, on: datetime.date | None = None) -> Unit:
    """Merge the units ``codes`` into the unit ``into``, whose ``version`` the person saw, from the day ``on`` (today).

    Departments move over with their people, those of a name that is there already under their old unit's short name before
    it; units below move over. The merged units end on the day before (a unit of today, today) with ``into`` as successor.
    Grants over a merged unit go on covering what was its own, and nothing of the new one: rights do not grow by themselves.

    Raises ``PermissionDenied``, ``Unit.DoesNotExist``, ``Conflict``, ``StaleVersion``, ``ValidationError``.
    """
    require_administrator(by)
    if into in codes or len(set(codes)) != len(codes) or not codes:
        raise refuse("codes", "itself", _("Choose the units to merge, each once, and another unit to merge them into."))
    first_day = on or today()
    with transaction.atomic():
        target = locked_unit(into, version)
        for code in sorted(codes):
            # Read here: an earlier merger may have moved it.
            _merge(locked_unit(code), target, first_day, by)
        Unit.objects.filter(pk=target.pk).update(version=target.version + 1)
        target.version += 1
        note(subject=target.subject, action="unit.merged", by=by, params={"merged": sorted(codes)})
    return target


def _merge(unit: Unit, target: Unit, first_day: datetime.date, by: User) -> None:
    if target.path.startswith(unit.path):
        # The unit that stays stood below the one that goes: it takes its place.
        place_below(target, unit.parent)
        announce_unit(target)
    for child in Unit.objects.filter(parent=unit, valid_to=None).exclude(pk=target.pk):
        place_below(child, target)
        Unit.objects.filter(pk=child.pk).update(version=child.version + 1)
        note(subject=child.subject, action="unit.moved", by=by, params={"parent": target.code})
        announce_unit(child)
    _move_departments(unit, target)
    last_day = max(unit.valid_from, first_day - datetime.timedelta(days=1))
    unit.refresh_from_db()
    end_unit(unit, last_day, [target])
    note(subject=unit.subject, action="unit.closed", by=by, params={"valid_to": str(last_day), "successors": [target.code]})
    announce_closing(unit)


def _move_departments(unit: Unit, target: Unit) -> None:
    taken = set(target.departments.filter(valid_to=None).values_list("name", flat=True))
    last = target.departments.order_by("-position").values_list("position", flat=True).first() or 0
    for step, department in enumerate(unit.departments.filter(valid_to=None).order_by("position", "id"), 1):
        name = department.name
        if name in taken:
            name = _free_name(f"{unit.short_name}{department.name}", taken)
        taken.add(name)
        Department.objects.filter(pk=department.pk).update(unit=target, name=name, position=last + step)


def _free_name(wanted: str, taken: set[str]) -> str:
    longest = 60
    name, number = wanted[:longest], 2
    while name in taken:
        name, number = f"{wanted[: longest - 4]} {number}", number + 1
    return name
