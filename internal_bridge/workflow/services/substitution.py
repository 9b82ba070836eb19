"""委托代办: for some days somebody sees what is addressed to another person, and acts for them."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.events import record_event
from core.idempotency import once
from core.models import User
from internal_bridge.org.enums import SEPARATED_ROLES
from internal_bridge.org.permissions import roles_of
from internal_bridge.org.querysets import today
from internal_bridge.org.services import Person
from internal_bridge.workflow.addressing import standings_of
from internal_bridge.workflow.errors import Conflict
from internal_bridge.workflow.models import Substitution
from internal_bridge.workflow.permissions import can_substitute_others

__all__ = ["LONGEST", "REASON_LENGTH", "end_substitution", "principals_of", "substitute"]

REASON_LENGTH = (2, 200)
LONGEST = datetime.timedelta(days=366)


def substitute(
    *,
    by: User,
    person: uuid.UUID,
    substitute: uuid.UUID,
    valid_from: datetime.date,
    valid_to: datetime.date,
    reason: str,
    key: str | None,
) -> Substitution:
    """Let the person ``substitute`` stand in for ``person`` from one day to another, both included.

    That does everybody for themselves, and the system administrator for somebody on leave; never in favour of oneself. Raises
    ``PermissionDenied``, ``Person.DoesNotExist``, ``KeyReused``, ``Conflict``, and ``ValidationError`` by field.
    """
    principal = Person.objects.select_related("user").get(uid=person)
    if principal.user_id != by.pk and not can_substitute_others(by):
        raise PermissionDenied
    fields = {
        "person": str(person),
        "substitute": str(substitute),
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat(),
        "reason": reason.strip(),
    }
    answer = once(
        scope=f"user:{by.uid} workflow.substitute",
        key=key,
        fields=fields,
        prepare=lambda: None,
        effect=lambda _prepared: _substitute(by, person, substitute, valid_from, valid_to, reason.strip()),
    )
    return Substitution.objects.get(uid=answer["uid"])


def end_substitution(*, by: User, uid: uuid.UUID) -> Substitution:
    """End it at once: by who is stood in for, the substitute, or the system administrator.

    Raises ``Substitution.DoesNotExist`` for what the person may not know of, and ``Conflict`` when it has ended.
    """
    with transaction.atomic():
        rows = Substitution.objects.visible_to(by).select_related("person", "substitute").select_for_update(of=("self",))
        row = rows.get(uid=uid)
        if row.ended_at is not None or row.valid_to < today():
            raise Conflict("ended")
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        _note(row, "substitution.ended", by)
    return row


def principals_of(user: User) -> list[User]:
    """The logins of those whom ``user`` stands in for today; for a feature whose rights follow the substitution."""
    others = [standing.person.user for standing in standings_of(user).of if standing.until is not None]
    return [other for other in others if other is not None]


def _substitute(
    by: User, person: uuid.UUID, other: uuid.UUID, valid_from: datetime.date, valid_to: datetime.date, reason: str
) -> dict[str, Any]:
    # The lock makes two substitutions of one person wait for each other.
    principal = Person.objects.select_for_update(of=("self",)).select_related("user").get(uid=person)
    stand_in = Person.objects.select_related("user").get(uid=other)
    if principal.pk == stand_in.pk:
        raise Conflict("himself")
    if principal.user_id != by.pk and stand_in.user_id == by.pk:
        raise Conflict("own_rights")
    _check(stand_in, valid_from, valid_to, reason)
    if Substitution.objects.filter(
        person=principal, ended_at=None, valid_from__lte=valid_to, valid_to__gte=valid_from
    ).exists():
        raise Conflict("overlapping")
    # GB/T 22239-2019, 8.1.5: system, security and audit management stay apart.
    if len(SEPARATED_ROLES & (roles_of(principal.user).roles | roles_of(stand_in.user).roles)) > 1:
        raise Conflict("separated_roles")
    row = Substitution.objects.create(
        person=principal,
        substitute=stand_in,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        given_by=by,
        created_at=timezone.now(),
    )
    _note(row, "substitution.given", by)
    return {"uid": str(row.uid)}


def _check(stand_in: Person, valid_from: datetime.date, valid_to: datetime.date, reason: str) -> None:
    errors: dict[str, str] = {}
    if valid_to < valid_from:
        errors["valid_to"] = _("The last day is before the first.")
    elif valid_to < today():
        errors["valid_to"] = _("These days are over.")
    elif valid_to - valid_from > LONGEST:
        errors["valid_to"] = _("At most one year at a time.")
    here = stand_in.left_on is None or stand_in.left_on >= valid_to
    if stand_in.user is None or not stand_in.user.is_active or not here:
        errors["substitute"] = _("This person cannot log in during these days.")
    shortest, longest = REASON_LENGTH
    if not shortest <= len(reason) <= longest:
        errors["reason"] = _("Enter %(shortest)d to %(longest)d characters.") % {"shortest": shortest, "longest": longest}
    if errors:
        raise ValidationError(errors)


def _note(row: Substitution, action: str, by: User) -> None:
    params = {
        "person": row.person.name,
        "substitute": row.substitute.name,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat(),
    }
    codes = {**params, "person": str(row.person.uid), "substitute": str(row.substitute.uid)}
    record_event(subject=row.subject, name=action.partition(".")[2], at=timezone.now(), actor=by, params=codes)
    record_audit(action=action, subject=row.subject, actor=by, params=params)
