"""Rights, given and ended. Three administrators are kept apart, and nobody changes their own rights."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.org.enums import SEPARATED_ROLES, Role
from internal_bridge.org.errors import Conflict
from internal_bridge.org.models import Appointment, Grant, Person
from internal_bridge.org.querysets import lasting, today
from internal_bridge.org.services.changes import (
    check_fields,
    check_last_day,
    locked_person,
    locked_unit,
    note,
    refuse,
    require_administrator,
)

__all__ = ["end_grant", "give_grant"]


def give_grant(
    *,
    by: User,
    uid: uuid.UUID,
    role: str,
    unit: str,
    reason: str,
    with_descendants: bool = False,
    appointment_id: int | None = None,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
) -> Grant:
    """Give the person ``uid`` a role over the unit with this code, from ``valid_from`` (today) to ``valid_to``, its last day
    (None: until it is ended); with an appointment, only while that counts.

    Raises ``PermissionDenied``, ``DoesNotExist``, ``ValidationError``, and ``Conflict``: nobody gives themselves a right,
    nobody is two of system, security and audit administrator, now or later (GB/T 22239-2019, 8.1.5).
    """
    require_administrator(by)
    with transaction.atomic():
        # The lock makes two grants to one person wait for each other, so that each sees the other's.
        person, place = locked_person(uid), locked_unit(unit)
        if person.user_id == by.pk:
            raise Conflict("own_rights")
        grant = Grant(
            person=person,
            role=role,
            unit=place,
            with_descendants=with_descendants,
            appointment=_own_appointment(person, appointment_id),
            valid_from=valid_from or today(),
            valid_to=valid_to,
            reason=reason.strip(),
            granted_by=by,
        )
        _check(grant)
        grant.save(force_insert=True)
        note(subject=person.subject, action="grant.given", by=by, params=_params(grant))
    return grant


def end_grant(*, by: User, uid: uuid.UUID) -> Grant:
    """End a right at once: it does not count any more, whatever its last day was.

    Raises ``PermissionDenied``, ``Grant.DoesNotExist``, ``Conflict`` when it has ended, is one's own, or the last of a system
    administrator.
    """
    require_administrator(by)
    with transaction.atomic():
        grant = Grant.objects.select_for_update(of=("self",)).select_related("person", "unit").get(uid=uid)
        if grant.ended_at is not None or (grant.valid_to is not None and grant.valid_to < today()):
            raise Conflict("ended")
        if grant.person.user_id == by.pk:
            raise Conflict("own_rights")
        keep_an_administrator(without=Grant.objects.filter(pk=grant.pk))
        grant.ended_at = timezone.now()
        grant.valid_to = max(grant.valid_from, today())
        grant.save(update_fields=["ended_at", "valid_to"])
        note(subject=grant.person.subject, action="grant.ended", by=by, params=_params(grant))
    return grant


def keep_an_administrator(*, without: QuerySet[Grant]) -> None:
    """Raise ``Conflict`` when no system administrator would be left ``without`` these grants."""
    if not without.filter(role=Role.SYSADMIN).exists():
        return
    # All of them, locked in one order: two who end each other's rights at once must not both succeed.
    held = list(Grant.objects.filter(role=Role.SYSADMIN, ended_at=None).select_for_update(of=("self",)).order_by("pk"))
    counting = set(Grant.objects.counting().filter(pk__in=[grant.pk for grant in held]).values_list("pk", flat=True))
    if not counting - set(without.values_list("pk", flat=True)):
        raise Conflict("last_administrator")


def _check(grant: Grant) -> None:
    check_fields(grant, "role", "reason")
    if grant.valid_to is not None:
        check_last_day(grant.valid_from, grant.valid_to)
    if grant.person.user_id is None:
        raise refuse("person", "no_login", _("Who has no login cannot use a right."))
    if grant.role in SEPARATED_ROLES:
        others = SEPARATED_ROLES - {grant.role}
        held = grant.person.grants.filter(lasting(today()), ended_at=None, role__in=others)
        if held.exists():
            raise Conflict("separated_roles")


def _own_appointment(person: Person, appointment_id: int | None) -> Appointment | None:
    if appointment_id is None:
        return None
    appointment = Appointment.objects.get(pk=appointment_id)
    if appointment.person_id != person.pk:
        raise Conflict("not_own_appointment")
    if appointment.valid_to is not None and appointment.valid_to < today():
        raise Conflict("ended")
    return appointment


def _params(grant: Grant) -> dict[str, Any]:
    return {
        "grant": str(grant.uid),
        "role": grant.role,
        "unit": grant.unit.code,
        "with_descendants": grant.with_descendants,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
    }
