"""Attachments: sealed while they come in, named only where the citizen's or the office's key opens."""

import hashlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from core import files
from core.idempotency import new_key
from core.uploads import MAX_SIZE
from internal_bridge.exchange.files import sweep_files
from internal_bridge.exchange.models import OutgoingMessage, StoredFile
from petitions import services
from petitions.attachments import MAX_BODY
from petitions.models import Petition
from tests.core.samples import JPEG, PDF, upload
from tests.exchange.peers import Peer
from tests.petitions.attached import NAME, fill_in, here, send
from tests.petitions.letters import API, FORM, letter, opened_by_office, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.bridge, pytest.mark.usefixtures("folder")]

PLANTED = "韦国强13700003518在江滨路".encode()


class TestSubmitting:
    def test_the_office_finds_names_keys_and_the_files_that_they_open(self, client: Client, peer: Peer) -> None:
        response = send(client, upload(NAME, JPEG), upload("许可.pdf", PDF))

        assert response.status_code == 201
        content = opened_by_office(peer, OutgoingMessage.objects.get())
        found = [(one["name"], one["type"], one["size"], one["sha256"]) for one in content["attachments"]]
        assert found == [
            (NAME, "image/jpeg", len(JPEG), hashlib.sha256(JPEG).hexdigest()),
            ("许可.pdf", "application/pdf", len(PDF), hashlib.sha256(PDF).hexdigest()),
        ]
        for one, plain in zip(content["attachments"], (JPEG, PDF), strict=True):
            assert b"".join(files.decrypt_file(files.path_of(one["digest"]), bytes.fromhex(one["key"]))) == plain
            stored = StoredFile.objects.get(digest=one["digest"])
            assert stored.size == files.path_of(one["digest"]).stat().st_size

    def test_plain_bytes_of_five_megabytes_touch_no_disk(
        self, client: Client, peer: Peer, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))
        written: list[bytes] = []
        seal = files.FileSealer._append

        def watched(self: Any, sealed: bytes) -> None:
            seal(self, sealed)
            written.extend(path.read_bytes() for path in [*here(folder), *here(scratch)])

        monkeypatch.setattr(files.FileSealer, "_append", watched)

        response = send(client, upload(NAME, JPEG + PLANTED * 150_000))

        assert response.status_code == 201
        assert len(written) >= 5
        assert here(scratch) == []
        assert not any(PLANTED in content or PLANTED[:12] in content for content in written)
        assert all(PLANTED not in path.read_bytes() and NAME not in path.name for path in here(folder))

    def test_names_and_number_of_files_are_nowhere_in_the_rows(self, client: Client, peer: Peer) -> None:
        send(client, upload(NAME, JPEG))

        for model in (Petition, OutgoingMessage, StoredFile):
            for row in model.objects.values():
                text = b" ".join(
                    bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode() for value in row.values()
                )
                assert NAME.encode() not in text
                assert b"jpeg" not in text

    def test_objects_in_parts_are_json(self, client: Client, peer: Peer) -> None:
        people = [{"name": "覃小月", "phone": "13900001207"}, {"name": "陆建", "phone": "13900001208"}]
        parts = letter(withhold_identity="true", allow_publication="false", on_behalf_of='{"name": "韦老", "relation": "父亲"}')

        one = client.post(API, parts | {"representatives": json.dumps(people)})
        each = client.post(API, parts | {"representatives": [json.dumps(person) for person in people]})

        assert [one.status_code, each.status_code] == [201, 201]
        for sent in OutgoingMessage.objects.all():
            content = opened_by_office(peer, sent)
            assert content["representatives"] == people
            assert content["on_behalf_of"] == {"name": "韦老", "relation": "父亲"}
            assert content["withhold_identity"] is True
            assert content["attachments"] == []

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"colour": "red"}, "colour"),
            ({"attachments": "no file"}, "attachments"),
            ({"title": ["一个标题", "又一个标题"]}, "title"),
            ({"representatives": "none"}, "representatives"),
            ({"evidence": upload("a.jpg", JPEG)}, "evidence"),
        ],
    )
    def test_unknown_and_malformed_parts_are_refused(
        self, client: Client, peer: Peer, folder: Path, changes: dict[str, Any], field: str
    ) -> None:
        response = client.post(API, letter() | {"attachments": upload("b.jpg", JPEG)} | changes)

        assert response.status_code == 400
        assert list(response.json()["errors"]) == [field]
        assert here(folder) == []


class TestLimits:
    def test_twenty_megabytes_are_taken_and_a_byte_more_is_not(self, client: Client, peer: Peer, folder: Path) -> None:
        whole = JPEG.ljust(MAX_SIZE, b"\1")

        assert send(client, upload("whole.jpg", whole)).status_code == 201
        refused = send(client, upload("more.jpg", whole + b"\1"), upload("small.jpg", JPEG))

        assert refused.status_code == 413
        assert refused["Content-Type"] == "application/problem+json"
        assert "more.jpg" in refused.json()["detail"]
        assert len(here(folder)) == Petition.objects.count() == 1

    def test_five_files_are_taken_and_six_are_not(self, client: Client, peer: Peer, folder: Path) -> None:
        assert send(client, *[upload(f"{n}.jpg", JPEG) for n in range(5)]).status_code == 201
        assert send(client, *[upload(f"{n}.jpg", JPEG) for n in range(6)]).status_code == 413

        assert len(here(folder)) == 5

    @pytest.mark.parametrize("name", ["photo.jpg", "letter.txt", "scan.pdf"])
    def test_a_program_by_any_other_name_is_refused(self, client: Client, peer: Peer, folder: Path, name: str) -> None:
        response = send(client, upload(name, b"MZ\x90\x00" + bytes(200), "image/jpeg"))

        assert response.status_code == 415
        assert name in response.json()["detail"]
        assert here(folder) == []

    def test_an_empty_file_is_refused_by_name(self, client: Client, peer: Peer, folder: Path) -> None:
        response = send(client, upload("empty.txt", b""))

        assert response.status_code == 400
        assert "empty.txt" in response.json()["errors"]["attachments"][0]
        assert here(folder) == []

    def test_a_body_beyond_all_measure_is_not_read(self, client: Client, peer: Peer) -> None:
        answers = [
            client.generic("POST", path, b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(MAX_BODY + 1))
            for path in (API, FORM)
        ]

        assert [answer.status_code for answer in answers] == [413, 413]
        assert "没有提交" in visible_text(answers[1].content.decode())

    def test_an_upload_that_breaks_off_leaves_nothing(self, client: Client, peer: Peer, folder: Path) -> None:
        body = b'--b\r\nContent-Disposition: form-data; name="attachments"; filename="a.jpg"\r\n\r\n' + JPEG * 9000

        response = client.generic("POST", API, body, content_type="multipart/form-data; boundary=b")

        assert response.status_code == 400
        assert here(folder) == []

    def test_a_full_disk_is_said_plainly(self, client: Client, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*args: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(files.FileSealer, "write", full)

        assert send(client, upload("a.jpg", JPEG)).status_code == 503
        assert fill_in(client, upload("a.jpg", JPEG)).status_code == 503
        assert not Petition.objects.exists()


class TestRepeats:
    def test_the_same_files_again_are_the_same_receipt(self, client: Client, peer: Peer, folder: Path) -> None:
        key = new_key()

        first, again = (send(client, upload(NAME, JPEG), upload("b.pdf", PDF), key=key) for _ in range(2))

        assert first.json() == again.json()
        assert Petition.objects.count() == 1
        assert len(here(folder)) == StoredFile.objects.count() == 2

    @pytest.mark.parametrize(
        "others",
        [[], [upload(NAME, JPEG + b"\1")], [upload("other.jpg", JPEG)], [upload(NAME, JPEG), upload("b.pdf", PDF)]],
        ids=["none", "other bytes", "other name", "one more"],
    )
    def test_other_files_under_the_same_key_are_a_conflict(
        self, client: Client, peer: Peer, folder: Path, others: list[Any]
    ) -> None:
        key = new_key()
        send(client, upload(NAME, JPEG), key=key)

        response = send(client, *others, key=key)

        assert response.status_code == 409
        assert len(here(folder)) == Petition.objects.count() == 1

    def test_files_of_a_letter_that_could_not_be_stored_are_left_to_the_sweep(
        self, client: Client, peer: Peer, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**kwargs: Any) -> None:
            raise DatabaseError

        monkeypatch.setattr(services, "send_message", fail)

        assert send(client, upload(NAME, JPEG)).status_code == 503

        (path,) = here(folder)
        assert not StoredFile.objects.exists()
        os.utime(path, (0, time.time() - 3700))
        assert sweep_files() == 1
