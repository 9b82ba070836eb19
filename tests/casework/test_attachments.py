"""Files that came with a case: it waits for them; they are opened one at a time, by whoever may, and on record."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.test import Client
from django.utils import timezone

from core.events import events_of
from core.files import FileError, path_of
from core.models import DomainEvent, User
from core.streaming import one_by_one
from internal_bridge.casework.identity import plain_name
from internal_bridge.casework.models import Case, CaseAttachment, CaseIdentity, IdentityIndex
from internal_bridge.casework.services import open_attachment
from internal_bridge.exchange.inbox import apply_stream
from internal_bridge.exchange.models import IncomingMessage, StoredFile
from tests.casework.cases import make_person
from tests.casework.files import make_file, page, register
from tests.casework.letters import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

MEGABYTE = 1024 * 1024


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
        return await anext(one_by_one(chunks()))

    assert asyncio.run(first()) == b"a"
    assert given == [b"a"]


def test_time_of_opening_is_now(peer, office):
    case = register(peer, make_file())
    before = timezone.now()
    body_of(office.get(address(case)))

    (event,) = [event for event in events_of(case.subject) if event.name == "attachment_opened"]
    assert before <= event.at <= timezone.now()
