"""The directory's pages: units in groups, and what is to be said of one."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from petitions.enums import UnitKind
from petitions.models import Unit
from petitions.querysets import UnitQuerySet
from petitions.reply_presenters import newest_replies
from petitions.services import followers
from portal.querysets import ArticleQuerySet

LONGEST_QUERY = 60
LATEST = 5


@dataclass(frozen=True)
class Group:
    """The units of one kind, in the directory's order."""

    key: str
    label: str
    units: list[Unit]


def present_units(units: UnitQuerySet, *, asked: str) -> dict[str, Any]:
    """The directory by kind. What ``asked`` narrows it to also holds closed units: old names are what people remember."""
    asked = asked.strip()[:LONGEST_QUERY]
    found = units.open()
    closed: list[Unit] = []
    if asked:
        found = found.search(asked)
        closed = list(units.closed().search(asked))
    groups = _groups(list(found))
    return {
        "asked": asked,
        "groups": groups,
        "count": sum(len(group.units) for group in groups),
        "closed": closed,
    }


def _groups(units: list[Unit]) -> list[Group]:
    by_kind: dict[str, list[Unit]] = {}
    for unit in units:
        by_kind.setdefault(unit.kind if unit.kind in UnitKind.values else "", []).append(unit)
    groups = [Group(kind.value, str(kind.label), by_kind[kind]) for kind in UnitKind if kind in by_kind]
    return groups + ([Group("other", _("Other units"), by_kind[""])] if "" in by_kind else [])


def present_unit(unit: Unit, *, articles: ArticleQuerySet) -> dict[str, Any]:
    """A unit's page: seven queries, however many units and articles there are, and one for each step of its successors."""
    is_open = unit.is_open()
    return {
        "kind_label": UnitKind(unit.kind).label if unit.kind in UnitKind.values else "",
        "is_open": is_open,
        "is_closed": not is_open and unit.valid_to is not None,
        "takes_letters": is_open and unit.accepts_petitions,
        "duties": [part.strip() for part in re.split(r"[;；\n]", unit.duties) if part.strip()],
        "former_names": list(unit.former_names.all()),
        "superior": Unit.objects.filter(code=unit.parent_code).first() if unit.parent_code else None,
        "subordinates": _groups(list(Unit.objects.open().filter(parent_code=unit.code))),
        "followers": followers(unit) if unit.valid_to else [],
        "articles": list(articles.for_list()[:LATEST]),
        "replies": newest_replies(unit_code=unit.code),
    }
