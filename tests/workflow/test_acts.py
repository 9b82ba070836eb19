"""Take and give back, urge, stand in: who may, what the others see, and how it is refused."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core.events import events_of
from core.idempotency import new_key
from core.models import AuditRecord
from core.workdays import BEIJING
from internal_bridge.org.models import Grant, Person
from internal_bridge.workflow.enums import Box
from internal_bridge.workflow.models import Substitution, Urging, WorkItem
from internal_bridge.workflow.services import (
    AlreadyClaimed,
    Conflict,
    StaleVersion,
    TooSoon,
    ToPerson,
    claim_item,
    close_items,
    end_substitution,
    principals_of,
    release_item,
    substitute,
    urge_items,
)
from tests.org.people import make_person
from tests.workflow.conftest import Town, days
from tests.workflow.sources import unknown_matter

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def arrange(town: Town, person: str, other: str, *, by: str = "", first: int = 0, last: int = 0, **more: Any) -> Substitution:
    fields = {"reason": "外出开会", "key": None} | more
    return substitute(
        by=town[by or person], person=town.people[person].uid, substitute=town.people[other].uid,
        valid_from=days(first), valid_to=days(last), **fields,
    )  # fmt: skip


def test_who_takes_an_item_has_it_alone_and_the_others_see_who(town: Town) -> None:
    item, key = town.open(), new_key()

    taken = claim_item(by=town["li"], uid=item.uid, version=1, key=key)
    assert claim_item(by=town["li"], uid=item.uid, version=1, key=key) == taken

    assert (taken.claimed_by, taken.version) == (town.people["li"], 2)
    assert town.box("li") == {item.pk}
    assert town.box("wang") == town.box("city") == set()
    (seen,) = WorkItem.objects.taken_by_others(town["wang"]).for_rows(town["wang"])
    assert seen.claimed_by.name == "李萌"
    assert [event.name for event in events_of(item.subject)] == ["claimed"]
    with pytest.raises(AlreadyClaimed, match="李萌"):
        claim_item(by=town["wang"], uid=item.uid, version=2, key=None)
    with pytest.raises(Conflict):
        release_item(by=town["wang"], uid=item.uid, version=2, key=None)

    release_item(by=town["li"], uid=item.uid, version=2, key=None)
    assert town.box("wang") == town.box("li") == {item.pk}
    with pytest.raises(StaleVersion):
        claim_item(by=town["wang"], uid=item.uid, version=1, key=None)


def test_what_cannot_be_taken_says_why(town: Town) -> None:
    own, shared, hidden = town.open(to=ToPerson(town.people["li"], town.bureau)), town.open("a"), town.open(source=1)
    town.matters.hide(town.sources[1], town["li"])

    with pytest.raises(Conflict) as refused:
        claim_item(by=town["li"], uid=own.uid, version=1, key=None)
    assert refused.value.code == "not_claimable"
    for stranger, item in (("lin", shared), ("wang", own), ("li", hidden)):
        with pytest.raises(WorkItem.DoesNotExist):
            claim_item(by=town[stranger], uid=item.uid, version=1, key=None)
    # The head knows of it and is not the one to do it.
    with pytest.raises(PermissionDenied):
        claim_item(by=town["zhao"], uid=shared.uid, version=1, key=None)
    close_items(source=town.sources[0], steps=["a"], by=town["wang"], at=timezone.now(), outcome="done")
    with pytest.raises(Conflict) as refused:
        claim_item(by=town["li"], uid=shared.uid, version=2, key=None)
    assert refused.value.code == "closed"
    with pytest.raises(Conflict):
        release_item(by=town["wang"], uid=shared.uid, version=2, key=None)


def test_an_item_is_not_lost_with_who_had_taken_it(town: Town) -> None:
    item = town.open()
    claim_item(by=town["li"], uid=item.uid, version=1, key=None)
    release_item(by=town["zhao"], uid=item.uid, version=2, key=None)
    claim_item(by=town["li"], uid=item.uid, version=3, key=None)

    Grant.objects.filter(person=town.people["li"]).update(valid_to=days(-1))
    assert WorkItem.objects.taken_by_others(town["wang"]).get() == item
    claim_item(by=town["wang"], uid=item.uid, version=4, key=None)
    assert town.box("wang") == {item.pk}

    Person.objects.filter(pk=town.people["wang"].pk).update(left_on=days(-1))
    assert town.box("city") == {item.pk}


def test_urging_is_rare_so_that_it_keeps_its_weight(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    item, key = town.open(), new_key()
    other = town.open("review")
    clock = [datetime.datetime(2026, 10, 14, 9, tzinfo=BEIJING)]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])

    def urge(name: str, **more: Any) -> int:
        given = {"steps": ["handle"], "text": "请尽快办理", "key": None} | more
        return urge_items(by=town[name], source=town.sources[0], **given)

    assert urge("zhao", key=key) == 1
    assert urge("zhao", key=key) == 1
    assert Urging.objects.count() == 1
    with pytest.raises(TooSoon) as refused:
        urge("zhao")
    assert refused.value.until == clock[0] + datetime.timedelta(hours=4)
    # What was not urged yet is; what was is left out.
    assert urge("zhao", steps=None) == 1
    assert other.urgings.count() == 1

    clock[0] += datetime.timedelta(hours=4)
    assert urge("zhao") == urge("lin") == 1
    with pytest.raises(TooSoon) as refused:
        urge("sun")
    assert refused.value.until == datetime.datetime(2026, 10, 15, tzinfo=BEIJING)
    clock[0] = refused.value.until
    assert urge("sun") == 1

    (row,) = WorkItem.objects.box(town["li"], Box.TODO).for_rows(town["li"]).filter(step="handle")
    assert row.urged == 4
    assert [event.name for event in events_of(item.subject)] == ["urged"] * 4
    with pytest.raises(ValueError, match="at most 200"):
        urge("zhao", text="催" * 201)
    with pytest.raises(WorkItem.DoesNotExist):
        urge_items(by=town["zhao"], source=unknown_matter(), text="", key=None)
    close_items(source=town.sources[0], by=None, at=clock[0], outcome="done")
    with pytest.raises(Conflict):
        urge("zhao")


def test_a_substitute_sees_the_items_and_acts_in_the_others_name(town: Town) -> None:
    shared, own = town.open(), town.open("b", to=ToPerson(town.people["li"], town.bureau))
    assert town.box("lin") == set()

    row = arrange(town, "li", "lin")

    assert town.box("lin") == {shared.pk, own.pk}
    assert principals_of(town["lin"]) == [town["li"]]
    taken = claim_item(by=town["lin"], uid=shared.uid, version=1, key=None)
    assert taken.claimed_by == town.people["li"]
    assert events_of(shared.subject).get().params["for"] == str(town.people["li"].uid)
    close_items(source=town.sources[0], by=town["lin"], at=timezone.now(), outcome="done")
    own.refresh_from_db()
    assert (own.closed_by, own.closed_for) == (town["lin"], town.people["li"])
    for name in ("lin", "li"):
        assert town.box(name, Box.DONE) == {shared.pk, own.pk}

    again = town.open(source=1)
    assert town.box("lin") == {again.pk}
    # What the substitute may not know of stays hidden from them, whoever has made them one.
    town.matters.hide(town.sources[1], town["lin"])
    assert town.box("lin") == set()
    town.matters.hidden.clear()
    end_substitution(by=town["lin"], uid=row.uid)
    assert town.box("lin") == set()
    assert town.box("lin", Box.DONE) == {shared.pk, own.pk}
    with pytest.raises(Conflict):
        end_substitution(by=town["li"], uid=row.uid)
    written = AuditRecord.objects.filter(subject=row.subject).order_by("pk").values_list("action", flat=True)
    assert list(written) == ["substitution.given", "substitution.ended"]


def test_a_substitution_counts_on_its_days_only(town: Town) -> None:
    item = town.open()
    arrange(town, "li", "lin", first=1, last=3)
    assert town.box("lin") == set()
    Substitution.objects.update(valid_from=days(0))
    assert town.box("lin") == {item.pk}
    Substitution.objects.update(valid_from=days(-3), valid_to=days(-1))
    assert town.box("lin") == set()


def test_who_may_arrange_a_substitution_and_what_is_refused(town: Town) -> None:
    with pytest.raises(PermissionDenied):
        arrange(town, "li", "lin", by="wang")
    with pytest.raises(PermissionDenied):
        arrange(town, "li", "wang", by="zhao")
    assert arrange(town, "li", "lin", by="sun").given_by == town["sun"]
    for refused in (
        lambda: arrange(town, "li", "wang"),  # there is one already
        lambda: arrange(town, "wang", "wang"),
        lambda: arrange(town, "wang", "sun", by="sun"),  # in favour of oneself
    ):
        with pytest.raises(Conflict):
            refused()
    auditor = make_person("auditor", "jjw")
    town.people["auditor"] = auditor
    with pytest.raises(Conflict) as error:
        arrange(town, "auditor", "sun")
    assert error.value.code == "separated_roles"

    town.people["gone"] = make_person(None, town.bureau, login=False)
    for field, bad in (
        ("valid_to", {"first": 2, "last": 1}),
        ("valid_to", {"first": -3, "last": -2}),
        ("valid_to", {"last": 400}),
        ("reason", {"reason": " "}),
        ("substitute", {"other": "gone"}),
    ):
        with pytest.raises(ValidationError) as invalid:
            arrange(town, "wang", **{"other": "lin", **bad})
        assert list(invalid.value.error_dict) == [field]
    with pytest.raises(Substitution.DoesNotExist):
        end_substitution(by=town["zhao"], uid=Substitution.objects.get().uid)
