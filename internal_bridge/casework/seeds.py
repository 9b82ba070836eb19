"""Demo data of the office's side; everything goes through the services, so it obeys every rule."""

import datetime
import json
import time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.events import events_of
from core.models import User
from core.workdays import BEIJING, ONE_DAY, local_date, next_working_day
from internal_bridge.casework.enums import TAKEN_DOWN, Action, Actor, CaseState
from internal_bridge.casework.life.engine import perform_automatically
from internal_bridge.casework.models import Case
from internal_bridge.casework.services import ask_withdrawal, intake_case, perform_action
from internal_bridge.policies.enums import Stage

__all__ = ["answer_demo_case", "take_demo_calls"]

# Invented calls and visits: when, what was said, and what the office has done with it, so that every state can be seen.
CALLS = Path(__file__).parent / "demo" / "calls.json"
CLERK = "dispatcher"
PETITIONER, CLOCK = "petitioner", "clock"
# On which working day after the receipt something is done, if that is over; what is not here is done with what comes before it.
WORKING_DAYS = {
    Action.SIGN: 1,
    Action.RETURN: 1,
    Action.ASK_PETITIONER: 2,
    Action.GIVE_OPINION: 2,
    Action.PAUSE: 2,
    Action.DRAFT_REPLY: 3,
    Action.REQUEST_EXTENSION: 3,
    Action.GRANT_EXTENSION: 4,
    Action.PUBLISH: 4,
    Action.ANSWER_PRIVATELY: 4,
    Action.WITHDRAW_PUBLICATION: 6,
    Action.REHANDLE: 6,
}
BETWEEN = datetime.timedelta(minutes=20)

TITLE = "外地媳妇户口迁入要哪些材料"
UNIT = "gaj"
REPLY = (
    "您好。户口迁入按“先迁入地、后迁出地”办理：请先向右岭区您爱人户口所在的派出所申请，凭双方身份证、户口簿、结婚证开具《准迁证》，"
    "再凭《准迁证》到娘家派出所办理迁出。夫妻投靠已可跨省通办：在右岭区派出所一次申请，由两地派出所在网上流转，您不用再跑外省。"
    "您行动不便，可由您爱人持委托书代办。如窗口再要求您先去外省开证，请拨打12345，我们即时协调。"
)
# From the register to the answer: who does what, with what.
STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("dispatcher", Action.ACCEPT, {}),
    ("dispatcher", Action.DISPATCH, {"lead_unit": UNIT, "note": "请说明先后手续，写明能否网上办理。"}),
    (f"handler.{UNIT}", Action.SIGN, {}),
    (f"handler.{UNIT}", Action.DRAFT_REPLY, {"text": REPLY, "public_text": REPLY}),
    (f"head.{UNIT}", Action.APPROVE, {"opinion": "同意。"}),
    ("dispatcher", Action.ANSWER_PRIVATELY, {}),
]


def answer_demo_case(*, patience: float) -> Case | None:
    """Walk the demo petition through the office once it has crossed the bridge; an answered one stays as it is.

    Waits at most ``patience`` seconds; None when it has not come by then.
    """
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        case = Case.objects.filter(title=TITLE).first()
        if case is not None:
            return _walk(case, STEPS) if case.state == CaseState.REGISTERED else case
        time.sleep(0.2)
    return None


def take_demo_calls() -> int:
    """Take the demo calls down and walk each through the office; how many. Those that are there already stay as they are."""
    known = set(Case.objects.filter(channel__in=TAKEN_DOWN).values_list("title", flat=True))
    calls = [call for call in json.loads(CALLS.read_text(encoding="utf-8")) if call["fields"]["title"] not in known]
    now = timezone.now()
    # The oldest first, so that the register's numbers rise with the days.
    for call in sorted(calls, key=lambda call: call["days_ago"], reverse=True):
        # Whole or not at all: what is broken off is begun anew.
        with transaction.atomic():
            _take(call, _hour_of(now, call["days_ago"]))
    return len(calls)


def _hour_of(now: datetime.datetime, days_ago: int) -> datetime.datetime:
    """A moment in office hours some days ago; today it is now."""
    if not days_ago:
        return now
    day = timezone.localtime(now) - datetime.timedelta(days=days_ago)
    return day.replace(hour=9 + days_ago % 8, minute=days_ago * 7 % 60)


def _take(call: dict[str, Any], at: datetime.datetime) -> None:
    clerk = User.objects.get(username=CLERK)
    receipt = intake_case(person=clerk, fields=call["fields"], key=None, at=at)
    _walk(Case.objects.get(number=receipt.number), call["path"])


def _walk(case: Case, steps: list[Any]) -> Case:
    for username, action, fields in steps:
        fresh = Case.objects.get(pk=case.pk)
        at = _moment_of(fresh, action)
        if username == PETITIONER:
            ask_withdrawal(uid=str(case.uid), at=at, content={"reason": fields["text"]})
        elif username == CLOCK:
            perform_automatically(fresh, Action(action), actor=Actor.CLOCK, fields=fields, at=at)
        else:
            person = User.objects.get(username=username)
            perform_action(
                person=person, number=case.number, action=Action(action), version=fresh.version, fields=fields, key=None, at=at
            )
    return Case.objects.get(pk=case.pk)


def _moment_of(case: Case, action: str) -> datetime.datetime:
    """When a step of the past was taken: some days after the receipt, not before the last one, and not later than now."""
    last = events_of(case.subject).latest("pk").at
    day = local_date(case.received_at)
    if action == Action.CLOSE:
        day = case.clocks.get(stage=Stage.CLOSING, stopped_at=None).due_on + ONE_DAY
    for _number in range(WORKING_DAYS.get(Action(action), 0) if action in Action.values else 0):
        day = next_working_day(day)
    morning = datetime.datetime.combine(day, datetime.time(9, 30), BEIJING)
    return min(max(morning, last + BETWEEN), timezone.now())
