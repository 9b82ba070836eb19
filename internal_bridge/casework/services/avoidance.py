"""Who is kept out of a case: the accused at once, others by hand (信访工作条例 2022 §30; the petition's own words)."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.events import record_event
from core.idempotency import once
from core.models import User
from internal_bridge.casework.enums import EntryKind
from internal_bridge.casework.life.act import InvalidFields, Refused, StaleVersion
from internal_bridge.casework.life.waiting import free_what_cannot_be_seen, settle_items
from internal_bridge.casework.models import Case, CaseEntry, CaseExclusion
from internal_bridge.casework.permissions import is_dispatcher_of_case, present_assignments
from internal_bridge.org.enums import Role
from internal_bridge.org.querysets import PersonQuerySet
from internal_bridge.org.services import Person, Unit, all_people, find_open_units, find_unit, home_units

# Whose own case goes to deputies, with their whole unit.
OVERSEEING = (Role.DISPATCHER, Role.INSPECTOR)


def keep_accused_out(case: Case, *, at: datetime.datetime) -> None:
    """Exclude whom the petition complains of, in the transaction that registers it.

    A unit with all below it, or whoever follows it; everybody named, in that unit, or in every unit where none is given (04).
    Where a dispatcher or inspector of the city is among them, their unit keeps out as a whole: deputies elsewhere take it.
    """
    accused = find_open_units(case.about_unit_code)
    for unit in accused:
        # Of the city itself everybody is a part: a petition about it keeps nobody in particular out.
        if unit.parent_id is not None:
            CaseExclusion.objects.create(case=case, unit=unit, added_at=at)
    if not case.about_person:
        return
    named = _people_named(case.about_person)
    if accused:
        for unit in accused:
            for person in named.in_unit(unit):
                CaseExclusion.objects.get_or_create(case=case, person=person, lifted_at=None, defaults={"added_at": at})
        return
    names = set(named.values_list("name", flat=True)) or {case.about_person[:60]}
    CaseExclusion.objects.bulk_create(CaseExclusion(case=case, person_name=name, added_at=at) for name in sorted(names))
    for unit in home_units(named.holding(*OVERSEEING)):
        CaseExclusion.objects.create(case=case, unit=unit, added_at=at)


def add_exclusion(
    *,
    person: User,
    number: str,
    version: int,
    reason: str,
    key: str | None,
    unit_code: str = "",
    staff_uid: uuid.UUID | None = None,
) -> Case:
    """Keep a unit, or somebody, out of a case by a dispatcher's decision. ``staff_uid`` names a person of the directory.

    Raises ``Case.DoesNotExist``, ``PermissionDenied``, ``StaleVersion``, ``Refused`` (``unit_has_it``) and ``InvalidFields``.
    """

    def effect(case: Case) -> dict[str, Any]:
        unit, somebody = _target(unit_code, staff_uid)
        if unit and unit.parent_id is None:
            raise InvalidFields({"unit": [_("Everybody belongs to the city itself. Name the unit that is meant.")]})
        if unit and any(held.unit.path.startswith(unit.path) for held in present_assignments(case)):
            raise Refused("unit_has_it")
        CaseExclusion.objects.get_or_create(
            case=case, unit=unit, person=somebody, lifted_at=None, defaults={"added_at": timezone.now(), "added_by": person}
        )
        if somebody is not None and case.handler_id == somebody.pk:
            case.handler = None
        return {"unit": unit.code if unit else "", "person": str(somebody.uid) if somebody else ""}

    fields = {"unit": unit_code, "person": str(staff_uid or ""), "reason": reason}
    return _decide(person, number, version, reason, key, "excluded", fields, effect)


def lift_exclusion(
    *,
    person: User,
    number: str,
    version: int,
    exclusion_id: int,
    reason: str,
    key: str | None,
    staff_uid: uuid.UUID | None = None,
) -> Case:
    """Lift one, or let it apply to the person meant alone, where a name has kept out everybody who bears it.

    Raises as ``add_exclusion``, and ``CaseExclusion.DoesNotExist``.
    """

    def effect(case: Case) -> dict[str, Any]:
        exclusion = case.exclusions.counting().get(pk=exclusion_id)
        exclusion.lifted_at, exclusion.lifted_by = timezone.now(), person
        exclusion.save(update_fields=["lifted_at", "lifted_by"])
        if staff_uid is not None:
            _unit, somebody = _target("", staff_uid)
            CaseExclusion.objects.get_or_create(
                case=case, person=somebody, lifted_at=None, defaults={"added_at": timezone.now(), "added_by": person}
            )
        return {"exclusion": exclusion.pk, "person": str(staff_uid or "")}

    fields = {"exclusion": exclusion_id, "person": str(staff_uid or ""), "reason": reason}
    return _decide(person, number, version, reason, key, "exclusion_lifted", fields, effect)


def _decide(
    person: User, number: str, version: int, reason: str, key: str | None, event: str, fields: dict[str, Any], effect: Any
) -> Case:
    case = Case.objects.visible_to(person).get(number=number)
    if not is_dispatcher_of_case(person, case):
        raise PermissionDenied

    def apply(_prepared: None) -> dict[str, Any]:
        locked = Case.objects.visible_to(person).select_for_update(of=("self",)).get(number=number)
        if locked.version != version:
            raise StaleVersion(locked.version)
        if len(reason.strip()) < 2:
            raise InvalidFields({"reason": [_("Give a reason.")]})
        now = timezone.now()
        params = effect(locked)
        entry = CaseEntry.objects.create(
            case=locked, kind=EntryKind.EXCLUSION, text=reason.strip(), author=person, at=now, round=locked.round
        )
        locked.version += 1
        locked.save()
        record_event(subject=locked.subject, name=event, at=now, actor=person, params=params | {"entry": entry.pk})
        record_audit(action=f"case.{event}", subject=locked.subject, actor=person, params=params | {"number": number})
        settle_items(locked, by=person, at=now)
        free_what_cannot_be_seen(locked)
        return {"case": locked.pk}

    scope = f"user:{person.uid} casework.{event}:{number}"
    answer = once(scope=scope, key=key, fields=fields | {"version": version}, prepare=lambda: None, effect=apply)
    return Case.objects.get(pk=answer["case"])


def _target(unit_code: str, staff_uid: uuid.UUID | None) -> tuple[Unit | None, Person | None]:
    unit = find_unit(unit_code)
    somebody = all_people().filter(uid=staff_uid).first() if staff_uid else None
    if unit is None and somebody is None:
        raise InvalidFields({"unit" if unit_code else "person": [_("Nobody in the directory is called so.")]})
    return (unit, None) if unit else (None, somebody)


def _people_named(text: str) -> PersonQuerySet:
    """The people whose name occurs in what the petitioner wrote: 王伟, 副局长王伟."""
    return all_people().in_office().annotate(written=Value(text)).filter(written__contains=F("name"))
