"""Receipt codes cannot be tried out, and the attempt keeps no citizen from reading."""

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from core.throttle import Queue, Throttled
from core.vault import new_receipt_code
from petitions import services, throttling
from petitions.models import Petition
from tests.petitions.letters import API, FOLLOW, FORM, form_of, letter, post, read, visible_text

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
HERE, NEIGHBOUR, ELSEWHERE = "192.0.2.7", "192.0.2.200", "198.51.100.7"


def guess(number: str, *, address: str = HERE, code: str | None = None, language: str = "en") -> Any:
    """Ask the API with a code, by default a wrong one."""
    headers = {"x-receipt-code": code or new_receipt_code(), "accept-language": language}
    return Client(REMOTE_ADDR=address).get(f"{API}{number}/", headers=headers)


def guess_by_form(number: str, *, address: str = HERE, code: str | None = None, path: str = FOLLOW) -> Any:
    return Client(REMOTE_ADDR=address).post(path, {"number": number, "code": code or new_receipt_code()})


@pytest.fixture
def receipt(peer: Any, valkey: Any) -> dict[str, str]:
    return post(Client(REMOTE_ADDR=ELSEWHERE), letter()).json()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Derivations cost nothing here; the numbers that they were asked for."""
    derived: list[str] = []
    real = services.citizen_key(new_receipt_code(), number="20260102-123456-3")

    def derive(code: str, *, number: str) -> Any:
        derived.append(number)
        return real

    monkeypatch.setattr(services, "citizen_key", derive)
    return derived


# --- Wrong codes ---------------------------------------------------------------------------------------------------------


def test_after_ten_wrong_codes_for_a_number_the_network_waits(receipt):
    number = receipt["number"]

    assert [guess(number).status_code for _ in range(12)] == [404] * 10 + [429, 429]
    # The neighbour shares the network, and so the wait, even with the right code.
    assert guess(number, address=NEIGHBOUR, code=receipt["receipt_code"]).status_code == 429
    assert guess(number, address=ELSEWHERE, code=receipt["receipt_code"]).status_code == 200


def test_form_and_api_count_together(receipt):
    number = receipt["number"]
    for _ in range(5):
        guess(number)
        guess_by_form(number)

    assert guess(number).status_code == guess_by_form(number).status_code == 429


def test_a_number_counts_however_it_is_typed(receipt):
    number = receipt["number"]
    for typed in [number, number.replace("-", ""), f" {number} "] * 4:
        guess_by_form(typed)

    assert guess(number).status_code == 429


def test_an_unknown_number_is_counted_like_a_known_one(receipt):
    for number in ("20260102-123456-3", "nonsense"):
        assert [guess(number).status_code for _ in range(11)] == [404] * 10 + [429]


def test_after_six_hundred_wrong_codes_the_network_waits_whatever_it_asks(receipt, quick):
    numbers = [f"2026{month:02}{day:02}-{draw:06}-0" for month in range(1, 7) for day in range(1, 11) for draw in range(11)]

    answers = [guess(number).status_code for number in numbers[:605]]

    assert answers == [404] * 600 + [429] * 5
    assert guess(receipt["number"], code=receipt["receipt_code"]).status_code == 429
    assert guess(receipt["number"], address=ELSEWHERE).status_code == 404


def test_right_codes_and_what_is_no_code_do_not_count(receipt):
    number, code = receipt["number"], receipt["receipt_code"]

    assert {guess(number, code=code).status_code for _ in range(15)} == {200}
    assert {guess(number, code="no code").status_code for _ in range(15)} == {404}
    assert [guess(number).status_code for _ in range(11)] == [404] * 10 + [429]


def test_a_request_that_fails_does_not_count(receipt, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(throttling, "open_petition", lambda **_: 1 / 0)
        for _ in range(15):
            with pytest.raises(ZeroDivisionError):
                guess(receipt["number"])

    assert guess(receipt["number"]).status_code == 404


def test_nothing_is_derived_for_whoever_waits(receipt, quick):
    for _ in range(10):
        guess(receipt["number"])
    before = len(quick)

    assert guess(receipt["number"]).status_code == guess_by_form(receipt["number"]).status_code == 429
    assert len(quick) == before


def test_a_made_up_header_brings_no_new_network(receipt):
    headers = [f"203.0.{place}.1" for place in range(11)]
    answers = [
        Client(REMOTE_ADDR=HERE).get(
            f"{API}{receipt['number']}/", headers={"x-receipt-code": new_receipt_code(), "x-forwarded-for": header}
        )
        for header in headers
    ]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429]


def test_without_valkey_everybody_reads_and_writes(peer, settings):
    settings.THROTTLE_URL = "redis://127.0.0.1:1/0"
    receipt = post(Client(), letter()).json()

    assert {guess(receipt["number"]).status_code for _ in range(12)} == {404}
    assert read(Client(), receipt).status_code == 200


# --- Ten thousand --------------------------------------------------------------------------------------------------------


def test_ten_thousand_guesses_from_many_networks_stop_neither_the_owner_nor_anybody_else(receipt, monkeypatch, reached):
    """The 10,000 where they are counted, a hundred more through page and API."""
    other = post(Client(REMOTE_ADDR=ELSEWHERE), letter()).json()
    asked: list[Any] = []
    stopped = 0
    with monkeypatch.context() as counted:
        counted.setattr(throttling, "open_petition", lambda **arguments: asked.append(arguments))
        for place in range(10_000):
            # 500 networks: each may guess ten times and is then stopped.
            request = RequestFactory().get("/", REMOTE_ADDR=f"10.{place % 500 // 256}.{place % 500 % 256}.9")
            try:
                throttling.open_counted(request, number=receipt["number"], code=new_receipt_code())
            except Throttled:
                stopped += 1
    reached(f"10,000 guesses from 500 networks: {len(asked)} were tried, {stopped} refused")
    assert (len(asked), stopped) == (5_000, 5_000)

    for place in range(100):
        ask = guess if place % 2 else guess_by_form
        assert ask(receipt["number"], address=f"172.16.{place % 50}.9").status_code == 404

    for citizen in (receipt, other):
        for address in (ELSEWHERE, "2001:db8::7", "203.0.113.9"):
            assert guess(citizen["number"], address=address, code=citizen["receipt_code"]).status_code == 200
    assert post(Client(REMOTE_ADDR="203.0.113.9"), letter()).status_code == 201


# --- Submissions ---------------------------------------------------------------------------------------------------------


def test_a_network_submits_sixty_a_minute(peer, valkey, quick):
    sent = [post(Client(REMOTE_ADDR=HERE), {}).status_code for _ in range(58)]
    sent += [Client(REMOTE_ADDR=NEIGHBOUR).post(FORM, {}).status_code for _ in range(2)]

    assert set(sent) == {400}
    assert post(Client(REMOTE_ADDR=HERE), letter()).status_code == 429
    assert Client(REMOTE_ADDR=NEIGHBOUR).post(FORM, form_of(letter())).status_code == 429
    assert not Petition.objects.exists()
    assert Client(REMOTE_ADDR=HERE).get(FORM).status_code == 200
    assert post(Client(REMOTE_ADDR=ELSEWHERE), letter()).status_code == 201


# --- What is said --------------------------------------------------------------------------------------------------------


def test_the_api_says_when_to_come_back(receipt):
    for _ in range(10):
        guess(receipt["number"])

    zh, en = (guess(receipt["number"], language=language) for language in ("zh-CN", "en"))

    assert en["Content-Type"] == zh["Content-Type"] == PROBLEM
    assert 3590 < int(en["Retry-After"]) <= 3600
    assert "no-store" in en["Cache-Control"]
    assert en.json() == {
        "type": "about:blank",
        "title": "Too many requests",
        "status": 429,
        "detail": "Too many attempts from your network. Try again later.",
    }
    assert "请稍后再试" in zh.json()["detail"]


@pytest.mark.parametrize(
    ("prefix", "words"), [("", ["60分钟后", "后退", "12345"]), ("/en", ["in 60 minutes", "Go back", "12345"])]
)
def test_the_page_says_when_to_come_back_and_what_to_do(receipt, prefix, words):
    for _ in range(10):
        guess(receipt["number"])

    answer = guess_by_form(receipt["number"], path=prefix + FOLLOW)

    assert answer.status_code == 429
    assert 3590 < int(answer["Retry-After"]) <= 3600
    assert "no-store" in answer["Cache-Control"]
    text = visible_text(answer.content.decode())
    assert all(word in text for word in words), text
    assert receipt["number"] not in answer.content.decode()


def test_one_minute_is_said_in_the_singular(peer, valkey):
    for _ in range(60):
        Client().post(FORM, {})

    assert "in 1 minute." in visible_text(Client().post(f"/en{FORM}", {}).content.decode())


# --- Memory --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def occupied(monkeypatch: pytest.MonkeyPatch) -> Any:
    """All turns are taken, and nobody has the patience to wait."""
    queue = Queue(at_once=1, patience=0.01)
    monkeypatch.setattr(services, "DERIVATIONS", queue)
    return queue


def test_when_no_turn_comes_the_citizen_is_told_so_and_gets_no_receipt(peer, valkey, occupied):
    with occupied.turn():
        answers = [
            post(Client(), letter()),
            guess("20260102-123456-3"),
            Client().post(FORM, form_of(letter())),
            guess_by_form("20260102-123456-3"),
        ]

    assert [answer.status_code for answer in answers] == [503] * 4
    assert all(int(answer["Retry-After"]) >= 1 and "no-store" in answer["Cache-Control"] for answer in answers)
    assert [answer["Content-Type"] for answer in answers[:2]] == [PROBLEM] * 2
    assert "人较多" in visible_text(answers[2].content.decode())
    assert not Petition.objects.exists()


def test_who_gets_no_turn_has_not_guessed(receipt, occupied):
    with occupied.turn():
        assert {guess(receipt["number"]).status_code for _ in range(12)} == {503}

    assert guess(receipt["number"]).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_no_more_than_two_derive_at_once(peer, valkey, monkeypatch):
    lock, inside, most, together = threading.Lock(), 0, 0, threading.Barrier(8, timeout=30)
    real, statuses = services.citizen_key, []

    def derive(code: str, *, number: str) -> Any:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        try:
            return real(code, number=number)
        finally:
            with lock:
                inside -= 1

    def ask(place: int) -> None:
        together.wait()
        try:
            for _ in range(3):
                statuses.append(guess("20260102-123456-3", address=f"10.0.{place}.1").status_code)
        finally:
            connection.close()

    monkeypatch.setattr(services, "citizen_key", derive)
    threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [404] * 24
    assert most == 2


def test_nothing_that_valkey_holds_says_who_asked_for_what(receipt, valkey):
    guess(receipt["number"])

    held = b"".join(b"%s %r" % (key, valkey.zrange(key, 0, -1)) for key in valkey.keys("*"))
    assert held
    assert not re.search(rb"192\.0|%s" % receipt["number"].encode(), held)
