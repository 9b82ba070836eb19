"""A case and its reply on paper: whole, without chrome, for whoever may know of the case, and recorded."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditRecord
from internal_bridge.casework.enums import CaseState
from tests.casework.office import LEAD, OTHER, REPLY, Office
from tests.exchange.peers import Peer

pytestmark = pytest.mark.django_db


def browser(town: Office, username: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town[username])
    return client


def audited(action: str) -> int:
    return AuditRecord.objects.filter(action=action).count()


def test_an_answered_case_is_printed_whole_and_the_printing_recorded(town: Office, peer: Peer) -> None:
    case = town.bring(town.register(peer, withhold_identity=False), CaseState.ANSWERED, assisting=True)
    response = browser(town, "dispatcher").get(f"/cases/{case.number}/print/")
    html = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    for words in (case.title, case.body, case.register_label, REPLY, "请核实", "主办", "协办", "信访件存档"):
        assert words in html, words
    assert "韦国强" not in html
    assert "13700003518" not in html
    assert "zq-side" not in html
    assert audited("case.printed") == 1


def test_the_reply_is_printed_for_the_petitioner_without_internal_words(town: Office, peer: Peer) -> None:
    case = town.bring(town.register(peer), CaseState.ANSWERED)
    html = browser(town, f"handler.{LEAD}").get(f"/cases/{case.number}/reply/print/").content.decode()
    assert REPLY in html
    assert "同意。" not in html
    assert audited("case.reply_printed") == 1


@pytest.mark.parametrize("path", ["print/", "reply/print/"])
def test_who_may_not_know_of_the_case_gets_no_paper(town: Office, peer: Peer, path: str) -> None:
    case = town.bring(town.register(peer), CaseState.ANSWERED)
    accused = town.register(peer, about_unit_code="xfj")
    assert browser(town, f"handler.{OTHER}").get(f"/cases/{case.number}/{path}").status_code == 404
    assert browser(town, "dispatcher").get(f"/cases/{accused.number}/{path}").status_code == 404
    assert audited("case.printed") == audited("case.reply_printed") == 0


def test_where_there_is_no_reply_none_is_printed(town: Office, peer: Peer) -> None:
    case = town.register(peer)
    client = browser(town, "dispatcher")
    assert client.get(f"/cases/{case.number}/reply/print/").status_code == 404
    answered = town.bring(town.register(peer), CaseState.ANSWERED)
    assert client.get(f"/cases/{answered.number}/reply/print/?answer=1").status_code == 200
    assert client.get(f"/cases/{answered.number}/reply/print/?answer=2").status_code == 404
    assert client.get(f"/cases/{answered.number}/reply/print/?answer=x").status_code == 200


def test_a_long_history_takes_as_many_queries_as_a_short_one(town: Office, peer: Peer) -> None:
    client = browser(town, "dispatcher")

    def queries(number: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/cases/{number}/print/").status_code == 200
        return len(captured)

    short = town.bring(town.register(peer), CaseState.DISPATCHED, assisting=True)
    long = town.bring(town.register(peer), CaseState.CLOSED, assisting=True)
    queries(short.number)
    assert queries(long.number) == queries(short.number)
