"""A work item in a list, and what stands beside it when it is chosen."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import User
from core.workdays import local_date
from internal_bridge.org.enums import Role
from internal_bridge.org.permissions import roles_of
from internal_bridge.org.querysets import today
from internal_bridge.policies.enums import DayKind, Light
from internal_bridge.policies.presenters import DueText, due_words
from internal_bridge.policies.services import light_of
from internal_bridge.workflow.addressing import Standings, standings_of
from internal_bridge.workflow.enums import ItemKind, ItemState
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.registry import Presented, present_sources, step_label

# Longer limits are spoken of in days, as the law that sets them does.
IN_WORKING_DAYS = datetime.timedelta(days=31)


@dataclass(frozen=True)
class ItemRow:
    """A work item as one person sees it. ``url`` is its own page, ``matter`` that of what it is about."""

    uid: uuid.UUID
    pk: int
    kind: str
    step_code: str
    step: str
    title: str
    subtitle: str
    number: str
    url: str
    matter: str
    unit: str
    unit_code: str
    due_on: datetime.date | None
    due: DueText
    light: Light
    urgent: bool
    unread: bool
    urged: int
    taken_by: str | None
    acting_for: str
    version: int
    created_at: datetime.datetime

    @classmethod
    def of(cls, item: Any, presented: Presented, standings: Standings) -> "ItemRow":
        """``item`` comes from ``WorkItemQuerySet.for_rows``."""
        closed = item.state != ItemState.OPEN
        return cls(
            uid=item.uid,
            pk=item.pk,
            kind=item.kind,
            step_code=item.step,
            step=presented.step_label or step_label(item.app, item.step),
            title=presented.title,
            subtitle=presented.subtitle,
            number=presented.number,
            url=reverse("workflow:item", args=[item.uid]),
            matter=presented.url,
            unit=item.unit.short_name,
            unit_code=item.unit.code,
            due_on=item.due_on,
            due=_due(item),
            light=light_of(item.due_on, today=today(), ended=closed),
            urgent=item.urgent,
            unread=not closed and not item.opened,
            urged=item.urged,
            taken_by=item.claimed_by.name if item.claimed_by else None,
            acting_for=_acting_for(item, standings),
            version=item.version,
            created_at=item.created_at,
        )


@dataclass(frozen=True)
class UrgingLine:
    at: datetime.datetime
    who: str
    text: str


@dataclass(frozen=True)
class Reader:
    """The chosen item: what it is, who has it, who has urged it, and what may be done with it here."""

    row: ItemRow
    addressee: str
    closed_at: datetime.datetime | None
    closed_by: str
    closed_for: str
    urgings: list[UrgingLine]
    may_claim: bool
    may_release: bool
    may_mark_read: bool


def item_rows(items: Iterable[Any], person: User) -> list[ItemRow]:
    """The rows of ``items`` that ``person`` may see; a constant number of queries besides the one for ``items``."""
    rows = list(items)
    shown = present_sources({(item.app, item.source) for item in rows}, person)
    standings = standings_of(person)
    return [ItemRow.of(item, shown[key], standings) for item in rows if (key := (item.app, item.source)) in shown]


def reader_of(item: Any, person: User) -> Reader | None:
    """What the reading pane shows; None when the matter is not there for ``person``."""
    rows = item_rows([item], person)
    if not rows:
        return None
    is_open = item.state == ItemState.OPEN
    standings = standings_of(person)
    shared = is_open and item.kind == ItemKind.DO and item.person_id is None
    mine = item.claimed_by_id in standings.people
    return Reader(
        row=rows[0],
        addressee=_addressee(item),
        closed_at=item.closed_at,
        closed_by=item.closed_by.get_full_name() if item.closed_by else "",
        closed_for=item.closed_for.name if item.closed_for else "",
        urgings=[UrgingLine(urging.at, urging.by.get_full_name(), urging.text) for urging in item.urgings.select_related("by")],
        may_claim=shared and item.claimed_by is None and standings.whose(item) is not None,
        may_release=shared and item.claimed_by is not None and (mine or roles_of(person).covers(Role.HEAD, item.unit.path)),
        may_mark_read=is_open and item.kind == ItemKind.READ and standings.whose(item) is not None,
    )


def _due(item: WorkItem) -> DueText:
    ended_on = local_date(item.closed_at) if item.closed_at else None
    far = item.due_on is not None and item.due_on - today() > IN_WORKING_DAYS
    day_kind = DayKind.CALENDAR if far else DayKind.WORKING
    return due_words(item.due_on, today=today(), day_kind=day_kind, ended_on=ended_on)


def _acting_for(item: WorkItem, standings: Standings) -> str:
    standing = standings.whose(item)
    return standing.person.name if standing is not None and standing.until is not None else ""


def _addressee(item: WorkItem) -> str:
    if item.person:
        return item.person.name
    if item.post:
        return _("%(unit)s, %(post)s") % {"unit": item.unit.short_name, "post": item.post.name}
    return _("%(unit)s, %(role)s") % {"unit": item.unit.short_name, "role": Role(item.role).label}
