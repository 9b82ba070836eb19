"""What the desk shows of somebody's work items."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from core.models import User
from core.presenters import Count
from internal_bridge.org.permissions import roles_of
from internal_bridge.org.querysets import today
from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.presenters import (
    PRESSING,
    Group,
    ItemRow,
    Query,
    box_of,
    due_groups,
    item_rows,
    substitution_words,
)

SHOWN = 10
READING_SHOWN = 5


@dataclass(frozen=True)
class Figure:
    """A key figure that leads to what it counts. ``look`` is empty, over or soon."""

    label: str
    value: Count
    hint: str
    url: str
    look: str = ""


class WorkSummary:
    """To do, due today, overdue, to read; and the first of what is to be done. As many queries for many items as for few."""

    def __init__(self, person: User) -> None:
        self.person = person

    @cached_property
    def figures(self) -> list[Figure]:
        pressing = Query(box=PRESSING).address
        return [
            Figure(_("To do"), self.total, self._all_hint, Query().address),
            Figure(_("Due today"), self.today, _("until midnight"), pressing, "soon" if self.today else ""),
            Figure(_("Overdue"), self.overdue, _("since yesterday or longer"), pressing, "over" if self.overdue else ""),
            Figure(_("To read"), self.to_read, _("nothing to decide"), Query(box=Box.TOREAD).address),
        ]

    @property
    def few_figures(self) -> list[Figure]:
        """What is to be done and to be read, beside figures that say by when."""
        return [self.figures[0], self.figures[-1]]

    @cached_property
    def total(self) -> Count:
        return Count.of(box_of(self.person, Box.TODO))

    @cached_property
    def today(self) -> Count:
        return Count.of(box_of(self.person, Box.TODO).filter(due_order=today()))

    @cached_property
    def overdue(self) -> Count:
        return Count.of(box_of(self.person, Box.TODO).overdue())

    @cached_property
    def to_read(self) -> Count:
        return Count.of(box_of(self.person, Box.TOREAD))

    @cached_property
    def groups(self) -> list[Group]:
        """The first ten by when they are due."""
        found = box_of(self.person, Box.TODO)
        return due_groups(found, list(found.for_rows(self.person).in_order_of(Box.TODO)[:SHOWN]), self.person)

    @cached_property
    def reading(self) -> list[ItemRow]:
        """The first five to read."""
        found = box_of(self.person, Box.TOREAD).for_rows(self.person).in_order_of(Box.TOREAD)
        return item_rows(found[:READING_SHOWN], self.person)

    @cached_property
    def is_expected(self) -> bool:
        """Whether anything may ever come: to a role, or because something is there already."""
        return bool(roles_of(self.person).roles) or bool(self.total) or bool(self.to_read)

    @cached_property
    def substitutions(self) -> list[str]:
        return substitution_words(self.person)

    @property
    def _all_hint(self) -> str:
        return _("all that is addressed to you") if self.total else _("All done")
