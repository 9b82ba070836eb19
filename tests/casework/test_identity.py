"""Who wrote, and what came along: under a key of the case's own, found again blind, opened once at a time and on record."""

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import keyring
from core.events import events_of
from core.files import FileError, FileSealer, new_file_key, path_of
from core.keyring import UnwrapError, unwrap, wrapped_by
from core.models import DomainEvent, User
from internal_bridge.casework import views
from internal_bridge.casework.identity import IDENTITY_FIELDS, CaseKey, plain_name
from internal_bridge.casework.models import Case, CaseAttachment, CaseIdentity, IdentityIndex
from internal_bridge.casework.services import open_attachment
from internal_bridge.exchange.inbox import apply_stream
from internal_bridge.exchange.models import IncomingMessage, StoredFile
from internal_bridge.exchange.public import keep_file
from tests.casework.cases import make_person
from tests.casework.letters import Letter
from tests.exchange.peers import Peer
from tests.tables import dump_tables, find_planted

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

MEGABYTE = 1024 * 1024
WHO = {
    "name": "planted-name 韦国强",
    "phone": "13700003518",
    "email": "planted.mail@example.com",
    "representatives": [{"name": "planted-rep", "phone": "13711110000"}, {"name": "planted-two", "phone": "1371111 0000"}],
    "on_behalf_of": {"name": "planted-old", "relation": "planted-son"},
}


@dataclasses.dataclass(frozen=True)
class File:
    """A file that a citizen sends along."""

    plain: bytes
    key: bytes
    digest: str
    size: int
    name: str
    type: str

    def arrive(self) -> None:
        """It has been fetched."""
        keep_file(self.digest, self.size)

    @property
    def described(self) -> dict[str, Any]:
        return {
            "digest": self.digest,
            "key": self.key.hex(),
            "name": self.name,
            "type": self.type,
            "size": len(self.plain),
            "sha256": hashlib.sha256(self.plain).hexdigest(),
        }


def make_file(plain: bytes = b"%PDF-1.7 planted-content", *, name: str = "现场照片.pdf", type: str = "application/pdf") -> File:
    """Its ciphertext lies in its place; the bridge has not taken note of it yet."""
    key = new_file_key()
    sealer = FileSealer(key)
    sealer.write(plain)
    stored = sealer.finish()
    return File(plain=plain, key=key, digest=stored.digest, size=stored.size, name=name, type=type)


def register(peer: Peer, *files: File, **content: Any) -> Case:
    """A case with files that are here."""
    for file in files:
        file.arrive()
    return Letter(attachments=[file.described for file in files], **content).registered(peer)


def identity_of(case: Case) -> dict[str, Any]:
    return json.loads(CaseKey.of(case).decrypt("identity", bytes(case.identity.box)))


# --- Identity ------------------------------------------------------------------------------------------------------------


def test_identity_is_kept_under_the_cases_own_key(peer):
    case = register(peer, **WHO)

    assert identity_of(case) == WHO
    assert set(WHO) == set(IDENTITY_FIELDS)
    assert wrapped_by(bytes(case.identity.wrapped_key)) == "demo-wrap-1"


def test_every_case_has_another_key(peer):
    cases = [register(peer, **WHO) for _ in range(3)]

    assert len({unwrap(bytes(case.identity.wrapped_key)) for case in cases}) == 3
    assert len({bytes(case.identity.box) for case in cases}) == 3


def test_who_gave_no_name_has_an_empty_identity_that_looks_like_another(peer):
    case = register(peer, name="", phone="", email="", representatives=[], on_behalf_of=None)

    assert identity_of(case) == {"name": "", "phone": "", "email": "", "representatives": [], "on_behalf_of": None}
    assert not case.identity_indexes.exists()


def test_nothing_of_it_is_anywhere_in_clear(peer, caplog):
    file = make_file()
    case = register(peer, file, **WHO)

    digits = ["13700003518", "13711110000", "1371111 0000"]
    stored = dump_tables()
    assert find_planted(["planted", "韦国强", *digits, file.key.hex()], stored) == []
    for event in events_of(case.subject):
        assert "planted" not in str(event.params)
    assert "planted" not in caplog.text
    assert file.plain not in b"".join(
        path.read_bytes() for path in path_of(file.digest).parents[1].rglob("*") if path.is_file()
    )


def test_a_box_that_is_moved_to_another_case_does_not_open_there(peer):
    one, two = register(peer, **WHO), register(peer, name="别人")
    CaseIdentity.objects.filter(case=two).update(wrapped_key=one.identity.wrapped_key, box=one.identity.box)

    with pytest.raises(InvalidTag):
        identity_of(Case.objects.get(pk=two.pk))


def test_a_database_without_its_keyring_opens_nothing(peer, settings, tmp_path):
    case = register(peer, **WHO)
    settings.KEYRING_DIR = tmp_path / "stolen"
    keyring.make_keys()

    with pytest.raises(UnwrapError):
        identity_of(case)


def test_after_a_rotation_old_and_new_cases_open(peer):
    old = register(peer, **WHO)
    keyring.rotate_key()
    new = register(peer, **WHO)

    assert [wrapped_by(bytes(case.identity.wrapped_key)) for case in (old, new)] == ["demo-wrap-1", "demo-wrap-2"]
    assert identity_of(old) == identity_of(new) == WHO


def test_without_a_keyring_no_case_is_opened_and_the_message_waits(peer, settings):
    settings.KEYRING_DIR = settings.KEYRING_DIR / "missing"
    Letter(**WHO).bring(peer)

    assert not Case.objects.exists()
    assert IncomingMessage.objects.get().state == "waiting"


# --- Who has written before ----------------------------------------------------------------------------------------------


def test_phone_numbers_are_indexed_once_and_blind(peer):
    case = register(peer, **WHO)

    digests = set(case.identity_indexes.values_list("digest", flat=True))
    assert digests == {keyring.blind_index(keyring.PHONE, number) for number in ("13700003518", "13711110000")}
    assert IdentityIndex.objects.count() == 2


@pytest.fixture
def office(dispatcher: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(dispatcher)
    return client


def page(client: Client, case: Case) -> str:
    response = client.get(reverse("casework:detail", args=[case.number]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_how_often_a_number_has_been_given_before_and_not_which(peer, office):
    first = register(peer, phone="0788-1234567")
    register(peer, phone="13900000000")
    second = register(peer, phone="13911112222", representatives=[{"name": "甲", "phone": "07881234567"}])
    third = register(peer, phone="+86 788 1234567", representatives=[{"name": "乙", "phone": "13911112222"}])

    assert "同一电话" not in page(office, first)
    assert "同一电话此前来件1次" in page(office, second)
    html = page(office, third)
    # Two numbers in common with the second count as one case.
    assert "同一电话此前来件2次" in html
    assert "身份信息已封存" in html
    assert not any(number in html for number in ("1234567", "13911112222", "韦国强"))


def test_what_one_may_not_see_is_not_counted(peer, office, dispatcher, monkeypatch):
    hidden = register(peer, phone="13900000000")
    case = register(peer, phone="13900000000")
    querysets = type(Case.objects.all())
    monkeypatch.setattr(querysets, "visible_to", lambda self, person: self.exclude(pk=hidden.pk))

    assert "同一电话" not in page(office, case)


# --- Files that are not here yet -----------------------------------------------------------------------------------------


def test_a_case_waits_for_all_of_its_files_and_is_then_opened(peer):
    files = [make_file(), make_file(b"second", name="录音.mp3", type="audio/mpeg")]
    letter = Letter(attachments=[file.described for file in files])
    files[0].arrive()
    letter.bring(peer)

    waiting = IncomingMessage.objects.get()
    assert (waiting.state, waiting.missing_files, waiting.attempts) == ("waiting", [files[1].digest], 0)
    assert not any(model.objects.exists() for model in (Case, CaseIdentity, CaseAttachment, IdentityIndex, DomainEvent))

    files[1].arrive()
    apply_stream(waiting.stream_id)

    assert IncomingMessage.objects.get().state == "applied"
    assert [attachment.name for attachment in Case.objects.get().attachments.all()] == ["现场照片.pdf", "录音.mp3"]


def test_a_file_that_is_named_twice_is_refused_for_good(peer):
    file = make_file()
    file.arrive()
    Letter(attachments=[file.described, file.described | {"name": "again.pdf"}]).bring(peer)

    assert IncomingMessage.objects.get().state == "dead"
    assert not Case.objects.exists()


def test_the_same_file_may_come_with_two_cases(peer):
    file = make_file()

    cases = [register(peer, file) for _ in range(2)]

    assert [case.attachments.get().digest for case in cases] == [file.digest] * 2
    assert StoredFile.objects.count() == 1


NAMES = [
    ("现场 照片 1.jpg", "现场 照片 1.jpg"),
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\planted\\a.pdf", "a.pdf"),
    ("invoice\u202egpj.exe", "invoicegpj.exe"),
    ("line\r\nSet-Cookie: x.txt", "lineSet-Cookie: x.txt"),
    ("\x00\x07", "-"),
    ("folder/", "-"),
    ("长" * 200, "长" * 200),
]


@pytest.mark.parametrize(("sent", "shown"), NAMES)
def test_a_name_is_shown_as_it_prints(peer, sent, shown):
    assert plain_name(sent) == shown
    case = register(peer, make_file(name=sent))
    assert case.attachments.get().name == shown


# --- Downloading ---------------------------------------------------------------------------------------------------------


def address(case: Case, attachment: CaseAttachment | None = None) -> str:
    attachment = attachment or case.attachments.get()
    return f"/cases/{case.number}/attachments/{attachment.pk}/"


def body_of(response: Any) -> bytes:
    """What the server would send."""

    async def collect() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    return asyncio.run(collect())


def opened(case: Case) -> list[tuple[str, User | None, dict[str, Any]]]:
    return [(event.name, event.actor, event.params) for event in events_of(case.subject) if event.name == "attachment_opened"]


@pytest.mark.parametrize("size", [1, MEGABYTE - 1, MEGABYTE, 2 * MEGABYTE + 17])
def test_an_attachment_is_downloaded_as_it_was_sent_and_that_is_recorded(peer, office, dispatcher, size):
    file = make_file((b"0123456789abcdef" * (size // 16 + 1))[:size])
    case = register(peer, file)

    response = office.get(address(case))

    assert response.status_code == 200
    assert body_of(response) == file.plain
    assert response["Content-Length"] == str(size)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%8E%B0")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert opened(case) == [("attachment_opened", dispatcher, {"attachment": case.attachments.get().pk})]


def test_every_download_is_one_more_on_the_page(peer, office):
    case = register(peer, make_file())
    for _ in range(2):
        body_of(office.get(address(case)))

    assert len(opened(case)) == 2
    html = page(office, case)
    assert html.count("下载了附件") == 2
    assert html.count("dispatcher 甲") >= 2


def test_the_page_lists_name_kind_and_size(peer, office):
    files = [
        make_file(b"x" * 2048, name="<b>监测.pdf"),
        make_file(b"y", name="lies.pdf", type="image/jpeg"),
        make_file(b"z", name="strange", type="application/x-strange"),
    ]
    case = register(peer, *files)

    html = page(office, case)

    assert "&lt;b&gt;监测.pdf" in html
    assert "2.0\xa0KB" in html
    assert all(f'<span class="zq-ext">{kind}</span>' in html for kind in ("PDF", "JPG", "文件"))
    assert all(address(case, attachment) in html for attachment in case.attachments.all())
    assert not opened(case)


def test_a_page_without_attachments_speaks_of_none(peer, office):
    assert "附件" not in page(office, register(peer))


def test_who_may_not_know_of_the_case_gets_nothing_and_leaves_no_trace(peer):
    case = register(peer, make_file())
    client = Client()
    assert client.get(address(case)).status_code == 302
    client.force_login(make_person("other"))

    assert client.get(address(case)).status_code == 404
    assert not opened(case)


def test_an_attachment_is_found_under_its_own_case_only(peer, office):
    one, two = register(peer, make_file()), register(peer, make_file(b"another"))

    response = office.get(address(one, two.attachments.get()))

    assert response.status_code == 404
    assert office.get(f"/cases/{one.number}/attachments/999999/").status_code == 404
    assert not opened(one)
    assert not opened(two)


@pytest.mark.parametrize("method", ["post", "put", "delete", "head"])
def test_nothing_but_a_download_is_answered(peer, office, method):
    case = register(peer, make_file())

    assert getattr(office, method)(address(case)).status_code == 405
    assert not opened(case)


def test_a_file_that_is_lost_or_damaged_is_not_recorded_as_opened(peer, dispatcher):
    case = register(peer, make_file())
    attachment = case.attachments.get()
    path = path_of(attachment.digest)
    arguments = {"person": dispatcher, "number": case.number, "attachment_id": attachment.pk}

    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(FileError):
        open_attachment(**arguments)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        open_attachment(**arguments)

    assert not opened(case)


def test_a_wrapped_file_key_that_is_moved_does_not_open(peer, dispatcher):
    one, two = register(peer, make_file()), register(peer, make_file(b"another"))
    CaseAttachment.objects.filter(case=two).update(wrapped_key=one.attachments.get().wrapped_key)

    with pytest.raises(InvalidTag):
        open_attachment(person=dispatcher, number=two.number, attachment_id=two.attachments.get().pk)


def test_a_server_is_given_one_chunk_at_a_time():
    given: list[bytes] = []

    def chunks() -> Iterator[bytes]:
        for chunk in (b"a", b"", b"b"):
            given.append(chunk)
            yield chunk

    async def first() -> bytes:
        return await anext(views._one_by_one(chunks()))

    assert asyncio.run(first()) == b"a"
    assert given == [b"a"]


def test_time_of_opening_is_now(peer, office):
    case = register(peer, make_file())
    before = timezone.now()
    body_of(office.get(address(case)))

    (event,) = [event for event in events_of(case.subject) if event.name == "attachment_opened"]
    assert before <= event.at <= timezone.now()
