"""The redaction proposal: who may ask for it, what comes back, what is left nowhere; and the command that measures it."""

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditRecord, DomainEvent
from core.tokens import issue_token
from internal_bridge.casework.redaction import propose_redaction
from tests.casework.cases import make_person

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/redaction/propose/"
TEXT = " 😀我叫韦志光，电话１３８　００００　１２３４。\r\n张书记知道。 "


def client_of(role: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(make_person(f"{role}.x", role))
    return client


def ask(client: Client, body: Any, *, address: str = ADDRESS, **options: Any) -> Any:
    return client.post(address, body, content_type="application/json", **options)


@pytest.mark.parametrize("role", ["handler", "dispatcher"])
def test_handlers_and_dispatchers_get_the_redacted_text_and_its_spans(role: str) -> None:
    answer = ask(client_of(role), {"text": TEXT})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.json() == {
        "text": " 😀我叫韦某，电话（电话略）。\r\n张书记知道。 ",
        "spans": [
            {"start": 4, "end": 7, "type": "name", "text": "韦志光"},
            {"start": 10, "end": 23, "type": "phone", "text": "１３８　００００　１２３４"},
        ],
    }
    assert all(TEXT[span["start"] : span["end"]] == span["text"] for span in answer.json()["spans"])


@pytest.mark.parametrize("role", ["head", "inspector", "leader", "secretary", "sysadmin", "secadmin", "auditor"])
def test_others_are_refused_whatever_they_send(role: str) -> None:
    client = client_of(role)
    assert ask(client, {"text": TEXT}).status_code == 403
    assert ask(client, {"nothing": 1}).status_code == 403
    with pytest.raises(PermissionDenied):
        propose_redaction(person=make_person("other", role), text=TEXT)


def test_strangers_are_asked_who_they_are_and_a_token_is_enough() -> None:
    assert ask(Client(), {"text": TEXT}).status_code == 401
    secret, _ = issue_token(user=make_person("handler.y", "handler"), address="")
    assert ask(Client(), {"text": TEXT}, headers={"authorization": f"Bearer {secret}"}).status_code == 200


def test_a_browsers_call_needs_its_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person("handler.z", "handler"))
    assert ask(client, {"text": TEXT}).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": None}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "字" * 5_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "好", "known": ["韦志光"]}, "known"),
        ([], "non_field_errors"),
    ],
)
def test_a_body_that_is_not_as_agreed_is_refused_by_field(body: Any, field: str) -> None:
    answer = ask(client_of("handler"), body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == {field}


def test_unknown_parameters_and_other_methods_are_refused() -> None:
    client = client_of("handler")
    assert ask(client, {"text": TEXT}, address=f"{ADDRESS}?known=1").status_code == 400
    assert client.get(ADDRESS).status_code == 405
    assert client.post(ADDRESS, {"text": TEXT}).status_code == 415


def test_the_longest_text_is_taken_and_a_key_is_ignored() -> None:
    client = client_of("dispatcher")
    for text in ("我叫韦志光。" * 833, "短"):
        answer = ask(client, {"text": text}, headers={"idempotency-key": "short"})
        assert answer.status_code == 200


def test_nothing_of_the_text_is_kept_logged_or_audited(caplog: pytest.LogCaptureFixture) -> None:
    client = client_of("handler")
    before = AuditRecord.objects.count(), DomainEvent.objects.count()
    with (
        caplog.at_level(logging.DEBUG),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        assert ask(client, {"text": TEXT}).status_code == 200
        assert ask(client, {"text": TEXT, "韦志光": 1}).status_code == 400
    assert (AuditRecord.objects.count(), DomainEvent.objects.count()) == before
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    said += [query["sql"] for query in queries.captured_queries]
    assert not [line for line in said if "志光" in line or "１３８" in line]


# --- Before and after -----------------------------------------------------------------------------------------------------


def test_names_that_the_case_knows_are_left_out_too() -> None:
    proposal = propose_redaction(person=make_person("h", "handler"), text="明月又来问了", known=["明月"])
    assert proposal.text == "明某又来问了"


# --- How well it does -----------------------------------------------------------------------------------------------------


def test_the_command_prints_recall_and_precision_in_all_by_half_and_by_type(tmp_path: Path) -> None:
    data = tmp_path / "marked.jsonl"
    data.write_text(
        '{"id": "p0001", "body": "我叫韦志光，电话13800001234。", "personal": ["韦志光", "13800001234"]}\n'
        '{"id": "p0002", "body": "我叫韦志光，外号铁头。", "personal": ["铁头"]}\n'
    )
    out = io.StringIO()
    call_command("evaluate_redaction", data=data, stdout=out)
    lines = {line[:24].strip(): line[24:].split() for line in out.getvalue().splitlines()}
    assert lines["all"] == ["3", "2", "0.6667", "3", "2", "0.6667"]
    assert lines["odd ids, developed on"] == ["2", "2", "1.0000", "2", "2", "1.0000"]
    assert lines["even ids, held out"] == ["1", "0", "0.0000", "1", "0", "0.0000"]
    assert lines["phone"] == ["1", "1", "1.0000", "1", "1", "1.0000"]
    assert lines["wechat"] == ["0", "0", "–", "0", "0", "–"]


def test_what_is_no_file_of_marked_petitions_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_redaction", data=tmp_path / "none.jsonl")
