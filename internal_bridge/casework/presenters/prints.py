"""A case as it is put into the file: everything that was said and done, and who wrote as far as that is not sealed."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import User
from core.workdays import local_date
from internal_bridge.casework.enums import CaseChannel
from internal_bridge.casework.life.standing import clock_state
from internal_bridge.casework.models import Case, CaseClock
from internal_bridge.casework.presenters.petitioner import MaskedPetitioner
from internal_bridge.casework.presenters.timeline import plain_course
from internal_bridge.org.services import all_units
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.presenters import explain


@dataclass(frozen=True)
class LimitLine:
    """A limit and how it was kept."""

    stage: str
    unit: str
    due_on: datetime.date
    state: str
    how: str

    @classmethod
    def of(cls, clock: CaseClock, case: Case, today: datetime.date) -> "LimitLine":
        words = {"running": _("running"), "paused": _("paused"), "met": _("kept"), "overdue": _("overdue")}
        return cls(
            stage=str(Stage(clock.stage).label),
            unit=clock.assignment.unit.name if clock.assignment else "",
            due_on=clock.due_on,
            state=words[clock_state(case, clock, today)],
            how=" ".join(explain(clock.explanation)),
        )


def case_sheet(case: Case, person: User) -> dict[str, Any]:
    """The context of the printed case."""
    today = local_date(timezone.now())
    codes = [code for code in (case.unit_code, case.about_unit_code) if code]
    names = dict(all_units().filter(code__in=codes).values_list("code", "name")) if codes else {}
    clocks = case.clocks.filter(dropped=False).select_related("assignment__unit")
    return {
        "case": case,
        "channel": CaseChannel(case.channel).label,
        "petitioner": MaskedPetitioner.of(case),
        "unit_named": names.get(case.unit_code, ""),
        "unit_accused": names.get(case.about_unit_code, ""),
        "attachments": case.attachments.all(),
        "assignments": case.assignments.select_related("unit", "handler"),
        "limits": [LimitLine.of(clock, case, today) for clock in clocks],
        "entries": case.entries.readable_by(person, case).select_related("author", "unit"),
        "replies": case.replies.select_related("unit"),
        "timeline": plain_course(case),
        "printed_by": person.get_full_name(),
        "printed_at": timezone.now(),
    }
