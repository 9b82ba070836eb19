"""Files on the bridge: ciphertext by its digest, fetched by the inside, in pieces if need be.

Which message a file belongs to, its name, its type and its key only the message's recipient knows. A message whose files are
not here yet waits (``MissingFiles``); the relay fetches them and applies it then.
"""

import datetime
import fcntl
import hashlib
import logging
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.files import delete_file, delete_incomplete, files_older_than, incoming_path, path_of, put_in_place
from internal_bridge.exchange.alarms import end_alarm, raise_alarm
from internal_bridge.exchange.enums import AlarmKind, IncomingState
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.inbox import apply_stream
from internal_bridge.exchange.models import IncomingMessage, StoredFile

if TYPE_CHECKING:
    from internal_bridge.exchange.client import ExchangeClient

logger = logging.getLogger(__name__)

# No ciphertext on the bridge is larger: 20 MiB of content and the tags of its chunks fit.
MAX_BYTES = 21 * 1024 * 1024
REPORT_LIMIT = 200
FETCH_LIMIT = 1_000
# What nobody refers to is deleted after this time; an unfinished download is only worth its bytes.
UNREFERENCED = datetime.timedelta(hours=1)
INCOMPLETE = datetime.timedelta(days=7)
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0


def missing_files(digests: list[str]) -> list[str]:
    """Those of ``digests`` that are not stored here, in their order."""
    here = set(StoredFile.objects.filter(digest__in=digests, purged_at=None).values_list("digest", flat=True))
    return [digest for digest in digests if digest not in here]


def keep_file(digest: str, size: int) -> None:
    """Note, in the caller's transaction, that a file in its place (``core.files``) is one that a message names.

    ``size`` is that of the ciphertext, in bytes. What is not noted is swept after an hour.
    """
    StoredFile.objects.get_or_create(digest=digest, defaults={"size": size, "stored_at": timezone.now()})


def take_fetched(digests: list[str]) -> None:
    """Note that the peer has all of these files."""
    StoredFile.objects.filter(digest__in=digests, fetched_at=None).update(fetched_at=timezone.now())


def sweep_files() -> int:
    """Delete files that nobody refers to an hour after they were last touched, and unfinished ones; returns how many."""
    deleted = delete_incomplete(INCOMPLETE.total_seconds())
    for digest in files_older_than(UNREFERENCED.total_seconds()):
        if missing_files([digest]):
            deleted += delete_file(digest)
    return deleted


class FileFetcher:
    """Fetches what parked messages wait for. Keeps in memory only when to try again what the peer would not give."""

    def __init__(self) -> None:
        self._not_before: dict[str, tuple[float, float]] = {}

    def fetch_missing(self, client: "ExchangeClient") -> int:
        """Fetch, and apply the messages whose files are complete; returns how many files came.

        Raises ``PeerUnavailable`` when the line breaks: what has arrived stays, and the next call goes on from there.
        """
        fetched = 0
        waiting = IncomingMessage.objects.filter(state=IncomingState.WAITING).exclude(missing_files=[]).order_by("id")
        for stream_id, digests in list(waiting.values_list("stream_id", "missing_files")[:FETCH_LIMIT]):
            wanted = missing_files(digests)
            fetched += sum(self._fetch(client, digest) for digest in wanted)
            if not missing_files(wanted):
                apply_stream(stream_id)
        return fetched

    def _fetch(self, client: "ExchangeClient", digest: str) -> bool:
        moment, pause = self._not_before.get(digest, (0.0, FIRST_PAUSE))
        if time.monotonic() < moment:
            return False
        try:
            came = fetch_file(client, digest)
        except Refused as error:
            logger.error("file %s could not be had: %s", digest, error)
            raise_alarm(kind=AlarmKind.FILE, subject=digest)
            wait = random.uniform(pause / 2, pause)  # nosec B311
            self._not_before[digest] = (time.monotonic() + wait, min(pause * 2, LONGEST_PAUSE))
            return False
        self._not_before.pop(digest, None)
        end_alarm(kind=AlarmKind.FILE, subject=digest)
        return came


def has_missing() -> bool:
    """Whether a message waits for a file; a read only."""
    return IncomingMessage.objects.filter(state=IncomingState.WAITING).exclude(missing_files=[]).exists()


def report_fetched(client: "ExchangeClient") -> None:
    """Tell the peer which files are complete here; what it has not confirmed is told again."""
    unreported = StoredFile.objects.filter(fetched_at=None).order_by("id").values_list("digest", flat=True)
    while digests := list(unreported[:REPORT_LIMIT]):
        client.report_fetched(digests)
        take_fetched(digests)


def fetch_file(client: "ExchangeClient", digest: str) -> bool:
    """Fetch a file, from where an earlier attempt broke off; False when another process is at it.

    Raises ``Refused`` when the peer does not have it or what came is something else, ``PeerUnavailable`` when the line breaks.
    """
    part = incoming_path(f"{digest}.part")
    with part.open("ab") as file:
        os.fchmod(file.fileno(), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if not part.exists():
            # The other process has just finished and moved it away.
            return False
        _download(client, digest, file)
        file.flush()
        os.fsync(file.fileno())
        if _sha256(part) != digest:
            part.unlink()
            raise Refused("what came has another digest")
        size = part.stat().st_size
        put_in_place(part, digest)
    try:
        with transaction.atomic():
            StoredFile.objects.create(digest=digest, size=size, stored_at=timezone.now())
    except IntegrityError:
        StoredFile.objects.filter(digest=digest).update(purged_at=None)
    return True


def _download(client: "ExchangeClient", digest: str, file: BinaryIO) -> None:
    offset = file.seek(0, os.SEEK_END)
    try:
        with client.open_file(digest, offset=offset) as pieces:
            # A peer that does not resume begins anew.
            file.truncate(pieces.offset)
            size = pieces.offset
            for piece in pieces:
                size += len(piece)
                if size > MAX_BYTES:
                    file.truncate(0)
                    raise Refused("larger than any file of ours", status=413)
                file.write(piece)
    except Refused as error:
        # Nothing is left to fetch: whether it is whole the digest will tell.
        if error.status != 416:
            raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored_path(digest: str) -> Path | None:
    """Where the ciphertext of a file that a message names lies, or None."""
    try:
        path = path_of(digest)
    except ValueError:
        return None
    return path if not missing_files([digest]) and path.is_file() else None
