"""认领: of several who are addressed, one takes an item; the others see who has it."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.events import record_event
from core.idempotency import once
from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of
from internal_bridge.org.querysets import today
from internal_bridge.workflow.addressing import Standing, standing_of_person, standings_of
from internal_bridge.workflow.enums import ItemKind, ItemState
from internal_bridge.workflow.errors import AlreadyClaimed, Conflict, StaleVersion
from internal_bridge.workflow.models import WorkItem

__all__ = ["claim_item", "release_item"]


def claim_item(*, by: User, uid: uuid.UUID, version: int, key: str | None) -> WorkItem:
    """Take an item that is addressed to several, as a substitute for whom it is addressed to. ``version`` is what
    ``by`` saw.

    Raises ``WorkItem.DoesNotExist`` for what the person may not know of, ``PermissionDenied`` for who is not addressed,
    ``KeyReused``, ``Conflict`` (closed, addressed to one person), ``AlreadyClaimed``, ``StaleVersion``, in that order.
    """
    _addressed(by, WorkItem.objects.visible_to(by).select_related("unit").get(uid=uid))
    _once("claim", by, uid, version, key, _claim)
    return WorkItem.objects.visible_to(by).for_rows(by).get(uid=uid)


def release_item(*, by: User, uid: uuid.UUID, version: int, key: str | None) -> WorkItem:
    """Give an item back to all who are addressed. That may who has taken it or a substitute for them, the head of the unit, and
    any addressee when who has taken it has left or holds the role no more.

    Raises as ``claim_item``, ``Conflict`` (closed, not taken, taken by somebody else).
    """
    WorkItem.objects.visible_to(by).get(uid=uid)
    _once("release", by, uid, version, key, _release)
    return WorkItem.objects.visible_to(by).for_rows(by).get(uid=uid)


def _once(verb: str, by: User, uid: uuid.UUID, version: int, key: str | None, act: Any) -> None:
    once(
        scope=f"user:{by.uid} workflow.{verb}:{uid}",
        key=key,
        fields={"version": version},
        prepare=lambda: None,
        effect=lambda _: act(by, uid, version),
    )


def _claim(by: User, uid: uuid.UUID, version: int) -> dict[str, Any]:
    item = _locked(by, uid)
    standing = _addressed(by, item)
    if item.state != ItemState.OPEN:
        raise Conflict("closed")
    if item.person_id is not None or item.kind != ItemKind.DO:
        raise Conflict("not_claimable")
    holder = item.claimed_by
    if holder is not None and holder.pk not in standings_of(by).people and _still_holds(item):
        raise AlreadyClaimed(holder.name)
    if item.version != version:
        raise StaleVersion(item.version)
    item.claimed_by, item.claimed_at = standing.person, timezone.now()
    return _keep(item, "claimed", by, standing)


def _release(by: User, uid: uuid.UUID, version: int) -> dict[str, Any]:
    item = _locked(by, uid)
    if item.state != ItemState.OPEN:
        raise Conflict("closed")
    if item.claimed_by is None:
        raise Conflict("not_claimed")
    own = item.claimed_by_id in standings_of(by).people
    if not own and not roles_of(by).covers(Role.HEAD, item.unit.path) and _still_holds(item):
        raise Conflict("others_claim", name=item.claimed_by.name)
    if item.version != version:
        raise StaleVersion(item.version)
    standing = standings_of(by).whose(item)
    item.claimed_by = item.claimed_at = None
    return _keep(item, "released", by, standing)


def _keep(item: WorkItem, name: str, by: User, standing: Standing | None) -> dict[str, Any]:
    item.version += 1
    item.save(update_fields=["claimed_by", "claimed_at", "version"])
    params: dict[str, Any] = {"app": item.app, "source": str(item.source), "step": item.step}
    if standing is not None and standing.until is not None:
        params["for"] = str(standing.person.uid)
    record_event(subject=item.subject, name=name, at=timezone.now(), actor=by, params=params)
    return {"version": item.version}


def _locked(by: User, uid: uuid.UUID) -> WorkItem:
    rows = WorkItem.objects.visible_to(by).select_related("unit", "claimed_by__user")
    return rows.select_for_update(of=("self",)).get(uid=uid)


def _addressed(by: User, item: WorkItem) -> Standing:
    standing = standings_of(by).whose(item)
    if standing is None:
        raise PermissionDenied
    return standing


def _still_holds(item: WorkItem) -> bool:
    """Whether who has taken ``item`` is still there and addressed."""
    person = item.claimed_by
    if person is None or person.user is None or not person.user.is_active:
        return False
    here = person.left_on is None or person.left_on >= today()
    return here and standing_of_person(person, person.user).addresses(item)
