"""委托代办: who stands in for somebody knows of their cases and acts for them, and the history says so."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from core.events import events_of
from core.idempotency import new_key
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.models import Case, CaseExclusion
from internal_bridge.org.models import Person
from internal_bridge.org.querysets import today
from internal_bridge.workflow.services import end_substitution, substitute
from tests.casework.office import LEAD, OTHER, REPLY

pytestmark = [pytest.mark.django_db, pytest.mark.db]
HANDLER, OTHERS = f"handler.{LEAD}", f"handler.{OTHER}"


@pytest.fixture
def case(peer, town):
    return town.bring(town.register(peer), CaseState.DISPATCHED)


@pytest.fixture
def substitution(town):
    """A colleague of another unit stands in for the lead unit's handler this week."""
    return substitute(
        by=town[HANDLER],
        person=Person.objects.get(user=town[HANDLER]).uid,
        substitute=Person.objects.get(user=town[OTHERS]).uid,
        valid_from=today(),
        valid_to=today() + datetime.timedelta(days=7),
        reason="出差",
        key=new_key(),
    )


def test_the_substitute_acts_and_the_history_says_for_whom(town, case, substitution):
    assert Case.objects.visible_to(town[OTHERS]).get() == case

    town.do(OTHERS, "sign", case)
    case = town.do(OTHERS, "draft_reply", case, text=REPLY)

    signed = events_of(case.subject).get(name="signed")
    assert (signed.actor, signed.params["for"]) == (town[OTHERS], str(town[HANDLER].uid))
    assert case.handler == Person.objects.get(user=town[HANDLER])
    with pytest.raises(PermissionDenied):
        town.do(OTHERS, "approve", case, opinion="同意。")


def test_whoever_acts_by_own_rights_acts_for_nobody(town, case, substitution):
    case = town.do(HANDLER, "sign", case)

    assert "for" not in events_of(case.subject).get(name="signed").params


def test_when_it_ends_nothing_is_known_any_more(town, case, substitution):
    end_substitution(by=town[HANDLER], uid=substitution.uid)

    assert not Case.objects.visible_to(town[OTHERS]).exists()


@pytest.mark.parametrize("who", [HANDLER, OTHERS])
def test_neither_lends_the_other_what_one_of_them_is_kept_out_of(town, case, substitution, who):
    person = Person.objects.get(user=town[who])
    CaseExclusion.objects.create(case=case, person=person, added_at=case.received_at)

    assert not Case.objects.visible_to(town[OTHERS]).exists()
