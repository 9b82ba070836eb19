"""Several people at random: whatever they do, no item is there twice, lost, or with two addressees."""

from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from internal_bridge.workflow.enums import Box, ItemKind
from internal_bridge.workflow.models import Substitution, WorkItem
from internal_bridge.workflow.services import (
    Conflict,
    Source,
    StaleVersion,
    ToPerson,
    ToPost,
    ToRole,
    claim_item,
    close_items,
    end_substitution,
    mark_read,
    open_item,
    release_item,
    substitute,
    urge_items,
)
from tests.workflow.conftest import Town, days

pytestmark = [pytest.mark.django_db, pytest.mark.db]

NAMES = ("li", "wang", "zhao", "lin", "sun", "city")
STEPS = ("sign", "handle", "note")
# What is refused has changed nothing.
REFUSALS = (Conflict, StaleVersion, PermissionDenied, ValidationError, WorkItem.DoesNotExist)
people, steps, sources, rounds = st.sampled_from(NAMES), st.sampled_from(STEPS), st.integers(0, 2), st.integers(1, 2)


class Office(RuleBasedStateMachine):
    """Opens, takes, gives back, closes, urges, reads and stands in; remembers what must still be open."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.open: set[int] = set()
        self.steps = 0
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self) -> None:
        self.look_into_the_boxes()
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def source(self, number: int) -> Source:
        return self.town.sources[number]

    def item(self, place: int) -> WorkItem:
        """One of all items, open or closed; an unknown one before there are any."""
        rows = list(WorkItem.objects.order_by("pk"))
        return rows[place % len(rows)] if rows else WorkItem()

    def try_to(self, act: Any) -> bool:
        try:
            with transaction.atomic():
                act()
        except REFUSALS:
            return False
        return True

    @rule(source=sources, step=steps, round=rounds, whom=people, way=st.sampled_from(["role", "person", "post"]))
    def open_one(self, source: int, step: str, round: int, whom: str, way: str) -> None:
        unit, person = self.town.bureau, self.town.people[whom]
        to: Any = ToRole("handler", unit)
        if way != "role":
            post = person.appointments.get().post
            to = ToPerson(person, unit) if way == "person" else ToPost(post, unit)
        kind = ItemKind.READ if step == "note" else ItemKind.DO
        item = open_item(source=self.source(source), step=step, to=to, round=round, kind=kind, at=timezone.now())
        assert item.state == "open"
        self.open.add(item.pk)

    @rule(who=people, place=st.integers(0, 30), old=st.booleans())
    def claim(self, who: str, place: int, old: bool) -> None:
        item = self.item(place)
        free = item.pk in self.town.box(who)
        taken = self.try_to(lambda: claim_item(by=self.town[who], uid=item.uid, version=item.version - old, key=None))
        if taken:
            assert free
            assert item.pk in self.town.box(who)
            item.refresh_from_db()
            assert item.claimed_by_id is not None

    @rule(who=people, place=st.integers(0, 30))
    def release(self, who: str, place: int) -> None:
        item = self.item(place)
        self.try_to(lambda: release_item(by=self.town[who], uid=item.uid, version=item.version, key=None))

    @rule(who=people, place=st.integers(0, 30))
    def read(self, who: str, place: int) -> None:
        item = self.item(place)
        if self.try_to(lambda: mark_read(by=self.town[who], uid=item.uid)):
            self.open.discard(item.pk)

    @rule(who=people, source=sources, wanted=st.none() | st.sets(steps), outcome=st.sampled_from(["done", "cancelled"]))
    def close(self, who: str, source: int, wanted: set[str] | None, outcome: str) -> None:
        chosen = wanted if wanted is not None else {"sign", "handle"}
        gone = set(
            WorkItem.objects.filter(pk__in=self.open, source=self.source(source).uid, step__in=chosen).values_list(
                "pk", flat=True
            )
        )
        count = close_items(source=self.source(source), steps=wanted, by=self.town[who], at=timezone.now(), outcome=outcome)
        assert count == len(gone)
        self.open -= gone

    @rule(who=people, source=sources)
    def urge(self, who: str, source: int) -> None:
        self.try_to(lambda: urge_items(by=self.town[who], source=self.source(source), text="", key=None))

    @rule(who=people, other=people, by=people, first=st.integers(-1, 2))
    def stand_in(self, who: str, other: str, by: str, first: int) -> None:
        fields = {"valid_from": days(first), "valid_to": days(first + 1), "reason": "外出", "key": None}
        person, substitutes = self.town.people[who].uid, self.town.people[other].uid
        self.try_to(lambda: substitute(by=self.town[by], person=person, substitute=substitutes, **fields))

    @rule(by=people)
    def end(self, by: str) -> None:
        row = Substitution.objects.filter(ended_at=None).first()
        if row is not None:
            try:
                with transaction.atomic():
                    end_substitution(by=self.town[by], uid=row.uid)
            except (Conflict, Substitution.DoesNotExist):
                pass

    @invariant()
    def nothing_is_lost_or_there_twice(self) -> None:
        rows = list(WorkItem.objects.all())
        assert {row.pk for row in rows if row.state == "open"} == self.open
        keys = Counter(
            (row.source, row.step, row.round, row.person_id, row.post_id, row.role) for row in rows if row.state == "open"
        )
        assert set(keys.values()) <= {1}
        for row in rows:
            assert sum((row.person_id is not None, row.post_id is not None, row.role != "")) == 1

    @invariant()
    def somebody_has_each_open_item(self) -> None:
        # Six people's boxes take a while: now and then is enough, and at the end.
        self.steps += 1
        if self.steps % 6 == 0:
            self.look_into_the_boxes()

    def look_into_the_boxes(self) -> None:
        found: set[int] = set()
        for name in NAMES:
            user = self.town[name]
            todo = self.town.box(name)
            assert not todo & set(WorkItem.objects.taken_by_others(user).values_list("pk", flat=True))
            found |= todo | self.town.box(name, Box.TOREAD)
        assert found == self.open


def test_whatever_people_do_no_item_is_lost_or_there_twice(town: Town) -> None:
    Office.town = town
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=8, stateful_step_count=24, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
        ),
    )
