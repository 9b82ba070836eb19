"""Files at rest and on their way: ciphertext only, stored under and named by its own SHA-256.

A file is sealed under a random key of its own with AES-256-GCM in chunks of 1 MiB. The nonce of a chunk is its number (11
bytes, big-endian) and one byte that says whether it is the last: the STREAM construction of Hoang, Reyhanitabar, Rogaway and
Vizár (CRYPTO 2015, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", section 7). So a file that is cut,
extended or reordered does not open, and no more than a chunk or two is ever in memory. Whoever has the digest can fetch the
ciphertext; only who has the key, which travels in sealed content, can read it.
"""

import contextlib
import dataclasses
import hashlib
import io
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

CHUNK = 1024 * 1024
TAG = 16
KEY_LENGTH = 32
DIGEST_PATTERN = r"[0-9a-f]{64}"

# Beside the finished files, whose folders have two hexadecimal digits.
INCOMING = "incoming"


class FileError(ValueError):
    """The ciphertext does not open: wrong key, or altered, cut, extended or reordered bytes."""


@dataclasses.dataclass(frozen=True)
class StoredCiphertext:
    """A sealed file in its place."""

    digest: str
    size: int


def new_file_key() -> bytes:
    """A random key, for one file."""
    return secrets.token_bytes(KEY_LENGTH)


class ChunkSealer:
    """Seals what is given to it piece by piece. One key seals one file: never make two sealers with the same key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._buffer = bytearray()
        self._number = 0

    def update(self, data: bytes) -> Iterator[bytes]:
        """Take more of the file; yields the sealed chunks that are certainly not the last."""
        view = memoryview(data)
        while view:
            room = CHUNK - len(self._buffer)
            if room == 0:
                yield self._seal(last=False)
                room = CHUNK
            self._buffer += view[:room]
            view = view[room:]

    def finish(self) -> bytes:
        """The sealed last chunk; that of an empty file is empty inside."""
        return self._seal(last=True)

    def _seal(self, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), bytes(self._buffer), None)
        self._number += 1
        self._buffer.clear()
        return sealed


def encrypt_chunks(pieces: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The sealed chunks of a file whose bytes come in ``pieces`` of any size."""
    sealer = ChunkSealer(key)
    for piece in pieces:
        yield from sealer.update(piece)
    yield sealer.finish()


def decrypt_chunks(stream: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The plain chunks of a sealed file, each only after it has been proved. Raises ``FileError``.

    That nothing is missing at the end is known only when the iterator ends without an error.
    """
    cipher, number = AESGCM(key), 0
    sealed = stream.read(CHUNK + TAG)
    while True:
        following = stream.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, None)
        except InvalidTag as error:
            raise FileError("a chunk does not open") from error
        if not following:
            return
        sealed, number = following, number + 1


def decrypt_file(path: Path, key: bytes) -> Iterator[bytes]:
    """The plain chunks of the sealed file at ``path``. Raises ``FileError``, and ``FileNotFoundError`` when it is not there."""
    with path.open("rb") as stream:
        yield from decrypt_chunks(stream, key)


def ciphertext_size(size: int) -> int:
    """The bytes that the ciphertext of a file of ``size`` bytes has."""
    return size + TAG * max(1, -(-size // CHUNK))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


# --- Where they lie ------------------------------------------------------------------------------------------------------


def path_of(digest: str) -> Path:
    """Where the ciphertext with this digest lies, or would. Raises ``ValueError`` for anything but a digest."""
    if not re.fullmatch(DIGEST_PATTERN, digest, re.ASCII):
        raise ValueError("not a digest")
    return Path(settings.FILES_DIR) / digest[:2] / digest


def is_here(digest: str) -> bool:
    """Whether the ciphertext is in its place."""
    return path_of(digest).is_file()


def touch_file(digest: str) -> bool:
    """Keep a file that nothing refers to yet from being swept for another while; False when it is not there."""
    try:
        os.utime(path_of(digest))
    except FileNotFoundError:
        return False
    return True


def delete_file(digest: str) -> bool:
    """Delete the ciphertext; False when it was not there."""
    try:
        path_of(digest).unlink()
    except FileNotFoundError:
        return False
    return True


def incoming_path(name: str) -> Path:
    """A place for a file that is not complete yet, on the same file system as its final one."""
    folder = Path(settings.FILES_DIR) / INCOMING
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / name


def put_in_place(part: Path, digest: str) -> None:
    """Move a complete file to the place of its digest; after a power cut it is there whole or not at all."""
    final = path_of(digest)
    final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(part, final)
    for folder in (final.parent, final.parent.parent):
        _sync_folder(folder)


def files_older_than(seconds: float) -> Iterator[str]:
    """The digests of files in place that nobody has touched for so long."""
    latest = time.time() - seconds
    for path in Path(settings.FILES_DIR).glob(f"[0-9a-f][0-9a-f]/{'[0-9a-f]' * 64}"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < latest:
                yield path.name


def delete_incomplete(seconds: float) -> int:
    """Delete what has lain incomplete and untouched for so long; returns how many."""
    latest, deleted = time.time() - seconds, 0
    for path in (Path(settings.FILES_DIR) / INCOMING).glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < latest:
                path.unlink()
                deleted += 1
    return deleted


class FileSealer:
    """Writes a file's ciphertext while its plain bytes arrive; the plain bytes touch no disk.

    ``write`` as often as needed, then ``finish``, or ``close`` to give up: then nothing stays.
    """

    def __init__(self, key: bytes) -> None:
        self._sealer = ChunkSealer(key)
        self._digest = hashlib.sha256()
        self._size = 0
        self._path = incoming_path(f"{secrets.token_hex(16)}.up")
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: io.BufferedWriter | None = os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        """Take more of the file."""
        self._open()
        for sealed in self._sealer.update(data):
            self._append(sealed)

    def finish(self) -> StoredCiphertext:
        """Complete the file and put it in its place, on the disk."""
        self._append(self._sealer.finish())
        file = self._open()
        file.flush()
        os.fsync(file.fileno())
        file.close()
        self._file = None
        stored = StoredCiphertext(digest=self._digest.hexdigest(), size=self._size)
        put_in_place(self._path, stored.digest)
        return stored

    def close(self) -> None:
        """Give the file up, unless it is finished; may be called twice."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)

    def _append(self, sealed: bytes) -> None:
        self._open().write(sealed)
        self._digest.update(sealed)
        self._size += len(sealed)

    def _open(self) -> io.BufferedWriter:
        if self._file is None:
            raise ValueError("this file is finished or given up")
        return self._file


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
