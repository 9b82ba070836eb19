"""Several people work on several cases at once, at random: no illegal state, no lost work item, no double event.

``LONG=1`` makes it search for longer.
"""

import datetime
import os
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from core.events import events_of
from core.idempotency import KeyReused, new_key
from core.models import User
from core.workdays import BEIJING, local_date, next_working_day
from internal_bridge.casework.enums import Action
from internal_bridge.casework.models import Case, ClockNotice
from internal_bridge.casework.services import (
    InvalidFields,
    Refused,
    StaleVersion,
    WrongState,
    add_exclusion,
    ask_withdrawal,
    lift_exclusion,
    perform_action,
    supplement_case,
)
from internal_bridge.casework.tasks import sweep_clocks
from internal_bridge.org.models import Person
from tests.casework.expected import (
    ANSWERED,
    BEFORE_ANSWERED,
    CLOSED,
    FIELDS,
    OF_ASSISTING,
    TABLE,
    WITH_UNITS,
    Situation,
)
from tests.casework.office import ASSISTING, LEAD, OTHER
from tests.casework.situations import Standing
from tests.casework.sound import check_the_rows, check_the_way, check_the_work, check_who_knows
from tests.workflow.sources import know_cases

pytestmark = [pytest.mark.django_db, pytest.mark.db]

LONG = os.environ.get("LONG") == "1"
UNITS = (LEAD, ASSISTING, OTHER)
PEOPLE = (
    "dispatcher",
    "dispatcher.zfb",
    "inspector",
    "inspector.zfb",
    *(f"{role}.{code}" for role in ("handler", "head") for code in UNITS),
)
HOME = {"dispatcher": "xfj", "dispatcher.zfb": "zfb", "inspector": "jjw", "inspector.zfb": "zfb"}
HOME |= {f"{role}.{code}": code for role in ("handler", "head") for code in UNITS}
ENDING = ("refuse", "redirect", "agree_withdrawal")
# Lead and assisting units.
DISPATCHES = ((LEAD,), (LEAD, ASSISTING), (OTHER, LEAD, ASSISTING), (ASSISTING, OTHER))
NOT_DONE = (Case.DoesNotExist, PermissionDenied, WrongState, StaleVersion, Refused, InvalidFields)

cases = st.integers(0, 3)
people = st.sampled_from(PEOPLE)
actions = st.sampled_from(Action.values)


class Office(RuleBasedStateMachine):
    """What is known of each case besides its rows: its version, and how many events there must be."""

    def __init__(self, town: Standing) -> None:
        super().__init__()
        self.town = town
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()
        letters: list[dict[str, Any]] = [{}, {"kind": "report", "about_unit_code": "xfj", "allow_publication": False}]
        self.cases = [town.bring(Situation("in_progress", "signed")), town.bring(Situation("dispatched", also="by rule"))]
        self.cases += [town.office.register(town.peer, **letter) for letter in letters]
        self.versions = [case.version for case in self.cases]
        self.events = [events_of(case.subject).count() for case in self.cases]
        # How often the clock has spoken of it.
        self.said = [0] * len(self.cases)
        self.last: tuple[Any, ...] | None = None

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(which=cases, choices=st.lists(st.integers(0, 59), min_size=3, max_size=12))
    def go_on(self, which: int, choices: list[int]) -> None:
        """One after another does something that the state allows, and that does not end the case at once."""
        for choice in choices:
            case = self.fresh(which)
            doers = [(who, action) for action, (by, sources, _to) in TABLE.items() if case.state in sources for who in by]
            if case.state in WITH_UNITS:
                doers += [(who, action) for action, (by, _from, _to) in OF_ASSISTING.items() for who in by]
            doers = [(who, action) for who, action in doers if action not in ENDING]
            if doers:
                who, action = doers[choice % len(doers)]
                logins = self.logins(who, case)
                self.act(which, logins[choice % len(logins)], action, choice)

    @rule(which=cases, who=people, action=actions, choice=st.integers(0, 59))
    def try_anything(self, which: int, who: str, action: str, choice: int) -> None:
        self.act(which, who, action, choice)

    @rule(which=cases, who=people, action=actions, behind=st.sampled_from([-1, 1]))
    def act_on_what_one_saw_before(self, which: int, who: str, action: str, behind: int) -> None:
        before = self.fresh(which)
        with pytest.raises(NOT_DONE), transaction.atomic():
            self.perform(before, who, action, FIELDS.get(action, {}), before.version + behind, None)
        self.look(which, before, "", done=False)

    @rule()
    def send_the_same_again(self) -> None:
        """A form that was sent twice: nothing more happens, or it is not theirs to know any more."""
        if self.last is None:
            return
        which, who, action, fields, version, key = self.last
        before = self.fresh(which)
        try:
            with transaction.atomic():
                self.perform(before, who, action, fields, version, key)
        except (Case.DoesNotExist, PermissionDenied):
            pass
        with pytest.raises((KeyReused, Case.DoesNotExist, PermissionDenied)), transaction.atomic():
            self.perform(before, who, action, fields, version + 1, key)
        self.look(which, before, "", done=False)

    @rule(which=cases)
    def add_something(self, which: int) -> None:
        """The petitioner writes: the case stays as it is."""
        before = self.fresh(which)
        content = {"text": "补充照片一张。", "attachments": []}
        supplement_case(uid=str(before.uid), at=timezone.now(), in_reply_to=None, content=content)
        self.events[which] += 1
        self.look(which, before, "", done=False)

    @rule(which=cases)
    def ask_to_withdraw(self, which: int) -> None:
        before = self.fresh(which)
        ask_withdrawal(uid=str(before.uid), at=timezone.now(), content={"reason": "已经解决"})
        self.events[which] += 1
        self.versions[which] += before.state in BEFORE_ANSWERED
        self.look(which, before, "", done=False)

    @rule(which=cases, score=st.sampled_from([1, 5]))
    def rate(self, which: int, score: int) -> None:
        """The petitioner rates the latest answer; the first rating of an answer counts."""
        before = self.fresh(which)
        reply = before.replies.last()
        if reply is None:
            return
        is_new = not hasattr(reply, "rating")
        self.town.rate(before, score)
        self.events[which] += is_new
        self.versions[which] += is_new and score == 1 and before.state in (ANSWERED, CLOSED)
        self.look(which, before, "", done=False)

    @rule(which=cases)
    def ask_for_review(self, which: int) -> None:
        before = self.fresh(which)
        if not before.replies.exists():
            return
        self.town.ask_for_review(before)
        self.events[which] += 1
        self.versions[which] += before.state in (ANSWERED, CLOSED)
        self.look(which, before, "", done=False)

    @rule(which=cases, who=st.sampled_from(["dispatcher", "dispatcher.zfb", f"handler.{LEAD}"]),
          whom=st.sampled_from(["xfj", "jjw", OTHER, f"handler.{LEAD}", f"head.{ASSISTING}"]))  # fmt: skip
    def keep_out(self, which: int, who: str, whom: str) -> None:
        before, target = self.fresh(which), {"unit_code": whom}
        if "." in whom:
            target = {"staff_uid": Person.objects.get(user__username=whom).uid}
        try:
            with transaction.atomic():
                add_exclusion(
                    person=self.user(who), number=before.number, version=before.version, reason="亲属关系", key=None, **target
                )
        except NOT_DONE:
            self.look(which, before, "", done=False)
        else:
            self.counted(which)
            self.look(which, before, "", done=False)

    @rule(which=cases, who=st.sampled_from(["dispatcher", "dispatcher.zfb"]))
    def let_in(self, which: int, who: str) -> None:
        before = self.fresh(which)
        exclusion = before.exclusions.counting().first()
        if exclusion is None:
            return
        given = {"number": before.number, "version": before.version, "reason": "已经查明", "key": None}
        try:
            with transaction.atomic():
                lift_exclusion(person=self.user(who), exclusion_id=exclusion.pk, **given)
        except NOT_DONE:
            pass
        else:
            self.counted(which)
        self.look(which, before, "", done=False)

    @rule(days=st.sampled_from([0, 1, 17]))
    def sweep(self, days: int) -> None:
        """On a working day that comes the clock does what is due, and a second sweep finds nothing.

        Of itself it only lets go on, and closes.
        """
        morning = next_working_day(local_date(timezone.now()) + datetime.timedelta(days=days))
        self.time.move_to(datetime.datetime.combine(morning, datetime.time(10), BEIJING))
        self.last = None
        before = [self.fresh(which) for which in range(len(self.cases))]
        sweep_clocks()
        done = [events_of(case.subject).count() for case in before]
        assert not any(sweep_clocks().values())
        for which, case in enumerate(before):
            after = self.fresh(which)
            assert after.state == case.state or (case.state, after.state) == ("answered", "closed")
            assert after.paused_at in (None, case.paused_at)
            moved = (after.state, after.paused_at) != (case.state, case.paused_at)
            assert after.version == case.version + moved
            # Each notice is an event, and so is what the clock has done.
            said = ClockNotice.objects.filter(clock__case=case).count()
            assert done[which] == self.events[which] + said - self.said[which] + moved
            assert case.paused_at is not None or after.due_on == case.due_on or moved
            self.versions[which], self.events[which], self.said[which] = after.version, done[which], said
            self.look(which, after, "", done=False)

    @rule(hours=st.sampled_from([1, 24, 72, 400]))
    def wait(self, hours: int) -> None:
        self.time.shift(datetime.timedelta(hours=hours))
        if hours >= 24:
            # A key is known for a day.
            self.last = None

    def act(self, which: int, who: str, action: str, choice: int) -> None:
        """``who`` does it with what fits, seeing the case as it is."""
        before, fields, key = self.fresh(which), dict(FIELDS.get(action, {})), new_key()
        if action == "pause" and choice % 2:
            # One that the clock ends.
            fields["reason"] = "waiting_for_petitioner"
        if action == "dispatch":
            lead, *helpers = DISPATCHES[choice % len(DISPATCHES)]
            fields = {"lead_unit": lead, "assisting_units": helpers}
        try:
            with transaction.atomic():
                self.perform(before, who, action, fields, before.version, key)
        except NOT_DONE:
            self.look(which, before, action, done=False)
        else:
            self.counted(which)
            self.last = (which, who, action, fields, before.version, key)
            self.look(which, before, action, done=True)

    def perform(self, case: Case, who: str, action: str, fields: dict[str, Any], version: int, key: str | None) -> Case:
        return perform_action(
            person=self.user(who), number=case.number, action=Action(action), version=version, fields=fields, key=key
        )

    def look(self, which: int, before: Case, action: str, *, done: bool) -> None:
        """What must hold after every step."""
        case = self.fresh(which)
        assert case.version == self.versions[which], (action, case.version)
        assert events_of(case.subject).count() == self.events[which], action
        if done:
            check_the_way(before.state, action, case.state)
        else:
            assert case.state == before.state
        check_the_rows(case)
        check_the_work(case, [self.user("dispatcher"), self.user("dispatcher.zfb")])
        check_who_knows(case, {self.user(who): HOME[who] for who in PEOPLE})

    def logins(self, who: str, case: Case) -> list[str]:
        """Who that may be: of the units that have the case, or any dispatcher."""
        if who == "dispatcher":
            return ["dispatcher", "dispatcher.zfb"]
        part, _, role = who.rpartition(" ")
        rows = [row for row in case.assignments.select_related("unit") if row.part == ("assisting" if part else "lead")]
        return [f"{role}.{row.unit.code}" for row in rows] or [f"{role}.{LEAD}"]

    def counted(self, which: int) -> None:
        self.versions[which] += 1
        self.events[which] += 1

    def fresh(self, which: int) -> Case:
        return Case.objects.get(pk=self.cases[which].pk)

    def user(self, who: str) -> User:
        return self.town.people[who]


def test_whatever_people_do_a_case_stays_sound(standing_office: Standing) -> None:
    know_cases()
    run_state_machine_as_test(
        lambda: Office(standing_office),
        settings=settings(
            max_examples=200 if LONG else 12,
            stateful_step_count=60 if LONG else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=not LONG,
            # A failure is told with its steps as they are: to shorten them takes minutes.
            phases=[Phase.generate],
        ),
    )
