"""Urging a case from its own page: who may, what reaches the unit, and why it is refused."""

import pytest
from django.test import Client

from core.idempotency import new_key
from internal_bridge.casework.models import Case
from internal_bridge.workflow.models import Urging
from tests.casework.office import Office
from tests.exchange.peers import Peer

pytestmark = [pytest.mark.django_db, pytest.mark.db]

WORDS = "群众又来电话，请抓紧办理。"


@pytest.fixture
def case(town: Office, peer: Peer) -> Case:
    return town.bring(town.register(peer), "in_progress")


def browser(town: Office, username: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town[username])
    return client


def urge(town: Office, username: str, case: Case, key: str | None = None) -> tuple[int, str]:
    sent = {"text": WORDS, "idempotency_key": key or new_key()}
    answer = browser(town, username).post(f"/cases/{case.number}/urge/", sent)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("username", ["dispatcher", "inspector", "head.cgj"])
def test_who_hands_out_watches_or_answers_for_it_urges_the_handler(town: Office, case: Case, username: str) -> None:
    page = browser(town, username).get(f"/cases/{case.number}/").content.decode()
    assert f'href="/cases/{case.number}/urge/"' in page

    assert urge(town, username, case)[0] == 303

    urging = Urging.objects.get()
    assert (urging.by, urging.text, urging.item.unit.code) == (town[username], WORDS, "cgj")


def test_a_handler_does_not_urge_and_who_has_no_part_knows_nothing(town: Office, case: Case) -> None:
    page = browser(town, "handler.cgj").get(f"/cases/{case.number}/").content.decode()
    assert "/urge/" not in page
    assert urge(town, "handler.cgj", case)[0] == 403
    assert urge(town, "handler.jyj", case)[0] == 404


def test_a_repeat_urges_once_and_too_soon_is_told_until_when(town: Office, case: Case) -> None:
    key = new_key()
    assert urge(town, "dispatcher", case, key)[0] == 303
    assert urge(town, "dispatcher", case, key)[0] == 303
    assert Urging.objects.count() == 1

    status, html = urge(town, "dispatcher", case)
    assert status == 409
    assert "后可再催" in html
    assert WORDS in html


def test_what_waits_for_nobody_is_not_urged(town: Office, peer: Peer) -> None:
    case = town.register(peer)
    page = browser(town, "dispatcher").get(f"/cases/{case.number}/").content.decode()
    assert "/urge/" not in page
    status, html = urge(town, "dispatcher", case)
    assert status == 409
    assert WORDS in html
