"""Who stands in for whom, in words."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.org.querysets import today
from internal_bridge.workflow.models import Substitution

SHOWN = 30


@dataclass(frozen=True)
class SubstitutionRow:
    """One substitution. ``state`` is running, coming or over."""

    uid: uuid.UUID
    person: str
    substitute: str
    valid_from: datetime.date
    valid_to: datetime.date
    reason: str
    given_by: str
    state: str
    may_end: bool

    @classmethod
    def of(cls, row: Substitution) -> "SubstitutionRow":
        over = row.ended_at is not None or row.valid_to < today()
        state = "over" if over else "coming" if row.valid_from > today() else "running"
        return cls(
            uid=row.uid,
            person=row.person.name,
            substitute=row.substitute.name,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reason=row.reason,
            given_by=row.given_by.get_full_name(),
            state=state,
            may_end=not over,
        )


def substitution_page(person: User) -> dict[str, Any]:
    """The substitutions that ``person`` may see, those that count first: two queries."""
    rows = Substitution.objects.visible_to(person).select_related("person", "substitute", "given_by")
    present = rows.lasting()
    past = rows.exclude(pk__in=present.values("pk"))
    return {
        "present": [SubstitutionRow.of(row) for row in present.order_by("valid_from", "pk")[:SHOWN]],
        "past": [SubstitutionRow.of(row) for row in past.order_by("-valid_to", "-pk")[:SHOWN]],
    }


def substitution_words(person: User) -> list[str]:
    """What holds today or later for ``person``, a sentence each, for the head of the inbox."""
    rows = Substitution.objects.lasting().filter(Q(person__user=person) | Q(substitute__user=person))
    words = []
    for row in rows.select_related("person", "substitute").order_by("valid_from", "pk")[:3]:
        parts = {
            "first": row.valid_from.isoformat(),
            "last": row.valid_to.isoformat(),
            "substitute": row.substitute.name,
            "person": row.person.name,
        }
        own = row.person.user_id == person.pk
        text = (
            _("%(first)s to %(last)s: %(substitute)s stands in for you")
            if own
            else _("%(first)s to %(last)s: you stand in for %(person)s")
        )
        words.append(text % parts)
    return words
