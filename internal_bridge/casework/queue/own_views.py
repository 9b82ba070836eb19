"""Views of one's own: a name for a filter. Deleting one can be undone for ten minutes."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.idempotency import once
from core.models import User
from internal_bridge.casework.models import SavedView
from internal_bridge.casework.queue.asked import MOST_OWN_VIEWS

NAME_LENGTH = 20
UNDO_WITHIN = datetime.timedelta(minutes=10)

__all__ = ["NAME_LENGTH", "delete_view", "restore_view", "save_view"]


def save_view(*, by: User, name: str, query: str, key: str | None) -> SavedView:
    """Keep ``query``, the canonical address of a list, under ``name``.

    Raises ``ValidationError`` of the field ``name`` (missing, too long, taken, too many views), ``InvalidKey``, ``KeyReused``.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise ValidationError({"name": _("Give the view a name of 1 to %(n)d characters.") % {"n": NAME_LENGTH}})

    def effect(_prepared: None) -> dict[str, Any]:
        own = SavedView.objects.filter(owner=by, deleted_at=None)
        if own.filter(name=name).exists():
            raise ValidationError({"name": _("You have a view of this name already.")})
        if own.count() >= MOST_OWN_VIEWS:
            words = _("You have %(n)d views of your own already. Delete one first.") % {"n": MOST_OWN_VIEWS}
            raise ValidationError({"name": words})
        return {"view": SavedView.objects.create(owner=by, name=name, query=query[:1_000], created_at=timezone.now()).pk}

    scope = f"user:{by.uid} casework.save_view"
    answer = once(scope=scope, key=key, fields={"name": name, "query": query}, prepare=lambda: None, effect=effect)
    return SavedView.objects.get(pk=answer["view"])


def delete_view(*, by: User, pk: int) -> SavedView:
    """Take one's own view away. Raises ``SavedView.DoesNotExist``, also for another's."""
    view = SavedView.objects.get(pk=pk, owner=by)
    SavedView.objects.filter(pk=pk, deleted_at=None).update(deleted_at=timezone.now())
    return view


def restore_view(*, by: User, pk: int) -> SavedView:
    """Bring back a view that was just deleted. Raises ``SavedView.DoesNotExist``; ``ValidationError`` when its name has been
    given again."""
    view = SavedView.objects.get(pk=pk, owner=by, deleted_at__gt=timezone.now() - UNDO_WITHIN)
    if SavedView.objects.filter(owner=by, name=view.name, deleted_at=None).exists():
        raise ValidationError({"name": _("You have a view of this name already.")})
    SavedView.objects.filter(pk=pk).update(deleted_at=None)
    return view
