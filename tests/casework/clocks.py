"""An office whose clock is moved: what it is told, what lies in the boxes, what the petitioner hears."""

import contextlib
import datetime
import json
from collections.abc import Iterator
from typing import Any

import time_machine

from core.events import events_of
from core.workdays import BEIJING
from internal_bridge.casework.models import Case, ClockNotice
from internal_bridge.casework.tasks import sweep_clocks
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.workflow.models import WorkItem
from tests.casework.office import LEAD
from tests.casework.situations import Standing

HANDLER, HEAD = f"handler.{LEAD}", f"head.{LEAD}"


@contextlib.contextmanager
def moment(date: str, time: str = "10:00:00") -> Iterator[None]:
    """It is then, in Beijing."""
    with time_machine.travel(datetime.datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=BEIJING), tick=False):
        yield


def sweep(date: str, time: str = "10:00:00") -> dict[str, int]:
    """What one sweep does then."""
    with moment(date, time):
        return {name: found for name, found in sweep_clocks().items() if found}


def taken(town: Standing, on: str, *steps: tuple[str, str], assisting: tuple[str, ...] = (), **letter: Any) -> Case:
    """A petition that is accepted and dispatched on the day it comes, and then goes ``steps``."""
    with moment(on, "09:00:00"):
        case = town.office.register(town.peer, **letter)
        case = town.do("dispatcher", "accept", case, complexity="simple")
        case = town.do("dispatcher", "dispatch", case, lead_unit=LEAD, assisting_units=list(assisting))
        for who, action in steps:
            case = town.do(who, action, case)
    return Case.objects.get(pk=case.pk)


def signed(town: Standing, on: str, **letter: Any) -> Case:
    """A petition that is being handled since the day it came."""
    return taken(town, on, (HANDLER, "sign"), **letter)


def due(case: Case, stage: str = "answer") -> str:
    """The last day of a limit that runs."""
    return case.clocks.get(stage=stage, stopped_at=None).due_on.isoformat()


def notices(case: Case) -> list[tuple[str, str, str]]:
    """What the clock has said: of which stage, what, and for which day it was meant; in the order in which it did."""
    rows = ClockNotice.objects.filter(clock__case=case).select_related("clock").order_by("pk")
    return [(row.clock.stage, row.kind, row.due_on.isoformat()) for row in rows]


def to_read(case: Case) -> set[tuple[str, str, str]]:
    """What lies before whom because of a limit."""
    rows = WorkItem.objects.open().filter(source=case.uid, kind="read").select_related("unit")
    steps = ("limit_near", "limit_passed", "dispatch_late", "sign_late", "opinion_late", "follow_up")
    return {(row.step, row.role, row.unit.code) for row in rows if row.step in steps}


def told(case: Case, event: str) -> list[dict[str, Any]]:
    """What the petitioner hears of ``event``."""
    rows = OutgoingMessage.objects.filter(stream__name=case.subject, type__endswith="case.status.v1").order_by("seq")
    rows = rows if rows.exists() else OutgoingMessage.objects.filter(stream__name=case.subject).order_by("seq")
    data = [json.loads(bytes(row.payload))["data"] for row in rows]
    return [each for each in data if each.get("event") == event]


def happened(case: Case, *names: str) -> list[str]:
    """Which of these events the case's course has."""
    return [event.name for event in events_of(case.subject) if event.name in names]
