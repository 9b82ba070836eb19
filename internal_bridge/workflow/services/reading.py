"""To have looked at an item, and to have read what was sent to be read."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.models import User
from internal_bridge.workflow.addressing import standings_of
from internal_bridge.workflow.enums import ItemKind, ItemState, Outcome
from internal_bridge.workflow.errors import Conflict
from internal_bridge.workflow.models import WorkItem, WorkItemOpening

__all__ = ["mark_read", "note_opening"]


def mark_read(*, by: User, uid: uuid.UUID) -> WorkItem:
    """Close an item to read: ``by`` has read it, or has for whom they stand in. A second time changes nothing.

    What is addressed to a post or a role is read by the first who reads it. Raises ``WorkItem.DoesNotExist`` for what they may
    not know of, ``PermissionDenied`` for who is not addressed, ``Conflict`` for what is to be done and not to be read.
    """
    with transaction.atomic():
        rows = WorkItem.objects.visible_to(by).select_related("unit").select_for_update(of=("self",))
        item = rows.get(uid=uid)
        if item.kind != ItemKind.READ:
            raise Conflict("not_to_read")
        if item.state == ItemState.OPEN:
            standing = standings_of(by).whose(item)
            if standing is None:
                raise PermissionDenied
            person = standing.person if standing.until is not None else None
            WorkItem.objects.filter(pk=item.pk).update(
                state=ItemState.DONE,
                outcome=Outcome.DONE,
                closed_at=timezone.now(),
                closed_by=by,
                closed_for=person,
                version=F("version") + 1,
            )
            item.refresh_from_db()
    return item


def note_opening(*, by: User, item: WorkItem) -> None:
    """Remember that ``by`` has looked at ``item``, so that it is not marked as new for them any more."""
    WorkItemOpening.objects.bulk_create([WorkItemOpening(item=item, user=by, at=timezone.now())], ignore_conflicts=True)
