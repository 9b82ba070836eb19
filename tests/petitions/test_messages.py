"""What the office says arrives by real, signed messages and changes that petition alone."""

import datetime

import pytest

from core.identifiers import uuid7
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.models import IncomingMessage
from petitions.models import CaseMessage, Petition, TimelineEntry
from petitions.services import open_petition, submit_petition
from tests.petitions.letters import letter, reply, say

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

AT = datetime.datetime(2026, 11, 3, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def receipt(peer):
    return submit_petition(kind="complaint", data=letter(), key=None)


@pytest.fixture
def petition(receipt):
    return Petition.objects.get(number=receipt["number"])


def states() -> list[str]:
    return list(IncomingMessage.objects.order_by("id").values_list("state", flat=True))


def test_a_state_is_noted_with_its_step(peer, petition):
    say(peer, petition, status="answered", event="answered", params={"days": 3})

    petition.refresh_from_db()
    assert petition.status == "answered"
    step = petition.timeline.get(event="answered")
    assert (step.at, step.params) == (AT, {"days": 3})
    assert states() == [IncomingState.APPLIED]


def test_steps_stand_in_the_order_of_their_time(peer, petition):
    later = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
    say(peer, petition, event="answered", status="answered", at=later.isoformat())
    say(peer, petition, event="registered", at=(later - datetime.timedelta(days=1)).isoformat())

    assert [step.event for step in petition.timeline.all()] == ["submitted", "registered", "answered"]


@pytest.mark.parametrize("kind", ["question", "reason", "reply", "note"])
def test_a_text_is_kept_sealed_and_opens_with_the_code(peer, petition, receipt, kind):
    reply(peer, petition, "工地已停工整改。", unit={"code": "zjj", "name": "住建局"}, kind=kind)

    kept = CaseMessage.objects.get()
    assert (kept.petition, kept.kind, kept.seq) == (petition, kind, 1)
    assert "停工".encode() not in bytes(kept.box)
    opened = open_petition(number=receipt["number"], code=receipt["receipt_code"])
    assert opened is not None
    (message,) = opened.messages
    assert (message.kind, message.text, message.unit) == (kind, "工地已停工整改。", "住建局")


def test_a_message_that_comes_twice_is_kept_once(peer, petition):
    stored = []
    real = peer.bring

    def twice(signed):
        stored.extend([real(signed), real(signed)])
        return stored[-1]

    peer.bring = twice
    reply(peer, petition, "只说一次")
    say(peer, petition, status="answered", event="answered")

    assert stored[0] == stored[1]
    assert CaseMessage.objects.count() == 1
    assert TimelineEntry.objects.filter(event="answered").count() == 1


@pytest.mark.parametrize("tell", [say, lambda peer, petition, **changes: reply(peer, petition, "给别人的", **changes)])
def test_a_message_about_another_case_than_its_stream_is_a_dead_letter(peer, petition, tell):
    other = submit_petition(kind="help", data=letter(kind="help"), key=None)
    uid = str(Petition.objects.get(number=other["number"]).uid)

    tell(peer, petition, uid=uid)

    assert states() == [IncomingState.DEAD]
    assert not CaseMessage.objects.exists()
    assert set(Petition.objects.values_list("status", flat=True)) == {"received"}
    assert set(TimelineEntry.objects.values_list("event", flat=True)) == {"submitted"}


@pytest.mark.parametrize("tell", [say, lambda peer, petition: reply(peer, petition, "给谁")])
def test_a_message_about_no_petition_of_ours_is_a_dead_letter(peer, petition, tell):
    tell(peer, Petition(uid=uuid7(), citizen_key=bytes(petition.citizen_key)))

    assert states() == [IncomingState.DEAD]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": "lost"}, id="a state that is none"),
        pytest.param({"event": "submitted"}, id="an event that is the portal's own"),
        pytest.param({"params": {"unit": "gaj"}}, id="a parameter that is text"),
        pytest.param({"params": {"names": ["甲"]}}, id="a parameter that is a list"),
        pytest.param({"text": "甲"}, id="a member that nobody knows"),
        pytest.param({"at": "yesterday"}, id="a time that is none"),
        pytest.param({"at": "2026-11-03T08:00:00"}, id="a time without a zone"),
    ],
)
def test_what_does_not_fit_is_a_dead_letter_and_changes_nothing(peer, petition, changes):
    say(peer, petition, **{"status": "answered", "event": "answered"} | changes)

    petition.refresh_from_db()
    assert petition.status == "received"
    assert states() == [IncomingState.DEAD]


def test_a_dead_letter_holds_up_its_own_case_only(peer, petition):
    other = Petition.objects.get(number=submit_petition(kind="help", data=letter(kind="help"), key=None)["number"])
    say(peer, petition, status="lost")
    say(peer, petition, status="answered", event="answered")

    say(peer, other, status="answered", event="answered")

    assert [Petition.objects.get(pk=one.pk).status for one in (petition, other)] == ["received", "answered"]
