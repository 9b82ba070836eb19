"""Uploads that are sealed while they are read: plain bytes touch neither disk nor temporary file.

Django's own handlers write what is larger than 2.5 MB to a temporary file in clear. A view that takes files from citizens
installs this one before anything reads the body (``seal_uploads``); so it must be exempt from the CSRF middleware, which reads
the body, and be protected by ``csrf_protect`` behind that.
"""

import dataclasses
import enum
import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from core.files import FileSealer, StoredCiphertext, new_file_key
from core.filetypes import Recogniser, fitting_name

MAX_SIZE = 20 * 1024 * 1024
MAX_FILES = 5


class ProblemKind(enum.Enum):
    """Why a file was not taken."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    UNEXPECTED = "unexpected"


@dataclasses.dataclass(frozen=True)
class UploadProblem:
    """A file that was not taken; ``name`` is the file's, of an unexpected one that of the form's field."""

    kind: ProblemKind
    name: str


class SealedUpload(UploadedFile):
    """A file that has arrived and lies sealed in its place. ``size`` is that of the plain file, in bytes."""

    def __init__(self, *, name: str, media_type: str, size: int, sha256: str, key: bytes, stored: StoredCiphertext) -> None:
        super().__init__(file=None, name=name, content_type=media_type, size=size)
        self.media_type = media_type
        self.sha256 = sha256
        self.key = key
        self.digest = stored.digest

    def close(self) -> None:
        """Nothing is open."""


class SealingUploadHandler(FileUploadHandler):
    """Seals every file of one field; what is too large, too many or of a wrong type is read past, noted and not kept."""

    def __init__(self, request: HttpRequest, *, field: str) -> None:
        super().__init__(request)
        self.field = field
        self.sealed: list[SealedUpload] = []
        self.problems: list[UploadProblem] = []
        self._arriving: _Arriving | None = None
        self._spared: set[str] = set()

    def spare(self, digests: Iterable[str]) -> None:
        """These are still needed although nothing refers to them yet, for a form that is shown again."""
        self._spared.update(digests)

    def unused(self) -> list[SealedUpload]:
        """What has been sealed and not spared."""
        return [upload for upload in self.sealed if upload.digest not in self._spared]

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if field_name != self.field:
            self._skip(ProblemKind.UNEXPECTED, field_name)
        if len(self.sealed) >= MAX_FILES:
            self._skip(ProblemKind.TOO_MANY, file_name)
        self._arriving = _Arriving(file_name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._arriving is None:
            return
        if start + len(raw_data) > MAX_SIZE:
            self._skip(ProblemKind.TOO_LARGE, self._arriving.name)
        self._arriving.take(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if self._arriving is None:
            return None
        arrived, self._arriving = self._arriving, None
        upload = arrived.complete(file_size)
        if upload is None:
            kind = ProblemKind.WRONG_TYPE if file_size else ProblemKind.EMPTY
            self.problems.append(UploadProblem(kind, arrived.name))
        else:
            self.sealed.append(upload)
        return upload

    def upload_interrupted(self) -> None:
        self.give_up()

    def give_up(self) -> None:
        """Leave nothing of a file that has not arrived whole."""
        if self._arriving is not None:
            self._arriving.sealer.close()
            self._arriving = None

    def _skip(self, kind: ProblemKind, name: str) -> None:
        self.give_up()
        self.problems.append(UploadProblem(kind, name))
        raise SkipFile


class _Arriving:
    """A file on its way in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = new_file_key()
        self.sealer = FileSealer(self._key)
        self._sha256 = hashlib.sha256()
        self._recogniser = Recogniser()

    def take(self, data: bytes) -> None:
        self._recogniser.update(data)
        self._sha256.update(data)
        self.sealer.write(data)

    def complete(self, size: int) -> SealedUpload | None:
        type = self._recogniser.recognise()
        if type is None:
            self.sealer.close()
            return None
        return SealedUpload(
            name=fitting_name(self.name, type),
            media_type=type.media_type,
            size=size,
            sha256=self._sha256.hexdigest(),
            key=self._key,
            stored=self.sealer.finish(),
        )


def seal_uploads(request: HttpRequest, *, field: str) -> SealingUploadHandler:
    """Have the files of ``field`` sealed when the body is read, and no others taken.

    Raises ``AttributeError`` when the body has been read already. The caller calls ``give_up`` at the end, whatever happens.
    """
    handler = SealingUploadHandler(request, field=field)
    request.upload_handlers = [handler]
    return handler
