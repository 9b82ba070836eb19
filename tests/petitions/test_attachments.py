"""Attachments: sealed while they come in, named only where the citizen's or the office's key opens."""

import hashlib
import io
import json
import os
import re
import tempfile
import time
import zipfile
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
from tests.core.samples import JPEG, PDF, TEXT, upload
from tests.exchange.peers import Peer
from tests.petitions.letters import API, FOLLOW, FORM, form_of, hidden_fields, letter, opened_by_office, read, visible_text

pytestmark = pytest.mark.django_db

NAME = "夜间施工-韦国强.jpg"
PLANTED = "韦国强13700003518在江滨路".encode()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def here(folder: Path) -> list[Path]:
    """What lies in the files' folder, finished or not."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def send(client: Client, *attached: Any, key: str | None = None, **changes: Any) -> Any:
    """A letter with files to the API."""
    headers = {"accept-language": "zh-hans"} | ({"idempotency-key": key} if key else {})
    parts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in letter(**changes).items()}
    return client.post(API, parts | {"attachments": list(attached)}, headers=headers)


def fill_in(client: Client, *attached: Any, **changes: Any) -> Any:
    """The form with files, as a browser sends it."""
    fields = form_of(letter(), **changes)
    return client.post(FORM, fields | {"attachments": list(attached)})


def kept_fields(html: str) -> dict[str, list[str]]:
    """The hidden fields and the check boxes of the files that a form shown again has kept."""
    return {
        "attachments-kept": re.findall(r'name="attachments-kept" value="([^"]+)"', html),
        "boxes": re.findall(r'name="attachments-removed" value="([^"]+)"', html),
    }


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


class TestTheForm:
    def test_a_letter_with_a_file_is_taken(self, client: Client, peer: Peer) -> None:
        response = fill_in(client, upload(NAME, JPEG))

        assert response.status_code == 201
        assert opened_by_office(peer, OutgoingMessage.objects.get())["attachments"][0]["name"] == NAME

    def test_with_an_error_elsewhere_files_need_not_be_sent_again(self, client: Client, peer: Peer, folder: Path) -> None:
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

    def test_the_server_keeps_nothing_that_opens_a_kept_file(self, client: Client, peer: Peer, folder: Path) -> None:
        fill_in(client, upload(NAME, JPEG), title="")

        assert not StoredFile.objects.exists()
        assert [path.name for path in here(folder)] == [hashlib.sha256(here(folder)[0].read_bytes()).hexdigest()]

    def test_a_kept_file_can_be_taken_out(self, client: Client, peer: Peer, folder: Path) -> None:
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
        self, client: Client, peer: Peer, folder: Path, bad: Any, status: int, said: str
    ) -> None:
        bad.seek(0)
        shown = fill_in(client, upload(NAME, JPEG), bad, upload("说明.txt", TEXT))
        html = shown.content.decode()

        assert shown.status_code == status
        assert said in visible_text(html)
        assert len(kept_fields(html)["attachments-kept"]) == len(here(folder)) == 2
        assert client.post(FORM, form_of(letter()) | kept_fields(html)).status_code == 201

    def test_kept_and_new_files_together_are_five_at_most(self, client: Client, peer: Peer, folder: Path) -> None:
        html = fill_in(client, *[upload(f"{n}.jpg", JPEG) for n in range(4)], title="").content.decode()

        fields = form_of(letter()) | kept_fields(html) | {"attachments": [upload("x.jpg", JPEG), upload("y.jpg", JPEG)]}
        shown = client.post(FORM, fields)

        assert shown.status_code == 400
        assert len(kept_fields(shown.content.decode())["attachments-kept"]) == len(here(folder)) == 5

    def test_a_form_left_open_too_long_says_which_file_is_gone(self, client: Client, peer: Peer, folder: Path) -> None:
        html = fill_in(client, upload(NAME, JPEG), title="").content.decode()
        os.utime(here(folder)[0], (0, time.time() - 3700))
        sweep_files()

        shown = client.post(FORM, form_of(letter()) | kept_fields(html))

        assert shown.status_code == 400
        assert f"“{NAME}”" in visible_text(shown.content.decode())

    def test_an_altered_hidden_field_counts_for_nothing(self, client: Client, peer: Peer) -> None:
        html = fill_in(client, upload(NAME, JPEG), title="").content.decode()
        (token,) = kept_fields(html)["attachments-kept"]

        fields = form_of(letter()) | {"attachments-kept": [token[:-1] + ("A" if token[-1] != "A" else "B"), "x"]}

        assert client.post(FORM, fields).status_code == 201
        assert opened_by_office(peer, OutgoingMessage.objects.get())["attachments"] == []

    def test_who_knows_a_digest_cannot_delete_the_file(self, client: Client, peer: Peer, folder: Path) -> None:
        fill_in(client, upload(NAME, JPEG), title="")

        client.post(FORM, form_of(letter()) | {"attachments-removed": here(folder)[0].name})

        assert len(here(folder)) == 1

    def test_the_same_form_again_with_the_file_chosen_again_is_the_same_receipt(self, client: Client, peer: Peer) -> None:
        fields = form_of(letter())

        pages = [client.post(FORM, fields | {"attachments": upload(NAME, JPEG)}).content.decode() for _ in range(2)]

        assert Petition.objects.count() == StoredFile.objects.count() == 1
        number = Petition.objects.get().number
        assert all(number in page for page in pages)

    def test_without_the_forms_own_token_nothing_stays(self, peer: Peer, folder: Path) -> None:
        strict = Client(enforce_csrf_checks=True)

        response = fill_in(strict, upload(NAME, JPEG))

        assert response.status_code == 403
        assert here(folder) == []
        assert not Petition.objects.exists()

    def test_with_it_the_form_is_taken(self, peer: Peer) -> None:
        strict = Client(enforce_csrf_checks=True)
        token = hidden_fields(strict.get(FORM).content.decode())["csrfmiddlewaretoken"]

        assert fill_in(strict, upload(NAME, JPEG), csrfmiddlewaretoken=token).status_code == 201


class TestOnesOwnFile:
    @pytest.fixture
    def receipt(self, client: Client, peer: Peer) -> dict[str, str]:
        return send(client, upload(NAME, JPEG), upload("b:许可.pdf", PDF)).json()

    def unpacked(self, response: Any) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}

    def ask(self, client: Client, receipt: dict[str, str], **headers: str) -> Any:
        path = f"{API}{receipt['number']}/file/"
        return client.get(path, headers={"x-receipt-code": receipt["receipt_code"], "accept-language": "zh-hans", **headers})

    def follow(self, client: Client, receipt: dict[str, str], path: str = FOLLOW) -> Any:
        return client.post(path, {"number": receipt["number"], "code": receipt["receipt_code"]})

    def test_the_api_lists_what_was_sent(self, client: Client, receipt: dict[str, str]) -> None:
        assert read(client, receipt).json()["attachments"] == [
            {"name": NAME, "size": len(JPEG), "sha256": hashlib.sha256(JPEG).hexdigest(), "available": True},
            {"name": "b:许可.pdf", "size": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest(), "available": True},
        ]

    @pytest.mark.parametrize("accept", ["*/*", "application/zip", "application/json"])
    def test_the_archive_holds_letter_and_attachments(self, client: Client, receipt: dict[str, str], accept: str) -> None:
        response = self.ask(client, receipt, accept=accept)

        assert response.status_code == 200
        assert response["Content-Type"] == "application/zip"
        assert response["Content-Disposition"] == f'attachment; filename="{receipt["number"]}.zip"'
        assert "no-store" in response["Cache-Control"]
        number = receipt["number"]
        found = self.unpacked(response)
        assert found[f"{number}/附件/1-{NAME}"] == JPEG
        assert found[f"{number}/附件/2-b_许可.pdf"] == PDF
        text = found[f"{number}/{number}.txt"].decode("utf-8-sig")
        for part in (number, letter()["title"], letter()["body"], letter()["name"], NAME):
            assert part in text

    def test_the_page_lists_them_and_has_the_button_for_it(self, client: Client, receipt: dict[str, str]) -> None:
        page = self.follow(client, receipt).content.decode()
        assert NAME in visible_text(page)

        response = client.post("/petitions/follow/file/", hidden_fields(page))

        assert f"{receipt['number']}/附件/1-{NAME}" in self.unpacked(response)

    def test_of_a_purged_file_name_and_hash_are_left(self, client: Client, receipt: dict[str, str]) -> None:
        stored = StoredFile.objects.order_by("id").first()
        assert stored is not None
        StoredFile.objects.filter(pk=stored.pk).update(purged_at=stored.stored_at)
        files.delete_file(stored.digest)

        found = self.unpacked(self.ask(client, receipt))

        number = receipt["number"]
        assert sorted(found) == [f"{number}/{number}.txt", f"{number}/附件/2-b_许可.pdf"]
        text = found[f"{number}/{number}.txt"].decode("utf-8-sig")
        assert hashlib.sha256(JPEG).hexdigest() in text
        assert "不再保存" in text
        assert "不再保存" in visible_text(self.follow(client, receipt).content.decode())

    @pytest.mark.parametrize("spoilt", [{"number": "20261124-000000-0"}, {"receipt_code": "0000-0000-0000-0000-0000"}])
    def test_number_and_code_must_belong_together(
        self, client: Client, receipt: dict[str, str], spoilt: dict[str, str]
    ) -> None:
        assert self.ask(client, receipt | spoilt).status_code == 404
        assert self.ask(client, receipt | spoilt)["Content-Type"] == "application/problem+json"
        assert self.follow(client, receipt | spoilt, "/petitions/follow/file/").status_code in (400, 404)

    def test_the_address_alone_leads_to_the_follow_page(self, client: Client) -> None:
        response = client.get("/petitions/follow/file/")

        assert (response.status_code, response["Location"]) == (302, FOLLOW)

    def test_unknown_parameters_are_refused(self, client: Client, receipt: dict[str, str]) -> None:
        response = client.get(f"{API}{receipt['number']}/file/?colour=red", headers={"x-receipt-code": receipt["receipt_code"]})

        assert response.status_code == 400
