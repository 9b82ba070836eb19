"""What work items are about: each feature registers how its matters look and who may know of them.

Work items never import features. An item whose app nobody has registered, or whose source the person may not know of, is not
there for that person: it is neither listed nor counted nor found.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from core.models import User

__all__ = [
    "Presented",
    "SourceType",
    "found_sources",
    "is_visible",
    "labels",
    "present_sources",
    "register_source",
    "step_label",
    "visible_sources",
]


@dataclass(frozen=True)
class Presented:
    """A matter in a list of work items. ``step_label`` is filled from ``SourceType.step_label`` when it is left empty."""

    title: str
    url: str
    number: str = ""
    subtitle: str = ""
    step_label: str = ""


class SourceType(ABC):
    """How the matters of one app look in the inbox."""

    app: str  # the app's label

    @abstractmethod
    def visible(self, person: User) -> "QuerySet[Any] | None":
        """The rows that ``person`` may know of, with a field ``uid`` (``Case.objects.visible_to(person)``); None: nothing.

        It becomes a part of the boxes' SQL, so that lists and counts obey it.
        """

    @abstractmethod
    def present(self, uids: set[uuid.UUID], person: User) -> dict[uuid.UUID, Presented]:
        """The matters ``uids`` as ``person`` sees them, in a constant number of queries. What is missing is not shown."""

    def step_label(self, step: str) -> str:
        """What a step is called, in one or two words (审核, 转办)."""
        return step

    def search(self, person: User, text: str) -> "QuerySet[Any] | None":
        """Of the visible rows those that ``text`` (title, number, unit) finds; None: they cannot be searched."""
        return None


_types: dict[str, SourceType] = {}


def register_source(source_type: SourceType) -> None:
    """Make an app's matters known; called once by its ``AppConfig.ready()``."""
    _types[source_type.app] = source_type


def labels() -> dict[str, str]:
    """The registered apps and what they are called."""
    return {app: str(apps.get_app_config(app).verbose_name) for app in _types}


def visible_sources(person: User) -> Q:
    """The items whose matters ``person`` may know of."""
    return _among({app: source_type.visible(person) for app, source_type in _types.items()})


def is_visible(app: str, uid: uuid.UUID, person: User) -> bool:
    """Whether ``person`` may know of this matter."""
    known = _types[app].visible(person) if app in _types else None
    return known is not None and known.filter(uid=uid).exists()


def found_sources(person: User, text: str) -> Q:
    """The items whose matters ``text`` finds for ``person``."""
    return _among({app: source_type.search(person, text) for app, source_type in _types.items()})


def present_sources(wanted: Iterable[tuple[str, uuid.UUID]], person: User) -> dict[tuple[str, uuid.UUID], Presented]:
    """Each (app, uid) as ``person`` sees it; one question for each app."""
    by_app: dict[str, set[uuid.UUID]] = {}
    for app, uid in wanted:
        by_app.setdefault(app, set()).add(uid)
    return {
        (app, uid): presented
        for app, uids in by_app.items()
        if app in _types
        for uid, presented in _types[app].present(uids, person).items()
    }


def step_label(app: str, step: str) -> str:
    """What a step of an app is called."""
    return _types[app].step_label(step) if app in _types else step


def _among(rows: "dict[str, QuerySet[Any] | None]") -> Q:
    # EXISTS by the unique uid of each item: an IN would first write down every matter that the person may know of. And a CASE,
    # which no index serves: the box's own index narrows far better than the app does.
    # The second condition says nothing new: with it PostgreSQL cannot put all matters into a hash table for a page of 25.
    this = {"uid": OuterRef("source"), "uid__lte": OuterRef("source")}
    known = [When(app=app, then=Exists(matters.filter(**this))) for app, matters in rows.items() if matters is not None]
    return Q(Case(*known, default=Value(False), output_field=BooleanField())) if known else Q(pk__in=[])
