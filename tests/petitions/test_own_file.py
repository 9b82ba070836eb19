"""One's own file: the letter and what came along, listed and handed out to whoever has number and code."""

import hashlib
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from core import files
from internal_bridge.exchange.models import StoredFile
from petitions.models import Petition
from tests.core.samples import JPEG, PDF, upload
from tests.exchange.peers import Peer
from tests.petitions.attached import NAME, send
from tests.petitions.letters import API, FOLLOW, hidden_fields, letter, read, say, visible_text
from tests.petitions.letters import ask as ask_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


@pytest.fixture
def receipt(client: Client, peer: Peer) -> dict[str, str]:
    return send(client, upload(NAME, JPEG), upload("b:许可.pdf", PDF)).json()


def unpacked(response: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def ask(client: Client, receipt: dict[str, str], **headers: str) -> Any:
    path = f"{API}{receipt['number']}/file/"
    return client.get(path, headers={"x-receipt-code": receipt["receipt_code"], "accept-language": "zh-hans", **headers})


def follow(client: Client, receipt: dict[str, str], path: str = FOLLOW) -> Any:
    return client.post(path, {"number": receipt["number"], "code": receipt["receipt_code"]})


def test_the_api_lists_what_was_sent(client: Client, receipt: dict[str, str]) -> None:
    assert read(client, receipt).json()["attachments"] == [
        {"name": NAME, "size": len(JPEG), "sha256": hashlib.sha256(JPEG).hexdigest(), "available": True},
        {"name": "b:许可.pdf", "size": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest(), "available": True},
    ]


@pytest.mark.parametrize("accept", ["*/*", "application/zip", "application/json"])
def test_the_archive_holds_letter_and_attachments(client: Client, receipt: dict[str, str], accept: str) -> None:
    response = ask(client, receipt, accept=accept)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="{receipt["number"]}.zip"'
    assert "no-store" in response["Cache-Control"]
    number = receipt["number"]
    found = unpacked(response)
    assert found[f"{number}/附件/1-{NAME}"] == JPEG
    assert found[f"{number}/附件/2-b_许可.pdf"] == PDF
    page = found[f"{number}/{number}.html"].decode()
    for part in (number, letter()["title"], letter()["body"], letter()["name"], NAME):
        assert part in page
    # It is read away from here: nothing is fetched, nothing runs.
    assert not re.search("<(script|link|img|style)|(src|href|style)=", page)
    told = json.loads(found[f"{number}/{number}.json"])
    Draft202012Validator(json.loads(found[f"{number}/schema.json"]), format_checker=FormatChecker()).validate(told)
    assert (told["number"], told["body"], told["form"]["phone"]) == (number, letter()["body"], letter()["phone"])
    assert [one["file"] for one in told["attachments"]] == [f"附件/1-{NAME}", "附件/2-b_许可.pdf"]


def test_everything_that_was_said_and_each_explained_date_is_in_it(client: Client, peer: Peer, receipt: dict[str, str]) -> None:
    petition = Petition.objects.get()
    ask_citizen(peer, petition, "夜里还听到<b>施工声</b>吗？")
    supplements = f"{API}{receipt['number']}/supplements/"
    code = {"x-receipt-code": receipt["receipt_code"]}
    client.post(supplements, {"text": "还有。", "attachments": [upload("夜里.jpg", JPEG)]}, headers=code)
    limit = {
        "stage": "answer",
        "due": "2099-10-16",
        "basis": "petition_2022:34",
        "state": "running",
        "explanation": [{"code": "calendar_days", "params": {"days": 60}}],
    }
    say(peer, petition, status="in_progress", event="extended", deadlines=[limit], params={"days": 5, "due": "2099-10-16"})

    found, number = unpacked(ask(client, receipt)), receipt["number"]
    told, page = json.loads(found[f"{number}/{number}.json"]), found[f"{number}/{number}.html"].decode()
    Draft202012Validator(json.loads(found[f"{number}/schema.json"]), format_checker=FormatChecker()).validate(told)
    assert [message["from"] for message in told["messages"]] == ["office", "citizen"]
    assert told["messages"][1]["attachments"][0]["file"] == "附件/3-夜里.jpg"
    assert found[f"{number}/附件/3-夜里.jpg"] == JPEG
    (shown,) = told["deadlines"]
    assert (shown["due"], shown["explanation"]) == ("2099-10-16", ["共计60日，节假日计算在内。"])
    for part in ("&lt;b&gt;施工声&lt;/b&gt;", "还有。", "60日", "信访工作条例"):
        assert part in page
    assert "rating_token" not in json.dumps(told)


def test_the_page_lists_them_and_has_the_button_for_it(client: Client, receipt: dict[str, str]) -> None:
    page = follow(client, receipt).content.decode()
    assert NAME in visible_text(page)

    response = client.post("/petitions/follow/file/", hidden_fields(page))

    assert f"{receipt['number']}/附件/1-{NAME}" in unpacked(response)


def test_of_a_purged_file_name_and_hash_are_left(client: Client, receipt: dict[str, str]) -> None:
    stored = StoredFile.objects.order_by("id").first()
    assert stored is not None
    StoredFile.objects.filter(pk=stored.pk).update(purged_at=stored.stored_at)
    files.delete_file(stored.digest)

    found = unpacked(ask(client, receipt))

    number = receipt["number"]
    papers = [f"{number}/{number}.html", f"{number}/{number}.json", f"{number}/schema.json"]
    assert sorted(found) == sorted([*papers, f"{number}/附件/2-b_许可.pdf"])
    text = found[f"{number}/{number}.html"].decode()
    listed = json.loads(found[f"{number}/{number}.json"])["attachments"]
    assert [one["file"] for one in listed] == [None, "附件/2-b_许可.pdf"]
    assert hashlib.sha256(JPEG).hexdigest() in text
    assert "不再保存" in text
    assert "不再保存" in visible_text(follow(client, receipt).content.decode())


@pytest.mark.parametrize("spoilt", [{"number": "20261124-000000-0"}, {"receipt_code": "0000-0000-0000-0000-0000"}])
def test_number_and_code_must_belong_together(client: Client, receipt: dict[str, str], spoilt: dict[str, str]) -> None:
    assert ask(client, receipt | spoilt).status_code == 404
    assert ask(client, receipt | spoilt)["Content-Type"] == "application/problem+json"
    assert follow(client, receipt | spoilt, "/petitions/follow/file/").status_code in (400, 404)


def test_the_address_alone_leads_to_the_follow_page(client: Client) -> None:
    response = client.get("/petitions/follow/file/")

    assert (response.status_code, response["Location"]) == (302, FOLLOW)


def test_unknown_parameters_are_refused(client: Client, receipt: dict[str, str]) -> None:
    response = client.get(f"{API}{receipt['number']}/file/?colour=red", headers={"x-receipt-code": receipt["receipt_code"]})

    assert response.status_code == 400
