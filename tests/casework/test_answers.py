"""Answering: once, by whoever may, sealed to the citizen, and never half."""

import hashlib
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import events_of, leaf_bytes
from core.idempotency import InvalidKey, KeyReused, new_key
from core.models import DomainEvent, IdempotencyRecord, User
from core.vault import Sealed, unseal
from internal_bridge.casework import services
from internal_bridge.casework.enums import PUBLIC_STATUS, CaseState
from internal_bridge.casework.models import Case, CaseReply
from internal_bridge.casework.services import StaleVersion, WrongState, answer_case
from internal_bridge.exchange.envelopes import read_envelope
from internal_bridge.exchange.messages import CITIZEN, seal_binding
from internal_bridge.exchange.models import OutgoingMessage
from tests.casework.cases import make_person
from tests.casework.letters import Letter
from tests.exchange.peers import Peer
from tests.org.people import end_grants

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

TEXT = "您反映的工地已停工整改，夜间不再施工。"


def answer(person: User, case: Case, **changes: Any) -> Case:
    arguments = {"number": case.number, "version": case.version, "text": TEXT, "key": new_key()} | changes
    return answer_case(person=person, **arguments)


def sent() -> list[tuple[str, int]]:
    """What we have sent: type and place in its stream, in order."""
    return list(OutgoingMessage.objects.order_by("id").values_list("type", "seq"))


def test_an_answer_changes_the_case_and_is_kept(peer, dispatcher):
    case = Letter().registered(peer)

    answered = answer(dispatcher, case, text=f"  {TEXT}\n")

    assert (answered.state, answered.version) == ("answered", 2)
    assert answered.answered_at is not None
    (reply,) = CaseReply.objects.all()
    assert (reply.case, reply.text, reply.author, reply.at) == (case, TEXT, dispatcher, answered.answered_at)


def test_the_citizen_reads_it_with_the_code_and_nobody_else_does(peer, dispatcher):
    letter = Letter()
    answer(dispatcher, letter.registered(peer))

    assert sent() == [
        ("cn.zhengqiao.case.status.v1", 1),
        ("cn.zhengqiao.case.message.v1", 2),
        ("cn.zhengqiao.case.status.v1", 3),
    ]
    message, status = (envelope_of(peer, seq) for seq in (2, 3))
    assert (message.data["uid"], message.data["kind"]) == (letter.uid, "reply")
    assert TEXT not in str(message.data)
    info = seal_binding("office", CITIZEN, letter.stream, 2, message.type)
    opened = unseal(Sealed.from_json(message.data["sealed"]), private_key=letter.key.private, info=info)
    assert opened == {"text": TEXT, "unit": None}
    assert (status.data["status"], status.data["event"]) == ("answered", "answered")
    assert status.data["at"] == message.data["at"]


def test_the_answer_is_sent_to_whoever_brought_the_submission(peer, dispatcher):
    answer(dispatcher, Letter().registered(peer))

    assert set(OutgoingMessage.objects.values_list("stream__recipient", flat=True)) == {"portal"}


def test_what_happened_is_recorded_with_its_hash(peer, dispatcher):
    case = Letter().registered(peer)
    answered = answer(dispatcher, case)

    events = list(events_of(case.subject))

    assert [(event.name, event.actor, event.at) for event in events] == [
        ("registered", None, case.registered_at),
        ("answered", dispatcher, answered.answered_at),
    ]
    for event in events:
        assert hashlib.sha256(leaf_bytes(event)).hexdigest() == event.leaf_hash
        assert TEXT not in str(event.params)


def test_every_state_has_a_word_for_the_citizen():
    assert set(PUBLIC_STATUS) == set(CaseState)


@pytest.mark.parametrize("length", [5, 5_000])
def test_an_answer_may_be_as_short_and_as_long_as_this(peer, dispatcher, length):
    assert answer(dispatcher, Letter().registered(peer), text="答" * length).state == "answered"


REFUSALS = [
    pytest.param({"number": "20260102-123456-3"}, Case.DoesNotExist, id="a number that is none"),
    pytest.param({"version": 2}, StaleVersion, id="a version to come"),
    pytest.param({"version": 0}, StaleVersion, id="an old version"),
    pytest.param({"text": "答" * 4}, ValueError, id="4 characters"),
    pytest.param({"text": "答" * 4 + " " * 9}, ValueError, id="4 characters and spaces"),
    pytest.param({"text": "答" * 5_001}, ValueError, id="5,001 characters"),
    pytest.param({"text": ""}, ValueError, id="nothing"),
    pytest.param({"key": "short"}, InvalidKey, id="a malformed key"),
    pytest.param({"version": 2, "text": ""}, StaleVersion, id="stale before too short"),
    pytest.param({"number": "20260102-123456-3", "key": "short"}, Case.DoesNotExist, id="unknown before malformed"),
]


@pytest.mark.parametrize(("changes", "error"), REFUSALS)
def test_what_may_not_be_is_refused_and_nothing_changes(peer, dispatcher, changes, error):
    case = Letter().registered(peer)
    before = snapshot()

    with pytest.raises(error):
        answer(dispatcher, case, **changes)

    assert snapshot() == before


@pytest.mark.parametrize("key", [None, "short", "a" * 22])
def test_whoever_is_no_dispatcher_knows_of_no_case(peer, key):
    case = Letter().registered(peer)
    before = snapshot()

    with pytest.raises(Case.DoesNotExist):
        answer(make_person("other"), case, key=key)

    assert snapshot() == before


def test_whoever_may_see_but_not_answer_is_denied(peer, dispatcher, monkeypatch):
    case = Letter().registered(peer)
    monkeypatch.setattr(services, "can_answer_case", lambda person: False)

    with pytest.raises(PermissionDenied):
        answer(dispatcher, case, version=7, text="")


def test_an_answered_case_is_not_answered_again(peer, dispatcher):
    case = answer(dispatcher, Letter().registered(peer))
    before = snapshot()

    for version in (1, 2):
        with pytest.raises(WrongState):
            answer(dispatcher, case, version=version)

    assert snapshot() == before


def test_a_repeat_sends_nothing_twice(peer, dispatcher):
    case, key = Letter().registered(peer), new_key()
    first = answer(dispatcher, case, key=key)
    before = snapshot()

    again = answer(dispatcher, case, key=key)

    assert (again.state, again.version, again.answered_at) == (first.state, first.version, first.answered_at)
    assert snapshot() == before


def test_the_same_key_with_another_answer_is_refused(peer, dispatcher):
    case, key = Letter().registered(peer), new_key()
    answer(dispatcher, case, key=key)

    with pytest.raises(KeyReused):
        answer(dispatcher, case, key=key, text=f"{TEXT}另外")


def test_one_persons_key_is_no_other_persons(peer, dispatcher):
    case, key = Letter().registered(peer), new_key()
    answer(dispatcher, case, key=key)

    with pytest.raises(WrongState):
        answer(make_person("second", "dispatcher"), case, key=key)


def test_whoever_is_no_longer_dispatcher_learns_nothing_by_a_repeat(peer, dispatcher):
    case, key = Letter().registered(peer), new_key()
    answer(dispatcher, case, key=key)
    end_grants(dispatcher)
    former = User.objects.get(pk=dispatcher.pk)

    for text in (TEXT, "别的答复内容"):
        with pytest.raises(Case.DoesNotExist):
            answer(former, case, key=key, text=text)


@pytest.mark.parametrize("place", ["record_event", "send_message", "_tell_status"])
def test_a_failure_at_any_step_leaves_the_case_as_it_was(peer, dispatcher, monkeypatch, place):
    case, key = Letter().registered(peer), new_key()
    before = snapshot()
    with monkeypatch.context() as broken:
        broken.setattr(services, place, lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer(dispatcher, case, key=key)
    assert snapshot() == before

    assert answer(dispatcher, case, key=key).state == "answered"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_of_two_answers_at_once_one_is_sent(peer, dispatcher, same_key):
    case, keys = Letter().registered(peer), [new_key(), new_key()]
    together, outcomes = threading.Barrier(2, timeout=60), []

    def send(number: int) -> None:
        together.wait()
        try:
            outcomes.append(answer(dispatcher, case, key=keys[0 if same_key else number]).state)
        except WrongState as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == (["answered", "answered"] if same_key else ["WrongState", "answered"])
    assert CaseReply.objects.count() == 1
    assert len(sent()) == 3


ATTEMPTS = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(["dispatcher", "second", "other"]),
            "version": st.integers(0, 3),
            "text": st.sampled_from(["", "太短", TEXT, f"{TEXT}！", "长" * 5_001]),
            "key": st.sampled_from([None, "short", "a" * 22, "b" * 22]),
        }
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attempts=ATTEMPTS)
def test_whatever_is_tried_case_replies_events_and_messages_agree(attempts, peer):
    people = {name: User.objects.filter(username=name).first() for name in ("dispatcher", "second", "other")}
    for name, person in people.items():
        people[name] = person or make_person(name, *(["dispatcher"] if name != "other" else []))
    letter = Letter()
    case = letter.registered(peer)

    answered = 0
    for attempt in attempts:
        arguments = attempt | {"person": people[attempt["person"]]}
        before = CaseReply.objects.filter(case=case).count()
        try:
            answer_case(number=case.number, **arguments)
        except (Case.DoesNotExist, StaleVersion, WrongState, ValueError, KeyReused):
            assert CaseReply.objects.filter(case=case).count() == before
        answered = CaseReply.objects.filter(case=case).count()
        assert answered in (before, before + 1)

    case.refresh_from_db()
    assert answered == (case.state == CaseState.ANSWERED) == (case.answered_at is not None) == case.version - 1
    assert [event.name for event in events_of(case.subject)] == ["registered", "answered"][: case.version]
    messages = OutgoingMessage.objects.filter(stream__name=letter.stream).order_by("seq")
    kinds = [(message.seq, message.type.split(".")[-2]) for message in messages]
    assert kinds == [(1, "status"), (2, "message"), (3, "status")][: 1 + 2 * answered]


def envelope_of(peer: Peer, seq: int) -> Any:
    """A message of ours as the portal reads it."""
    with peer.acting():
        return read_envelope(OutgoingMessage.objects.get(seq=seq).signed.as_bytes())


def snapshot() -> list[Any]:
    """Everything that an answer could change."""
    tables: tuple[type[models.Model], ...] = (Case, CaseReply, DomainEvent, OutgoingMessage, IdempotencyRecord)
    return [list(table.objects.order_by("pk").values()) for table in tables]
