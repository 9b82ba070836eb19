"""Registering: gapless, once, and with identity in no column."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection

from core.vault import Sealed, seal_kid, unseal
from internal_bridge.casework.models import Case, Register
from internal_bridge.casework.services import registration
from internal_bridge.exchange.jws import Signed
from internal_bridge.exchange.keys import private_sealing_key
from tests.casework.letters import Letter
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

NEW_YEAR = datetime.datetime(2026, 12, 31, 16, 0, tzinfo=datetime.UTC)


def test_register_numbers_have_no_gaps(peer):
    cases = [Letter().registered(peer) for _ in range(4)]

    assert [case.register_number for case in cases] == [1, 2, 3, 4]
    assert cases[0].register_label == f"{cases[0].register_year}-000001"


def test_a_registration_that_fails_uses_no_number_up(peer, monkeypatch):
    Letter().bring(peer)
    with monkeypatch.context() as broken:
        broken.setattr(registration, "record_event", lambda **_: 1 / 0)
        Letter().bring(peer)

    case = Letter().registered(peer)

    assert case.register_number == 2
    assert Case.objects.count() == Register.objects.get().last == 2


def test_the_register_begins_anew_at_midnight_in_beijing(peer):
    numbers = []
    for moment in (NEW_YEAR - datetime.timedelta(seconds=1), NEW_YEAR, NEW_YEAR + datetime.timedelta(hours=9)):
        with time_machine.travel(moment, tick=False):
            case = Letter().registered(peer)
        numbers.append((case.register_year, case.register_number))

    assert numbers == [(2026, 1), (2027, 1), (2027, 2)]


def test_the_year_is_that_of_registration_not_of_receipt(peer):
    with time_machine.travel(NEW_YEAR - datetime.timedelta(minutes=1), tick=False):
        letter = Letter()
    with time_machine.travel(NEW_YEAR + datetime.timedelta(minutes=1), tick=False):
        case = letter.registered(peer)

    assert (case.number[:4], case.register_year) == ("2026", 2027)


@pytest.mark.django_db(transaction=True)
def test_two_that_register_at_once_leave_no_gap_and_share_no_number(peer):
    messages, together = [Letter().message(peer) for _ in range(8)], threading.Barrier(2, timeout=60)

    def register(some: list[Signed]) -> None:
        together.wait()
        try:
            for message in some:
                peer.bring(message)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(messages[half::2],)) for half in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Case.objects.values_list("register_number", flat=True)) == list(range(1, 9))


def test_identity_stands_in_no_column_and_in_no_message(peer):
    letter = Letter(
        name="planted-name 韦国强",
        phone="13700003518",
        email="planted.mail@example.com",
        representatives=[{"name": "planted-rep", "phone": "13711110000"}],
        on_behalf_of={"name": "planted-old", "relation": "planted-son"},
    )

    case = letter.registered(peer)

    planted = ["planted", "韦国强", "13700003518", "13711110000", letter.code, letter.code.replace("-", "")]
    assert find_planted(planted, dump_tables()) == []
    # What is searched does hold what the office may read.
    assert find_planted([case.title, case.body], dump_tables()) == [case.title, case.body]


def test_the_sealed_submission_still_opens_with_what_the_case_keeps(peer):
    letter = Letter()
    case = letter.registered(peer)

    sealed = Sealed(box=bytes(case.submission_box), commitment=case.submission_commitment)
    key = private_sealing_key(seal_kid(sealed.box))
    assert unseal(sealed, private_key=key, info=bytes(case.submission_info)) == letter.content
