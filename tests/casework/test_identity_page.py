"""The petitioner's identity: who may open it, and that it stands on one answer alone."""

import pytest
from django.test import Client

from core.idempotency import new_key
from core.models import AuditRecord
from internal_bridge.casework.enums import EntryKind

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HEADERS = {"accept-language": "zh-hans"}
NAME, PHONE = "韦国强", "13700003518"


def ask(town, username, case, reason=None, **headers):
    client = Client(headers=HEADERS | headers)
    client.force_login(town[username])
    path = f"/cases/{case.number}/identity/"
    return client.get(path) if reason is None else client.post(path, {"reason": reason, "idempotency_key": new_key()})


def openings(case):
    return case.entries.filter(kind=EntryKind.IDENTITY).count()


def test_with_a_reason_it_stands_on_that_answer_alone_and_in_the_history(peer, town):
    case = town.bring(town.register(peer), "in_progress")

    asked = ask(town, "handler.cgj", case)
    assert asked.status_code == 200
    assert NAME not in asked.content.decode()
    assert not openings(case)

    shown = ask(town, "handler.cgj", case, "核实现场时间")
    html = shown.content.decode()
    assert shown.status_code == 200
    assert NAME in html
    assert PHONE in html
    assert "no-store" in shown["Cache-Control"]

    client = Client(headers=HEADERS)
    client.force_login(town["dispatcher"])
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "核实现场时间" in page
    assert "王handler.cgj" in page
    assert NAME not in page
    assert openings(case) == 1
    assert AuditRecord.objects.filter(action="case.identity_opened", subject=case.subject).count() == 1


@pytest.mark.parametrize("reason", ["", "短", "长" * 201])
def test_without_a_proper_reason_nothing_is_opened(peer, town, reason):
    case = town.bring(town.register(peer), "accepted")
    response = ask(town, "dispatcher", case, reason)
    assert response.status_code == 400
    assert NAME not in response.content.decode()
    assert not openings(case)


def test_who_may_not_is_told_why_and_who_may_not_know_of_it_finds_nothing(peer, town):
    case = town.bring(town.register(peer, withhold_identity=True), "in_progress", assisting=True)
    for username in ("handler.cgj", "head.cgj", "handler.sthjj", "inspector"):
        for reason in (None, "核实现场时间"):
            response = ask(town, username, case, reason)
            assert response.status_code == 403
            assert NAME not in response.content.decode()
            assert "您不能查看" in response.content.decode()
    assert ask(town, "handler.jyj", case).status_code == 404
    assert ask(town, "handler.jyj", case, "核实现场时间").status_code == 404
    assert ask(town, "dispatcher", case, "核实现场时间").status_code == 200
    assert openings(case) == 1


def test_a_drawer_gets_the_form_without_the_page_around_it(peer, town):
    case = town.register(peer)
    html = ask(town, "dispatcher", case, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert 'name="reason"' in html
