"""Files on the bridge: fetched by their digest, resumed after a break, taken only whole and genuine."""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client, override_settings

from core import files as vault
from internal_bridge.exchange import files, handlers
from internal_bridge.exchange.alarms import open_alarms
from internal_bridge.exchange.challenges import issue_nonce
from internal_bridge.exchange.client import ExchangeClient
from internal_bridge.exchange.enums import AlarmKind
from internal_bridge.exchange.errors import MissingFiles, PeerUnavailable, Refused
from internal_bridge.exchange.models import IncomingMessage, StoredFile
from internal_bridge.exchange.public import keep_file, missing_files
from tests.exchange.peers import PING, Peer

pytestmark = [pytest.mark.django_db, pytest.mark.bridge]

CONTENT = os.urandom(300_000)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(content: bytes) -> str:
    """Ciphertext in its place, as if it had been sealed here."""
    part = vault.incoming_path("test")
    part.write_bytes(content)
    vault.put_in_place(part, digest_of(content))
    return digest_of(content)


def kept(content: bytes) -> str:
    digest = put(content)
    keep_file(digest, len(content))
    return digest


class Offered:
    """A peer that offers files, breaks off after so many bytes, and remembers what was asked of it."""

    def __init__(self, *contents: bytes, cut: int | None = None, resumes: bool = True) -> None:
        self.contents = {digest_of(content): content for content in contents}
        self.cut = cut
        self.resumes = resumes
        self.offsets: list[int] = []
        self.reported: list[str] = []

    @contextlib.contextmanager
    def open_file(self, digest: str, *, offset: int = 0) -> Iterator[Any]:
        self.offsets.append(offset)
        if digest not in self.contents:
            raise Refused("not here", status=404)
        content = self.contents[digest]
        if offset and offset >= len(content):
            raise Refused("no such byte", status=416)
        yield Pieces(offset if self.resumes else 0, content, self.cut)

    def report_fetched(self, digests: list[str]) -> None:
        self.reported += digests


class Pieces:
    def __init__(self, offset: int, content: bytes, cut: int | None) -> None:
        self.offset, self.content, self.cut = offset, content, cut

    def __iter__(self) -> Iterator[bytes]:
        end = len(self.content) if self.cut is None else min(self.cut, len(self.content))
        for start in range(self.offset, end, 10_000):
            yield self.content[start : min(start + 10_000, end)]
        if end < len(self.content):
            raise PeerUnavailable("cut")


class TestKeeping:
    def test_a_file_that_a_message_names_is_not_missing(self) -> None:
        digest = kept(CONTENT)

        assert missing_files([digest, "0" * 64]) == ["0" * 64]

    def test_noting_a_file_twice_changes_nothing(self) -> None:
        digest = kept(CONTENT)

        keep_file(digest, len(CONTENT))

        assert StoredFile.objects.get().digest == digest

    def test_what_nobody_refers_to_goes_after_an_hour(self, folder: Path) -> None:
        named, fresh, forgotten = kept(b"named"), put(b"fresh"), put(b"forgotten")
        for digest in (named, forgotten):
            os.utime(vault.path_of(digest), (0, time.time() - 3700))

        assert files.sweep_files() == 1

        assert [vault.is_here(digest) for digest in (named, fresh, forgotten)] == [True, True, False]


class TestFetching:
    def test_a_file_is_in_its_place_and_known_when_it_is_whole(self) -> None:
        assert files.fetch_file(Offered(CONTENT), digest_of(CONTENT))  # type: ignore[arg-type]

        assert vault.path_of(digest_of(CONTENT)).read_bytes() == CONTENT
        assert StoredFile.objects.get().size == len(CONTENT)

    @pytest.mark.parametrize("resumes", [True, False])
    def test_after_a_cut_it_goes_on_where_it_stopped(self, resumes: bool) -> None:
        peer = Offered(CONTENT, cut=123_456, resumes=resumes)
        with pytest.raises(PeerUnavailable):
            files.fetch_file(peer, digest_of(CONTENT))  # type: ignore[arg-type]
        assert not vault.is_here(digest_of(CONTENT))
        assert missing_files([digest_of(CONTENT)])

        peer.cut = None
        assert files.fetch_file(peer, digest_of(CONTENT))  # type: ignore[arg-type]

        assert peer.offsets == [0, 123_456]
        assert vault.path_of(digest_of(CONTENT)).read_bytes() == CONTENT

    def test_all_bytes_here_but_a_crash_before_the_check(self) -> None:
        vault.incoming_path(f"{digest_of(CONTENT)}.part").write_bytes(CONTENT)

        assert files.fetch_file(Offered(CONTENT), digest_of(CONTENT))  # type: ignore[arg-type]

        assert vault.is_here(digest_of(CONTENT))

    def test_something_else_under_the_digest_is_refused_and_fetched_anew(self, folder: Path) -> None:
        peer = Offered(CONTENT)
        peer.contents[digest_of(CONTENT)] = b"swapped" + CONTENT[7:]

        with pytest.raises(Refused):
            files.fetch_file(peer, digest_of(CONTENT))  # type: ignore[arg-type]

        assert not StoredFile.objects.exists()
        assert [path for path in folder.rglob("*") if path.is_file()] == []

    def test_an_endless_file_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MAX_BYTES", 100_000)

        with pytest.raises(Refused):
            files.fetch_file(Offered(CONTENT), digest_of(CONTENT))  # type: ignore[arg-type]

        assert not vault.is_here(digest_of(CONTENT))

    def test_two_relays_do_not_write_into_each_others_file(self) -> None:
        class Nested(Offered):
            inner: bool | None = None

            @contextlib.contextmanager
            def open_file(self, digest: str, *, offset: int = 0) -> Iterator[Any]:
                self.inner = files.fetch_file(Offered(CONTENT), digest)  # type: ignore[arg-type]
                with super().open_file(digest, offset=offset) as pieces:
                    yield pieces

        peer = Nested(CONTENT)

        assert files.fetch_file(peer, digest_of(CONTENT))  # type: ignore[arg-type]
        assert peer.inner is False


class TestWaiting:
    """A message whose files are on their way waits, is applied when they are here, and holds nobody else up."""

    @pytest.fixture(autouse=True)
    def needs(self, monkeypatch: pytest.MonkeyPatch, effects: list[str]) -> None:
        def handle(message: Any) -> None:
            if missing := missing_files(message.data["text"].split()):
                raise MissingFiles(missing)
            effects.append(message.data["text"])

        monkeypatch.setitem(handlers._handlers, (PING, 1), handle)

    def test_it_is_applied_when_the_last_file_is_here(
        self, peer: Peer, receive: Callable[[Any], bytes], effects: list[str]
    ) -> None:
        first, second = b"first" * 1000, b"second" * 1000
        text = f"{digest_of(first)} {digest_of(second)}"
        receive(peer.message(text))
        assert effects == []
        assert IncomingMessage.objects.get().missing_files == text.split()

        fetcher, offered = files.FileFetcher(), Offered(first)
        assert fetcher.fetch_missing(offered) == 1  # type: ignore[arg-type]
        assert effects == []

        fetcher._not_before.clear()
        offered.contents[digest_of(second)] = second
        assert fetcher.fetch_missing(offered) == 1  # type: ignore[arg-type]

        assert effects == [text]
        assert not files.has_missing()

    def test_a_file_that_does_not_come_raises_an_alarm_until_it_comes(
        self, peer: Peer, receive: Callable[[Any], bytes], effects: list[str]
    ) -> None:
        receive(peer.message(digest_of(CONTENT)))
        other = "case:01900000-0000-7000-8000-000000000002"
        receive(peer.message(digest_of(b"other"), stream=other))
        offered, fetcher = Offered(b"other"), files.FileFetcher()

        fetcher.fetch_missing(offered)  # type: ignore[arg-type]
        asked = len(offered.offsets)
        fetcher.fetch_missing(offered)  # type: ignore[arg-type]

        assert effects == [digest_of(b"other")]
        assert len(offered.offsets) == asked
        assert open_alarms().get().subject == digest_of(CONTENT)

        fetcher._not_before.clear()
        offered.contents[digest_of(CONTENT)] = CONTENT
        fetcher.fetch_missing(offered)  # type: ignore[arg-type]
        assert effects == [digest_of(b"other"), digest_of(CONTENT)]
        assert not open_alarms().filter(kind=AlarmKind.FILE).exists()

    def test_what_is_here_is_reported_once(self, peer: Peer) -> None:
        offered = Offered(CONTENT)
        files.fetch_file(offered, digest_of(CONTENT))  # type: ignore[arg-type]

        files.report_fetched(offered)  # type: ignore[arg-type]
        files.report_fetched(offered)  # type: ignore[arg-type]

        assert offered.reported == [digest_of(CONTENT)]


# As the exchange process has it, under either site's settings.
EXCHANGE_SITE = {
    "ROOT_URLCONF": "config.urls.exchange",
    "MIDDLEWARE": ["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
}


class Line(httpx.BaseTransport):
    """From the peer's client to our own API: the request is answered with our settings."""

    def __init__(self, party: str, keys_dir: Path) -> None:
        self.ours = {"EXCHANGE_PARTY": party, "EXCHANGE_KEYS_DIR": keys_dir, **EXCHANGE_SITE}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name not in ("content-length", "host")}
        with override_settings(**self.ours):
            answer = Client().generic(
                request.method,
                request.url.raw_path.decode(),
                request.read(),
                content_type=headers["content-type"],
                # Django's client leaves it out where there is no body.
                CONTENT_TYPE=headers.pop("content-type"),
                headers=headers,
            )
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return httpx.Response(answer.status_code, headers=dict(answer.items()), stream=httpx.ByteStream(body))


class TestOverTheLine:
    @pytest.fixture
    def client(self, peer: Peer, settings: Any) -> Iterator[ExchangeClient]:
        line = Line(settings.EXCHANGE_PARTY, settings.EXCHANGE_KEYS_DIR)
        with peer.acting():
            client = ExchangeClient("http://testserver", transport=line)
            yield client
            client.close()

    def read(self, client: ExchangeClient, digest: str, offset: int = 0) -> tuple[int, bytes]:
        with client.open_file(digest, offset=offset) as pieces:
            return pieces.offset, b"".join(pieces)

    @pytest.mark.parametrize("offset", [0, 1, 299_999])
    def test_a_file_is_given_from_any_byte_on(self, client: ExchangeClient, offset: int) -> None:
        digest = kept(CONTENT)

        assert self.read(client, digest, offset) == (offset, CONTENT[offset:])

    def test_behind_its_end_there_is_nothing(self, client: ExchangeClient) -> None:
        with pytest.raises(Refused) as refusal:
            self.read(client, kept(CONTENT), len(CONTENT))

        assert refusal.value.status == 416

    @pytest.mark.parametrize("name", ["0" * 64, "no-digest"])
    def test_what_no_message_names_is_not_given(self, client: ExchangeClient, name: str) -> None:
        put(CONTENT)

        for digest in (name, digest_of(CONTENT)):
            with pytest.raises(Refused) as refusal:
                self.read(client, digest)
            assert refusal.value.status == 404

    def test_a_report_notes_when_the_peer_had_it(self, client: ExchangeClient) -> None:
        digest = kept(CONTENT)

        client.report_fetched([digest, "0" * 64])

        assert StoredFile.objects.get().fetched_at is not None

    @pytest.mark.parametrize("headers", [{}, {"signature": "zq=:AAAA:", "signature-input": "zq=()"}])
    @override_settings(**EXCHANGE_SITE)
    def test_who_cannot_sign_gets_nothing(self, headers: dict[str, str]) -> None:
        digest = kept(CONTENT)

        answers = [
            Client().get(f"/exchange/v1/files/{digest}/", headers=headers),
            Client().post(
                "/exchange/v1/files/fetched/", {"digests": [digest]}, content_type="application/json", headers=headers
            ),
        ]

        assert [answer.status_code for answer in answers] == [401, 401]
        assert StoredFile.objects.get().fetched_at is None

    def test_a_stale_nonce_is_exchanged_for_a_fresh_one(self, client: ExchangeClient) -> None:
        client._nonce = issue_nonce()[:-2]

        assert self.read(client, kept(CONTENT))[1] == CONTENT
