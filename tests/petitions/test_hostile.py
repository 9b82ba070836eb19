"""Whatever is sent to form or API: a clear error, or a harmless result; and nothing of what was typed is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.text import HIDDEN
from internal_bridge.exchange.models import OutgoingMessage
from petitions.api.serializers import SubmissionSerializer
from petitions.models import Petition
from tests.core.samples import upload
from tests.petitions.attached import here
from tests.petitions.attached import send as send_files
from tests.petitions.hostile import FILES, TEXTS, expected
from tests.petitions.letters import FOLLOW, FORM, form_of, letter, opened_by_office, post, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_there_are_enough_of_them() -> None:
    assert len(TEXTS) >= 60
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_refused_with_a_word_or_is_just_text(client: Client, peer: Any, name: str) -> None:
    text, arrives = TEXTS[name][0], expected(name)

    # The API's answer would cost another derivation: what it makes of a body is asked of its description.
    by_api = SubmissionSerializer(data=letter(body=text))
    by_form = client.post(FORM, form_of(letter(body=text)))

    if arrives is None:
        assert not by_api.is_valid()
        assert by_form.status_code == 400
        assert set(by_api.errors) == set(by_form.context["form"].errors) == {"body"}
        assert by_form.context["form"]["body"].value() == text
        return
    assert by_api.is_valid()
    assert by_form.status_code == 201
    assert by_api.validated_data["body"] == opened_by_office(peer, OutgoingMessage.objects.get())["body"] == arrives
    assert not HIDDEN.search(arrives)


@pytest.mark.parametrize("name", ["script", "nul", "right to left override", "100 kB", "attribute", "closing tags", "emoji"])
def test_whatever_stands_in_every_field_comes_back_as_it_was_typed(client: Client, peer: Any, name: str) -> None:
    text = TEXTS[name][0]
    typed = ["title", "place", "about_person", "name", "phone", "email", "behalf_name", "representative_1_name", "unit_words"]

    shown = client.post(FORM, form_of(letter(body="灯")) | dict.fromkeys(typed, text))

    assert shown.status_code == 400
    assert [field for field in typed if shown.context["form"][field].value() != text] == []
    html = shown.content.decode()
    assert "<script>alert" not in html
    assert '" onfocus=alert(1)' not in html
    assert not Petition.objects.exists()


def test_what_is_read_again_is_text(client: Client, peer: Any) -> None:
    planted = "\n".join(text for text, _arrives in list(TEXTS.values())[:13])
    receipt = post(client, letter(body=planted)).json()

    shown = client.post(FOLLOW, {"number": receipt["number"], "code": receipt["receipt_code"]}).content.decode()

    assert "&lt;script&gt;alert(1)" in shown
    assert not [sign for sign in ("<script>alert", "<svg/", "<img src=x", "<style>*", "]]>") if sign in shown.split("<main")[1]]


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_by_name_or_arrives_as_what_it_is(client: Client, peer: Any, folder: Path, name: str) -> None:
    called, content, arrives = FILES[name]

    by_form = client.post(FORM, form_of(letter()) | {"attachments": [upload(called, content)]})

    if arrives is None:
        by_api = send_files(client, upload(called, content))
        assert by_form.status_code == by_api.status_code
        assert by_form.status_code in {400, 413, 415}
        assert set(by_form.context["form"].errors) == {"attachments"}
        assert by_form.context["form"]["body"].value() == letter()["body"]
        assert "”" in visible_text(by_form.content.decode())
        assert by_api["content-type"].startswith("application/problem+json")
        assert here(folder) == []
        assert not Petition.objects.exists()
        return
    assert by_form.status_code == 201
    (found,) = opened_by_office(peer, OutgoingMessage.objects.get())["attachments"]
    assert found["type"] == arrives
    assert len(found["name"]) <= 200
    assert not set("/\\\r\n\0") & set(found["name"])
    assert not HIDDEN.search(found["name"])
    assert not found["name"].endswith((".exe", ".js", ".bat", ".html"))
    # What lies on the disk is sealed: nothing of it can be run or looked at.
    assert all(content[:64] not in path.read_bytes() for path in here(folder))


def test_a_body_that_is_no_letter_at_all_is_answered_plainly(client: Client, peer: Any) -> None:
    for body in (b"", b"\xff\xfe\x00", b"[]", b'"x"', b"[" * 5_000, json.dumps({"body": "\ud800"}).encode()):
        answer = client.generic("POST", "/api/v1/petitions/", body, content_type="application/json")
        assert answer.status_code == 400, body
    assert client.generic("POST", FORM, b"--x\r\nnonsense", content_type="multipart/form-data; boundary=x").status_code == 400
    assert client.generic("POST", FORM, b"%%%", content_type="application/x-www-form-urlencoded").status_code == 400
    assert not Petition.objects.exists()
