"""Units: made, changed, renamed, moved, merged, closed. The portal is told of each in the same transaction."""

import datetime
import re
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.org.errors import Conflict
from internal_bridge.org.messages import LONGEST_DUTIES, announce_closing, announce_unit
from internal_bridge.org.models import Appointment, Unit, UnitName, UnitSuccession
from internal_bridge.org.querysets import today
from internal_bridge.org.services.changes import (
    assign,
    check_fields,
    check_last_day,
    locked_unit,
    note,
    refuse,
    require_administrator,
)

__all__ = ["change_unit", "close_unit", "create_unit", "move_unit", "rename_unit"]

CODE = re.compile(r"[a-z0-9-]{2,32}", re.ASCII)
CHANGEABLE = {"short_name", "second_name", "kind", "duties", "accepts_petitions", "duty_phone", "position"}
LONGEST_PATH = 400


def create_unit(
    *,
    by: User,
    code: str,
    name: str,
    short_name: str,
    kind: str,
    parent: str | None = None,
    valid_from: datetime.date | None = None,
    **others: Any,
) -> Unit:
    """A new unit below ``parent`` (a code; None at the top), from ``valid_from`` on (today). ``others`` as for ``change_unit``.

    Raises ``PermissionDenied``, ``Unit.DoesNotExist`` for the parent, ``Conflict`` when that is closed, ``ValidationError``.
    """
    require_administrator(by)
    with transaction.atomic():
        above = locked_unit(parent) if parent else None
        unit = Unit(code=code, parent=above, valid_from=valid_from or today())
        assign(unit, {"short_name": short_name, "kind": kind, **others}, CHANGEABLE)
        unit.name, unit.path = name, f"{above.path if above else ''}{code}/"
        check_code(code)
        check_unit(unit)
        unit.save(force_insert=True)
        note(subject=unit.subject, action="unit.created", by=by, params={"parent": parent})
        announce_unit(unit)
    return unit


def change_unit(*, by: User, code: str, version: int, changes: dict[str, Any]) -> Unit:
    """Change what is not name or place: short name, second name, kind, duties, petitions, duty phone, position.

    Raises ``PermissionDenied``, ``Unit.DoesNotExist``, ``Conflict``, ``StaleVersion``, ``ValidationError``.
    """
    require_administrator(by)
    with transaction.atomic():
        unit = locked_unit(code, version)
        if differing := assign(unit, changes, CHANGEABLE):
            check_unit(unit)
            _save(unit, *differing)
            note(subject=unit.subject, action="unit.changed", by=by, params={"fields": differing})
            announce_unit(unit)
    return unit


def rename_unit(*, by: User, code: str, version: int, name: str, short_name: str, on: datetime.date | None = None) -> Unit:
    """Give a unit a new name from the day ``on`` (today); the former one is kept with its days.

    Raises as ``change_unit``.
    """
    require_administrator(by)
    with transaction.atomic():
        unit = locked_unit(code, version)
        if (unit.name, unit.short_name) != (name, short_name):
            keep_name(unit, on or today())
            unit.name, unit.short_name = name, short_name
            check_unit(unit)
            _save(unit, "name", "short_name")
            note(subject=unit.subject, action="unit.renamed", by=by, params={"on": (on or today()).isoformat()})
            announce_unit(unit)
    return unit


def keep_name(unit: Unit, on: datetime.date) -> None:
    """Keep the present name as a former one, whose last day is the one before ``on``."""
    last = unit.former_names.order_by("-valid_to").first()
    first = last.valid_to + datetime.timedelta(days=1) if last else unit.valid_from
    # A name that is replaced on its first day was a slip; it is kept all the same, with that day.
    until = max(first, on - datetime.timedelta(days=1))
    UnitName.objects.create(unit=unit, name=unit.name, short_name=unit.short_name, valid_from=first, valid_to=until)


def move_unit(*, by: User, code: str, version: int, parent: str | None) -> Unit:
    """Put a unit, with all below it, below another. Raises as ``change_unit``, ``Conflict`` for a place below itself."""
    require_administrator(by)
    with transaction.atomic():
        above = locked_unit(parent) if parent else None
        unit = locked_unit(code, version)
        if unit.parent_id != (above.pk if above else None):
            place_below(unit, above)
            unit.version += 1
            unit.save(update_fields=["version"])
            note(subject=unit.subject, action="unit.moved", by=by, params={"parent": parent})
            announce_unit(unit)
    return unit


def place_below(unit: Unit, above: Unit | None) -> None:
    """Change parent and path of ``unit``, and the paths of all below it, inside the caller's transaction."""
    if above is not None and above.path.startswith(unit.path):
        raise Conflict("below_itself")
    old, new = unit.path, f"{above.path if above else ''}{unit.code}/"
    if len(new) > LONGEST_PATH:
        raise refuse("parent", "too_deep", _("There are too many levels above this unit."))
    below = Unit.objects.filter(path__startswith=old).exclude(pk=unit.pk)
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.parent, unit.path = above, new
    Unit.objects.filter(pk=unit.pk).update(parent=above, path=new)


def close_unit(*, by: User, code: str, version: int, valid_to: datetime.date, successors: list[str] | None = None) -> Unit:
    """Close a unit after its last day ``valid_to``; ``successors`` are the codes of who follows it, none after an abolition.

    Its departments and posts end too. Raises as ``change_unit``; ``Conflict`` while there are open units below it or people in
    its posts.
    """
    require_administrator(by)
    with transaction.atomic():
        unit = locked_unit(code, version)
        following = [locked_unit(successor) for successor in successors or []]
        if unit in following:
            raise refuse("successors", "itself", _("A unit does not follow itself."))
        if Unit.objects.filter(parent=unit, valid_to=None).exists():
            raise Conflict("units_below")
        if Appointment.objects.filter(post__department__unit=unit, valid_to=None).exists():
            raise Conflict("people_remain")
        end_unit(unit, valid_to, following)
        note(subject=unit.subject, action="unit.closed", by=by, params=_closing(unit, following))
        announce_closing(unit)
    return unit


def end_unit(unit: Unit, valid_to: datetime.date, following: list[Unit]) -> None:
    """Write down the last day and the successors, and end departments and posts, inside the caller's transaction."""
    check_last_day(unit.valid_from, valid_to)
    unit.valid_to = valid_to
    _save(unit, "valid_to")
    on = valid_to + datetime.timedelta(days=1)
    UnitSuccession.objects.bulk_create(UnitSuccession(unit=unit, successor=successor, on=on) for successor in following)
    for department in unit.departments.filter(valid_to=None):
        department.posts.filter(valid_to=None).update(valid_to=valid_to)
    unit.departments.filter(valid_to=None).update(valid_to=valid_to)


def _closing(unit: Unit, following: list[Unit]) -> dict[str, Any]:
    return {"valid_to": str(unit.valid_to), "successors": [successor.code for successor in following]}


def check_code(code: str) -> None:
    """Raise ``ValidationError`` for a code that has not the form or was ever given."""
    if not CODE.fullmatch(code):
        raise refuse("code", "form", _("A code has 2 to 32 of the characters a–z, 0–9 and the hyphen."))
    if Unit.objects.filter(code=code).exists():
        raise refuse("code", "taken", _("This code has been given to a unit before. Codes are never given again."))


def check_unit(unit: Unit) -> None:
    """Raise ``ValidationError`` by field for what the row, or the message to the portal, could not hold."""
    check_fields(unit, "name", *CHANGEABLE)
    if len(unit.duties) > LONGEST_DUTIES:
        raise refuse("duties", "too_long", _("Duties have at most 2,000 characters."))
    if unit.position > 100_000:
        raise refuse("position", "too_large", _("The position is a number up to 100,000."))
    if len(unit.path) > LONGEST_PATH:
        raise refuse("parent", "too_deep", _("There are too many levels above this unit."))


def _save(unit: Unit, *fields: str) -> None:
    Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1, **{name: getattr(unit, name) for name in fields})
    unit.version += 1
