"""Items are opened once, closed with their act, and found in the boxes of whom they are addressed to, and of nobody else."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from internal_bridge.org.models import Grant
from internal_bridge.workflow.enums import Box, ItemKind, ItemState
from internal_bridge.workflow.models import WorkItem
from internal_bridge.workflow.services import (
    NewItem,
    ToPerson,
    ToPost,
    ToRole,
    change_due,
    close_items,
    mark_read,
    open_items,
)
from tests.org.people import make_person
from tests.workflow.conftest import Town, days
from tests.workflow.sources import APP, Matters, plant

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def test_an_item_is_opened_once_and_again_when_it_is_wanted_again(town: Town) -> None:
    first = town.open(due_on=days(3))

    assert town.open(due_on=days(9)) == first
    assert WorkItem.objects.get().due_on == days(3)
    for other in (town.open("review"), town.open(round=2), town.open(source=1), town.open(to=ToRole("handler", town.other))):
        assert other != first
    person, post = town.people["li"], town.people["li"].appointments.get().post
    assert town.open(to=ToPerson(person, town.bureau)) == town.open(to=ToPerson(person, town.bureau))
    assert town.open(to=ToPost(post, town.bureau)) == town.open(to=ToPost(post, town.bureau))
    assert WorkItem.objects.count() == 7

    assert close_items(source=town.sources[0], steps=["handle"], by=town["li"], at=timezone.now(), outcome="cancelled") == 5
    assert town.open() not in (first,)
    assert set(WorkItem.objects.filter(step="handle", state="open", source=town.sources[0].uid)).isdisjoint([first])


def test_many_are_opened_in_as_many_queries_as_one(town: Town) -> None:
    def opening(count: int, round: int) -> int:
        new = [NewItem(town.sources[n % 3], f"step{n}", ToRole("handler", town.bureau), round=round) for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            rows = open_items([*new, new[0]], at=timezone.now())
        assert [row.step for row in rows] == [*(f"step{n}" for n in range(count)), "step0"]
        return len(captured)

    assert opening(2, 1) == opening(40, 2)


def test_the_database_refuses_two_addressees_and_two_open_items_of_one_key(town: Town) -> None:
    item = town.open()
    bad = [
        {"person": town.people["li"]},
        {"role": ""},
        {"state": ItemState.DONE},
        {"outcome": "done"},
        {"claimed_by": town.people["li"]},
    ]
    for change in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkItem.objects.filter(pk=item.pk).update(**change)
    item.pk, item.uid = None, town.sources[0].uid
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)


def test_a_person_is_addressed_by_name_by_post_and_by_role_over_the_unit(town: Town) -> None:
    post = town.people["li"].appointments.get().post
    by_role = town.open("a")
    by_name = town.open("b", to=ToPerson(town.people["wang"], town.bureau))
    by_post = town.open("c", to=ToPost(post, town.bureau))
    elsewhere = town.open("d", to=ToRole("handler", town.other))
    for_head = town.open("e", to=ToRole("head", town.bureau))

    assert town.box("li") == {by_role.pk, by_post.pk}
    # The two share the post.
    assert town.box("wang") == {by_role.pk, by_name.pk, by_post.pk}
    assert town.box("zhao") == {for_head.pk, by_post.pk}
    assert town.box("lin") == {elsewhere.pk}
    assert town.box("city") == {by_role.pk, elsewhere.pk}
    assert town.box("sun") == set()

    Grant.objects.filter(person=town.people["li"]).update(valid_to=days(-1))
    assert town.box("li") == {by_post.pk}
    town.people["wang"].user.is_active = False
    town.people["wang"].user.save()
    assert town.box("wang") == set()


def test_what_somebody_may_not_know_of_is_neither_listed_nor_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden, other = town.open(), town.open(source=1)
    done = town.open("review", source=0, to=ToPerson(town.people["li"], town.bureau))
    close_items(source=town.sources[0], steps=["review"], by=town["li"], at=timezone.now(), outcome="done")
    assert town.box("li", Box.DONE) == {done.pk}

    town.matters.hide(town.sources[0], town["li"])

    assert town.box("li") == {other.pk}
    assert town.box("wang") == {hidden.pk, other.pk}
    assert town.box("li", Box.DONE) == set()
    assert not WorkItem.objects.visible_to(town["li"]).filter(source=town.sources[0].uid).exists()
    # Of an app that nobody has registered nobody may know anything; nor where a feature says so.
    plant(monkeypatch)
    assert town.box("wang") == set()

    class Silent(Matters):
        app = APP

        def visible(self, person: object) -> None:
            return None

    plant(monkeypatch, Silent())
    assert town.box("wang") == set()


def test_what_is_done_is_found_by_who_did_it_and_what_was_taken_back_by_nobody(town: Town) -> None:
    item, other = town.open(), town.open(source=1)
    close_items(source=town.sources[0], by=town["li"], at=timezone.now(), outcome="done")
    close_items(source=town.sources[1], by=town["li"], at=timezone.now(), outcome="taken_back")

    assert town.box("li") == town.box("wang") == town.box("wang", Box.DONE) == set()
    assert town.box("li", Box.DONE) == {item.pk}
    other.refresh_from_db()
    assert (other.state, other.outcome, other.version) == ("cancelled", "taken_back", 2)


def test_steps_and_units_are_closed_and_moved_apart_and_what_is_to_be_read_stays(town: Town) -> None:
    source = town.sources[0]
    here, there = town.open(due_on=days(1)), town.open(to=ToRole("handler", town.other), due_on=days(1))
    review, notice = town.open("review"), town.open("note", kind=ItemKind.READ)

    assert change_due(source=source, steps=["handle"], due_on=days(5), unit=town.other) == 1
    assert close_items(source=source, steps=["handle"], unit=town.bureau, by=None, at=timezone.now(), outcome="done") == 1
    assert set(WorkItem.objects.open().values_list("pk", "due_on")) == {
        (there.pk, days(5)), (review.pk, None), (notice.pk, None)
    }  # fmt: skip
    assert close_items(source=source, by=None, at=timezone.now(), outcome="cancelled") == 2
    assert town.box("li", Box.TOREAD) == {notice.pk}
    here.refresh_from_db()
    assert here.outcome == "done"


def test_what_was_read_moves_from_one_box_to_the_other(town: Town) -> None:
    item = town.open("note", kind=ItemKind.READ, to=ToPerson(town.people["li"], town.bureau))
    assert town.box("li") == set()
    assert town.box("li", Box.TOREAD) == {item.pk}

    with pytest.raises(WorkItem.DoesNotExist):
        mark_read(by=town["wang"], uid=item.uid)
    for _ in range(2):
        mark_read(by=town["li"], uid=item.uid)

    assert town.box("li", Box.TOREAD) == set()
    assert town.box("li", Box.READ) == {item.pk}
    assert WorkItem.objects.get().version == 2


def test_items_are_in_order_of_their_days_urgent_ones_first(town: Town) -> None:
    for step, due, urgent in (("a", None, False), ("b", 2, False), ("c", 2, True), ("d", -1, False), ("e", None, True)):
        town.open(step, due_on=None if due is None else days(due), urgent=urgent)
    rows = WorkItem.objects.box(town["li"], Box.TODO).in_order_of(Box.TODO)
    assert [row.step for row in rows] == ["d", "c", "b", "e", "a"]
    assert rows.overdue().count() == 1


def test_a_row_tells_how_often_it_was_urged_and_whether_it_is_new(town: Town) -> None:
    make_person("handler", town.bureau)
    town.open()
    (row,) = WorkItem.objects.box(town["li"], Box.TODO).for_rows(town["li"])
    assert (row.urged, row.opened) == (0, False)
