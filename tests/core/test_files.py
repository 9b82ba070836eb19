"""Sealed files: any bytes come back, nothing else opens, and nothing plain touches a disk."""

import hashlib
import io
import os
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from core import files
from core.files import FileError, FileSealer, decrypt_chunks, decrypt_file, encrypt_chunks, new_file_key

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of 16 bytes, so that a short text has many."""
    monkeypatch.setattr(files, "CHUNK", 16)
    return 16


def opened(sealed: bytes, key: bytes = KEY) -> bytes:
    return b"".join(decrypt_chunks(io.BytesIO(sealed), key))


def stored(content: bytes, key: bytes = KEY) -> files.StoredCiphertext:
    sealer = FileSealer(key)
    sealer.write(content)
    return sealer.finish()


def lying_around(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class TestSealing:
    @given(pieces=st.lists(st.binary(max_size=90), max_size=8), chunk=st.integers(min_value=1, max_value=40))
    @settings(max_examples=150)
    def test_any_bytes_in_any_pieces_come_back(self, pieces: list[bytes], chunk: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "CHUNK", chunk)

            sealed = b"".join(encrypt_chunks(pieces, KEY))

            assert opened(sealed) == b"".join(pieces)

    @given(content=st.binary(max_size=120), data=st.data())
    @settings(max_examples=150)
    def test_a_file_altered_by_a_bit_a_cut_or_an_addition_does_not_open(self, content: bytes, data: st.DataObject) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "CHUNK", 16)
            sealed = b"".join(encrypt_chunks([content], KEY))
            altered = data.draw(
                st.one_of(
                    st.integers(0, len(sealed) * 8 - 1).map(lambda bit: flipped(sealed, bit)),
                    st.integers(0, len(sealed) - 1).map(lambda length: sealed[:length]),
                    st.binary(min_size=1, max_size=40).map(lambda more: sealed + more),
                )
            )

            with pytest.raises(FileError):
                opened(altered)

    @pytest.mark.parametrize(
        "order", [[1, 0, 2, 3], [0, 2, 1, 3], [3, 1, 2, 0], [0, 1, 3], [0, 1, 2], [0, 0, 1, 2, 3], [0, 1, 2, 3, 3], []]
    )
    def test_chunks_swapped_dropped_or_repeated_do_not_open(self, small_chunks: int, order: list[int]) -> None:
        size = small_chunks + files.TAG
        sealed = b"".join(encrypt_chunks([os.urandom(small_chunks * 4)], KEY))
        chunks = [sealed[start : start + size] for start in range(0, len(sealed), size)]

        with pytest.raises(FileError):
            opened(b"".join(chunks[place] for place in order))

    def test_a_chunk_of_another_file_under_the_same_place_does_not_open(self, small_chunks: int) -> None:
        size = small_chunks + files.TAG
        ours, theirs = (b"".join(encrypt_chunks([bytes(48)], key)) for key in (KEY, new_file_key()))

        with pytest.raises(FileError):
            opened(ours[:size] + theirs[size : 2 * size] + ours[2 * size :])

    def test_another_key_does_not_open(self) -> None:
        with pytest.raises(FileError):
            opened(b"".join(encrypt_chunks([b"text"], KEY)), new_file_key())

    def test_the_nonces_are_those_of_the_construction(self) -> None:
        sealed = b"".join(encrypt_chunks([b"a" * files.CHUNK, b"b"], KEY))

        first, last = sealed[: files.CHUNK + files.TAG], sealed[files.CHUNK + files.TAG :]
        assert AESGCM(KEY).decrypt(bytes(12), first, None) == b"a" * files.CHUNK
        assert AESGCM(KEY).decrypt(bytes(10) + b"\x01\x01", last, None) == b"b"


class TestPlaces:
    def test_a_file_lies_under_the_digest_of_its_ciphertext(self, folder: Path) -> None:
        kept = stored(b"evidence" * 1000)

        path = files.path_of(kept.digest)
        assert lying_around(folder) == [path]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == kept.digest
        assert path.stat().st_size == kept.size == 8000 + files.TAG
        assert path.stat().st_mode & 0o077 == 0
        assert b"".join(decrypt_file(path, KEY)) == b"evidence" * 1000

    def test_given_up_nothing_stays(self, folder: Path) -> None:
        sealer = FileSealer(KEY)
        sealer.write(b"x" * 3_000_000)

        sealer.close()
        sealer.close()

        assert lying_around(folder) == []

    def test_a_finished_file_is_not_given_up_by_closing(self, folder: Path) -> None:
        sealer = FileSealer(KEY)
        sealer.finish()

        sealer.close()

        assert len(lying_around(folder)) == 1
        with pytest.raises(ValueError, match="finished"):
            sealer.write(b"more")

    @pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "g" * 64])
    def test_only_a_digest_names_a_place(self, name: str) -> None:
        with pytest.raises(ValueError, match="not a digest"):
            files.path_of(name)

    def test_deleting_says_whether_there_was_something(self) -> None:
        kept = stored(b"text")

        assert files.is_here(kept.digest)
        assert [files.delete_file(kept.digest), files.delete_file(kept.digest)] == [True, False]
        assert not files.touch_file(kept.digest)

    def test_only_what_nobody_has_touched_is_old(self) -> None:
        old, fresh = stored(b"old"), stored(b"fresh")
        for kept in (old, fresh):
            os.utime(files.path_of(kept.digest), (0, time.time() - 7200))

        files.touch_file(fresh.digest)

        assert list(files.files_older_than(3600)) == [old.digest]

    def test_incomplete_files_go_after_a_while(self, folder: Path) -> None:
        started = FileSealer(KEY)
        started.write(b"x")
        (path,) = lying_around(folder)

        assert files.delete_incomplete(3600) == 0
        os.utime(path, (0, time.time() - 7200))
        assert files.delete_incomplete(3600) == 1
        assert lying_around(folder) == []


def test_memory_stays_small_whatever_the_size(folder: Path) -> None:
    piece = bytes(65_536)
    tracemalloc.start()
    sealer = FileSealer(KEY)
    for _ in range(20 * 16):
        sealer.write(piece)
    kept = sealer.finish()
    size = sum(len(chunk) for chunk in decrypt_file(files.path_of(kept.digest), KEY))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size == 20 * files.CHUNK
    assert peak < 8 * files.CHUNK


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
