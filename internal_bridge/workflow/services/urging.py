"""催办: asking for an item to be dealt with, with limits, so that it keeps its weight."""

import datetime
from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.events import NewEvent, record_events
from core.idempotency import once
from core.models import User
from core.workdays import BEIJING, local_date
from internal_bridge.org.services import Unit
from internal_bridge.workflow.enums import ItemKind
from internal_bridge.workflow.errors import Conflict, TooSoon
from internal_bridge.workflow.models import Urging, WorkItem
from internal_bridge.workflow.registry import is_visible
from internal_bridge.workflow.services.items import Source

__all__ = ["PAUSE", "PER_DAY", "URGE_LENGTH", "urge_items"]

URGE_LENGTH = 200
# One person urges an item once in this time, all together this often a day.
PAUSE = datetime.timedelta(hours=4)
PER_DAY = 3


def urge_items(
    *, by: User, source: Source, text: str, key: str | None, steps: Collection[str] | None = None, unit: Unit | None = None
) -> int:
    """Urge what is open of ``source``, with ``steps`` only these, with ``unit`` only there; how many items were urged.

    Whether somebody may urge is for the feature to say; here they must be able to know of the matter. Items that were urged
    lately are left out. Raises ``WorkItem.DoesNotExist`` for a matter that ``by`` may not know of, ``ValueError`` for more than
    200 characters, ``KeyReused``, ``Conflict`` when nothing is open, ``TooSoon`` when none may be urged yet.
    """
    text = text.strip()
    if not is_visible(source.app, source.uid, by):
        raise WorkItem.DoesNotExist
    if len(text) > URGE_LENGTH:
        raise ValueError(f"an urging has at most {URGE_LENGTH} characters")
    fields = {"text": text, "steps": sorted(steps) if steps is not None else None, "unit": unit.code if unit else None}
    answer = once(
        scope=f"user:{by.uid} workflow.urge:{source.app}:{source.uid}",
        key=key,
        fields=fields,
        prepare=lambda: None,
        effect=lambda _: _urge(by, source, text, steps, unit),
    )
    return int(answer["urged"])


def _urge(by: User, source: Source, text: str, steps: Collection[str] | None, unit: Unit | None) -> dict[str, Any]:
    items = WorkItem.objects.open().filter(app=source.app, source=source.uid, kind=ItemKind.DO)
    if steps is not None:
        items = items.filter(step__in=steps)
    if unit is not None:
        items = items.filter(unit=unit)
    with transaction.atomic():
        rows = list(items.select_for_update(of=("self",)).order_by("pk"))
        if not rows:
            raise Conflict("closed")
        now = timezone.now()
        waits = _waits(rows, by, now)
        ready = [item for item in rows if item.pk not in waits]
        if not ready:
            raise TooSoon(min(waits.values()))
        Urging.objects.bulk_create(Urging(item=item, by=by, at=now, text=text) for item in ready)
        record_events(
            NewEvent(
                subject=item.subject,
                name="urged",
                actor=by,
                params={"app": item.app, "source": str(item.source), "step": item.step},
            )
            for item in ready
        )
    return {"urged": len(ready)}


def _waits(items: list[WorkItem], by: User, now: datetime.datetime) -> dict[int, datetime.datetime]:
    """Until when the items that may not be urged yet have to wait."""
    midnight = datetime.datetime.combine(local_date(now), datetime.time(), BEIJING)
    lately = Urging.objects.filter(item__in=items, at__gt=min(midnight, now - PAUSE)).values_list("item", "by", "at")
    waits: dict[int, datetime.datetime] = {}
    today: Counter[int] = Counter()
    for item, who, at in lately:
        today[item] += at >= midnight
        if who == by.pk and at > now - PAUSE:
            waits[item] = max(waits.get(item, at), at + PAUSE)
    for item, times in today.items():
        if times >= PER_DAY:
            waits[item] = max(waits.get(item, midnight), midnight + datetime.timedelta(days=1))
    return waits
