"""The form with files, without script: what is wrong is named, what has arrived stays, nothing is sealed twice by a repeat."""

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import files
from core.uploads import MAX_SIZE
from internal_bridge.exchange.files import sweep_files
from internal_bridge.exchange.models import OutgoingMessage, StoredFile
from petitions.models import Petition
from tests.core.samples import JPEG, PDF, TEXT, upload
from tests.exchange.peers import Peer
from tests.petitions.attached import NAME, fill_in, here, kept_fields
from tests.petitions.letters import FORM, form_of, hidden_fields, letter, opened_by_office, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_a_letter_with_a_file_is_taken(client: Client, peer: Peer) -> None:
    response = fill_in(client, upload(NAME, JPEG))

    assert response.status_code == 201
    assert opened_by_office(peer, OutgoingMessage.objects.get())["attachments"][0]["name"] == NAME


def test_with_an_error_elsewhere_files_need_not_be_sent_again(client: Client, peer: Peer, folder: Path) -> None:
    shown = fill_in(client, upload(NAME, JPEG), title="")
    html = shown.content.decode()

    assert shown.status_code == 400
    assert NAME in visible_text(html)
    assert len(here(folder)) == 1
    again = client.post(FORM, form_of(letter(), **hidden_fields(html)) | kept_fields(html))
    assert again.status_code == 201
    (found,) = opened_by_office(peer, OutgoingMessage.objects.get())["attachments"]
    assert (found["name"], found["size"]) == (NAME, len(JPEG))
    assert b"".join(files.decrypt_file(here(folder)[0], bytes.fromhex(found["key"]))) == JPEG


def test_the_server_keeps_nothing_that_opens_a_kept_file(client: Client, peer: Peer, folder: Path) -> None:
    fill_in(client, upload(NAME, JPEG), title="")

    assert not StoredFile.objects.exists()
    assert [path.name for path in here(folder)] == [hashlib.sha256(here(folder)[0].read_bytes()).hexdigest()]


def test_a_kept_file_can_be_taken_out(client: Client, peer: Peer, folder: Path) -> None:
    html = fill_in(client, upload(NAME, JPEG), upload("b.pdf", PDF), title="").content.decode()
    kept = kept_fields(html)

    fields = form_of(letter()) | {"attachments-kept": kept["attachments-kept"], "attachments-removed": kept["boxes"][0]}
    assert client.post(FORM, fields).status_code == 201

    (found,) = opened_by_office(peer, OutgoingMessage.objects.get())["attachments"]
    assert found["name"] == "b.pdf"
    assert len(here(folder)) == 1


@pytest.mark.parametrize(
    ("bad", "status", "said"),
    [
        (upload("夜间施工.mp4", b"\x00\x00\x00\x18ftypisom".ljust(MAX_SIZE + 1, b"\0")), 413, "“夜间施工.mp4”太大"),
        (upload("声音.exe", b"MZ\x90\x00" + bytes(200)), 415, "“声音.exe”"),
        (upload("空.txt", b""), 400, "“空.txt”"),
    ],
    ids=["too large", "wrong type", "empty"],
)
def test_one_bad_file_is_named_and_the_others_stay(
    client: Client, peer: Peer, folder: Path, bad: Any, status: int, said: str
) -> None:
    bad.seek(0)
    shown = fill_in(client, upload(NAME, JPEG), bad, upload("说明.txt", TEXT))
    html = shown.content.decode()

    assert shown.status_code == status
    assert said in visible_text(html)
    assert len(kept_fields(html)["attachments-kept"]) == len(here(folder)) == 2
    assert client.post(FORM, form_of(letter()) | kept_fields(html)).status_code == 201


def test_kept_and_new_files_together_are_five_at_most(client: Client, peer: Peer, folder: Path) -> None:
    html = fill_in(client, *[upload(f"{n}.jpg", JPEG) for n in range(4)], title="").content.decode()

    fields = form_of(letter()) | kept_fields(html) | {"attachments": [upload("x.jpg", JPEG), upload("y.jpg", JPEG)]}
    shown = client.post(FORM, fields)

    assert shown.status_code == 400
    assert len(kept_fields(shown.content.decode())["attachments-kept"]) == len(here(folder)) == 5


def test_a_form_left_open_too_long_says_which_file_is_gone(client: Client, peer: Peer, folder: Path) -> None:
    html = fill_in(client, upload(NAME, JPEG), title="").content.decode()
    os.utime(here(folder)[0], (0, time.time() - 3700))
    sweep_files()

    shown = client.post(FORM, form_of(letter()) | kept_fields(html))

    assert shown.status_code == 400
    assert f"“{NAME}”" in visible_text(shown.content.decode())


def test_an_altered_hidden_field_counts_for_nothing(client: Client, peer: Peer) -> None:
    html = fill_in(client, upload(NAME, JPEG), title="").content.decode()
    (token,) = kept_fields(html)["attachments-kept"]

    fields = form_of(letter()) | {"attachments-kept": [token[:-1] + ("A" if token[-1] != "A" else "B"), "x"]}

    assert client.post(FORM, fields).status_code == 201
    assert opened_by_office(peer, OutgoingMessage.objects.get())["attachments"] == []


def test_who_knows_a_digest_cannot_delete_the_file(client: Client, peer: Peer, folder: Path) -> None:
    fill_in(client, upload(NAME, JPEG), title="")

    client.post(FORM, form_of(letter()) | {"attachments-removed": here(folder)[0].name})

    assert len(here(folder)) == 1


def test_the_same_form_again_with_the_file_chosen_again_is_the_same_receipt(client: Client, peer: Peer) -> None:
    fields = form_of(letter())

    pages = [client.post(FORM, fields | {"attachments": upload(NAME, JPEG)}).content.decode() for _ in range(2)]

    assert Petition.objects.count() == StoredFile.objects.count() == 1
    number = Petition.objects.get().number
    assert all(number in page for page in pages)


def test_without_the_forms_own_token_nothing_stays(peer: Peer, folder: Path) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = fill_in(strict, upload(NAME, JPEG))

    assert response.status_code == 403
    assert here(folder) == []
    assert not Petition.objects.exists()


def test_with_it_the_form_is_taken(peer: Peer) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = hidden_fields(strict.get(FORM).content.decode())["csrfmiddlewaretoken"]

    assert fill_in(strict, upload(NAME, JPEG), csrfmiddlewaretoken=token).status_code == 201
