"""What the page of a unit shows."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.events import events_of
from core.models import User
from core.presenters import Count
from internal_bridge.org.enums import Role
from internal_bridge.org.models import Grant, Person, Unit
from internal_bridge.org.permissions import can_administer_directory
from internal_bridge.org.presenters.happenings import Happening
from internal_bridge.org.presenters.tree import departments_of
from internal_bridge.org.querysets import today

# The duties of a unit stand in one text, apart by semicolons, as they come in.
APART = str.maketrans({"；": ";", "\n": ";"})
TIMELINE_SHOWN = 50


def duties_of(unit: Unit) -> list[str]:
    return [duty for part in unit.duties.translate(APART).split(";") if (duty := part.strip())]


def unit_page(unit: Unit, viewer: User) -> dict[str, Any]:
    """The context of a unit's page; its number of queries does not depend on the number of people."""
    codes = unit.path.strip("/").split("/")[:-1]
    above = {each.code: each for each in Unit.objects.filter(code__in=codes)}
    superiors = [above[code] for code in codes if code in above]
    return {
        "unit": unit,
        "closed": unit.valid_to is not None and unit.valid_to < today(),
        "superiors": superiors,
        "superior": superiors[-1] if superiors else None,
        "duties": duties_of(unit),
        "departments": departments_of(unit),
        "below": list(Unit.objects.open().filter(parent=unit).order_by("position", "code")),
        "people": Count.of(Person.objects.in_office().in_unit(unit, with_descendants=False)),
        "heads": _heads(unit),
        "former_names": list(unit.former_names.order_by("-valid_to", "-id")),
        "successors": [each.successor for each in unit.successions.select_related("successor")],
        "predecessors": [each.unit for each in unit.predecessions.select_related("unit")],
        "timeline": [Happening.of(event) for event in events_of(unit.subject)][::-1][:TIMELINE_SHOWN],
        "may_administer": can_administer_directory(viewer),
    }


def _heads(unit: Unit) -> list[dict[str, str]]:
    """Who holds the role of a head over this very unit."""
    grants = Grant.objects.counting().filter(unit=unit, role=Role.HEAD).values("person")
    people = Person.objects.in_office().filter(pk__in=grants).with_appointments()
    return [
        {
            "name": person.name,
            "url": reverse("org:person", args=[person.uid]),
            "post": _("no post") if not person.present else person.present[0].post.name,  # type: ignore[attr-defined]
            "phone": person.office_phone,
        }
        for person in people
    ]
