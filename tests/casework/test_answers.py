"""Answering: once, by whoever may, sealed to the citizen, and never half."""

import hashlib
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, models

from core.events import events_of, leaf_bytes
from core.idempotency import InvalidKey, KeyReused, new_key
from core.models import DomainEvent, IdempotencyRecord, User
from core.rating_tokens import token_hash
from core.vault import Sealed, unseal
from internal_bridge.casework.enums import PUBLIC_STATUS, Action, CaseState
from internal_bridge.casework.identity import CaseKey
from internal_bridge.casework.life import engine, replying
from internal_bridge.casework.models import Case, CaseEntry, CaseReply
from internal_bridge.casework.services import InvalidFields, StaleVersion, WrongState, perform_action
from internal_bridge.exchange.envelopes import read_envelope
from internal_bridge.exchange.messages import CITIZEN, seal_binding
from internal_bridge.exchange.models import OutgoingMessage
from internal_bridge.workflow.models import WorkItem
from tests.casework.cases import make_person
from tests.casework.letters import Letter
from tests.casework.office import LEAD, REPLY, Office
from tests.exchange.peers import Peer
from tests.org.people import end_grants
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]


@pytest.fixture
def letter() -> Letter:
    return Letter(about_unit_code="", unit_code="")


@pytest.fixture
def case(peer: Peer, town: Office, letter: Letter) -> Case:
    """A case whose reply the dispatcher checks."""
    return town.bring(letter.registered(peer), CaseState.CHECKING)


def answer(person: User, case: Case, **changes: Any) -> Case:
    """The dispatcher's last step, as this version of the case lets it."""
    arguments = {"number": case.number, "version": case.version, "key": new_key()} | changes
    return perform_action(person=person, action=Action.ANSWER_PRIVATELY, fields={}, **arguments)


def test_an_answer_changes_the_case_and_is_kept(town, case):
    answered = answer(town["dispatcher"], case)

    assert (answered.state, answered.version) == ("answered", case.version + 1)
    (reply,) = CaseReply.objects.all()
    assert (reply.case, reply.text, reply.number, reply.at) == (case, REPLY, 1, answered.answered_at)
    assert reply.unit.code == LEAD


def test_the_citizen_reads_it_with_the_code_and_nobody_else_does(peer, town, case, letter):
    answer(town["dispatcher"], case)

    message, status, offer = (envelope_of(peer, sent) for sent in OutgoingMessage.objects.order_by("-seq")[:3][::-1])
    assert (message.data["uid"], message.data["kind"]) == (letter.uid, "reply")
    assert REPLY not in str(message.data)
    info = seal_binding("office", CITIZEN, letter.stream, message.seq, message.type)
    opened = unseal(Sealed.from_json(message.data["sealed"]), private_key=letter.key.private, info=info)
    token = opened.pop("rating_token")
    assert opened == {"text": REPLY, "unit": {"code": LEAD, "name": town.units[LEAD].name}}
    # The portal has the digest of the link's secret; the secret is sealed to the citizen and under the case's own key.
    assert (offer.data["answer"], offer.data["token_hash"]) == (1, token_hash(token))
    box = bytes(case.replies.get().rating_offer.box)
    assert CaseKey.of(case).decrypt("rating/1", box).decode() == token
    assert find_planted([token], dump_tables()) == []
    assert (status.data["status"], status.data["event"], status.data["params"]) == ("answered", "answered", {"answer": 1})
    assert status.data["at"] == message.data["at"]


def test_what_happened_is_recorded_with_its_hash_and_without_words(town, case):
    answer(town["dispatcher"], case)

    events = list(events_of(case.subject))

    names = ["registered", "accepted", "dispatched", "signed", "drafted", "approved", "answered"]
    assert [event.name for event in events] == names
    texts = [REPLY, *CaseEntry.objects.values_list("text", flat=True)]
    for event in events:
        assert hashlib.sha256(leaf_bytes(event)).hexdigest() == event.leaf_hash
        assert not [text for text in texts if text in str(event.params)]


def test_every_state_has_a_word_for_the_citizen():
    assert set(PUBLIC_STATUS) == set(CaseState)


REFUSALS = [
    pytest.param({"number": "20260102-123456-3"}, Case.DoesNotExist, id="a number that is none"),
    pytest.param({"version": 99}, StaleVersion, id="a version to come"),
    pytest.param({"version": 0}, StaleVersion, id="an old version"),
    pytest.param({"key": "short"}, InvalidKey, id="a malformed key"),
    pytest.param({"number": "20260102-123456-3", "key": "short"}, Case.DoesNotExist, id="unknown before malformed"),
]


@pytest.mark.parametrize(("changes", "error"), REFUSALS)
def test_what_may_not_be_is_refused_and_nothing_changes(town, case, changes, error):
    before = snapshot()

    with pytest.raises(error):
        answer(town["dispatcher"], case, **changes)

    assert snapshot() == before


@pytest.mark.parametrize("length", [5, 5_000])
def test_a_reply_may_be_as_short_and_as_long_as_this(peer, town, letter, length):
    case = town.bring(letter.registered(peer), CaseState.IN_PROGRESS)

    for wrong in ("答" * (length - 1 if length == 5 else length + 1), ""):
        with pytest.raises(InvalidFields) as refused:
            town.do(f"handler.{LEAD}", "draft_reply", case, text=wrong)
        assert set(refused.value.errors) == {"text"}
    assert town.do(f"handler.{LEAD}", "draft_reply", case, text="答" * length).state == "drafted"


def test_whoever_is_no_dispatcher_is_denied_and_whoever_has_no_part_knows_of_nothing(town, case):
    before = snapshot()

    with pytest.raises(PermissionDenied):
        answer(town[f"handler.{LEAD}"], case, version=7)
    with pytest.raises(Case.DoesNotExist):
        answer(town["handler.jyj"], case, key="short")

    assert snapshot() == before


def test_a_repeat_sends_nothing_twice(town, case):
    key = new_key()
    first = answer(town["dispatcher"], case, key=key)
    before = snapshot()

    again = answer(town["dispatcher"], case, key=key)

    assert (again.state, again.version, again.answered_at) == (first.state, first.version, first.answered_at)
    assert snapshot() == before


def test_the_same_key_with_something_else_is_refused(town, case):
    key = new_key()
    answer(town["dispatcher"], case, key=key)

    with pytest.raises(KeyReused):
        answer(town["dispatcher"], case, key=key, version=1)


def test_one_persons_key_is_no_other_persons(town, case):
    key = new_key()
    answer(town["dispatcher"], case, key=key)

    with pytest.raises(WrongState):
        answer(make_person("second", "dispatcher"), case, key=key)


def test_whoever_is_no_longer_dispatcher_learns_nothing_by_a_repeat(town, case):
    key = new_key()
    answer(town["dispatcher"], case, key=key)
    end_grants(town["dispatcher"])

    for version in (case.version, 1):
        with pytest.raises(Case.DoesNotExist):
            answer(town["dispatcher"], case, key=key, version=version)


PLACES = [(replying, "tell_words"), (replying, "tell_status"), (engine, "settle_items")]


@pytest.mark.parametrize(("module", "name"), PLACES)
def test_a_failure_at_any_step_leaves_everything_as_it_was(town, case, monkeypatch, module, name):
    key, before = new_key(), snapshot()
    with monkeypatch.context() as broken:
        broken.setattr(module, name, lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer(town["dispatcher"], case, key=key)
    assert snapshot() == before

    assert answer(town["dispatcher"], case, key=key).state == "answered"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_of_two_answers_at_once_one_is_sent(town, case, same_key):
    keys, dispatcher = [new_key(), new_key()], town["dispatcher"]
    before = OutgoingMessage.objects.count()
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
    # Reply, status, the offer to rate it.
    assert OutgoingMessage.objects.count() == before + 3


def envelope_of(peer: Peer, sent: OutgoingMessage) -> Any:
    """A message of ours as the portal reads it."""
    with peer.acting():
        return read_envelope(sent.signed.as_bytes())


def snapshot() -> list[Any]:
    """Everything that an answer could change."""
    tables: tuple[type[models.Model], ...] = (Case, CaseReply, DomainEvent, OutgoingMessage, IdempotencyRecord, WorkItem)
    return [list(table.objects.order_by("pk").values()) for table in tables]
