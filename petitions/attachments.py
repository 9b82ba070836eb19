"""Files that citizens send along: sealed while they come in, named only inside sealed content.

What the portal keeps of a file is its ciphertext and a row with digest, size and times. Name, type and key stand in the content
that is sealed to the office and to the citizen. A form that is shown again carries them in a signed hidden field: the server
keeps nothing that opens a file.
"""

import contextlib
import dataclasses
import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.files import delete_file, touch_file
from core.uploads import (
    MAX_FILES,
    MAX_SIZE,
    ProblemKind,
    SealedUpload,
    SealingUploadHandler,
    UploadProblem,
    seal_uploads,
)
from internal_bridge.exchange.public import check_room, missing_files

FIELD = "attachments"
MEGABYTE = 1024 * 1024
# So much of a form is read, so that a file that is too large can be named; what is larger is not read at all.
MAX_BODY = 20 * MAX_SIZE
SIGNED_AS = "petitions.attachments"
SIGNED_FOR = datetime.timedelta(hours=24)


class BodyTooLarge(Exception):
    """The request is larger than any form with files can be."""


class AttachmentsGone(FileNotFoundError):
    """Files that a form kept are no longer here: it was left open for too long."""


@dataclasses.dataclass(frozen=True, repr=False)
class Attachment:
    """A sealed file with all that is known of it. ``size`` and ``sha256`` are those of the plain file."""

    digest: str
    key: str
    name: str
    type: str
    size: int
    sha256: str

    @classmethod
    def of(cls, upload: SealedUpload) -> "Attachment":
        return cls(
            digest=upload.digest,
            key=upload.key.hex(),
            name=upload.name or "",
            type=upload.media_type,
            size=upload.size or 0,
            sha256=upload.sha256,
        )

    @classmethod
    def from_token(cls, token: str) -> "Attachment | None":
        """What a hidden field of ours says; None for an altered or old one."""
        try:
            return cls(*signing.loads(token, salt=SIGNED_AS, max_age=SIGNED_FOR))
        except (signing.BadSignature, TypeError, ValueError):
            return None

    @property
    def token(self) -> str:
        """For a hidden field of the form: it comes back as it went out, or not at all."""
        return signing.dumps(dataclasses.astuple(self), salt=SIGNED_AS)

    def as_content(self) -> dict[str, Any]:
        """As it stands in sealed content (petition.submitted v1)."""
        return dataclasses.asdict(self)


@contextlib.contextmanager
def receiving_attachments(request: HttpRequest) -> Iterator[SealingUploadHandler]:
    """Within this block the body is read, and files of it sealed. At its end those go that no message names and ``spare`` not.

    Raises ``NoRoom`` and ``BodyTooLarge`` before anything is read.
    """
    check_room()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise BodyTooLarge
    uploads = seal_uploads(request, field=FIELD)
    try:
        yield uploads
    except (DatabaseError, OSError):
        # What has been stored is not certain: the sweep looks again, later.
        raise
    except BaseException:
        discard(upload.digest for upload in uploads.unused())
        raise
    else:
        discard(upload.digest for upload in uploads.unused())
    finally:
        uploads.give_up()


def discard(digests: Iterable[str]) -> None:
    """Delete sealed files, but for those that a message names."""
    for digest in missing_files(list(digests)):
        delete_file(digest)


def hold(attachments: Iterable[Attachment]) -> None:
    """Keep the sweep from files that are just being submitted. Raises ``AttachmentsGone`` when one is not here any more."""
    for attachment in attachments:
        if not touch_file(attachment.digest):
            raise AttachmentsGone


def refusal_status(problems: Iterable[UploadProblem]) -> int:
    """The HTTP status of a refusal for these reasons."""
    kinds = {problem.kind for problem in problems}
    if kinds & {ProblemKind.TOO_LARGE, ProblemKind.TOO_MANY}:
        return 413
    return 415 if ProblemKind.WRONG_TYPE in kinds else 400


def problem_text(problem: UploadProblem) -> str:
    """What a citizen is told about a file that was not taken."""
    name = problem.name
    if problem.kind is ProblemKind.TOO_LARGE:
        return _("“%(name)s” is too large. A file may have up to %(size)d MB.") % {"name": name, "size": MAX_SIZE // MEGABYTE}
    if problem.kind is ProblemKind.TOO_MANY:
        return _("“%(name)s” was not taken: %(text)s") % {"name": name, "text": too_many_text()}
    if problem.kind is ProblemKind.EMPTY:
        return _("“%(name)s” is empty.") % {"name": name}
    if problem.kind is ProblemKind.WRONG_TYPE:
        return _("“%(name)s” is not of a kind that can be sent: pictures, PDF, Word, Excel, text, MP3, M4A or MP4.") % {
            "name": name
        }
    return _("Unknown field.")


def too_many_text() -> str:
    return ngettext("At most %(n)d file can be sent.", "At most %(n)d files can be sent.", MAX_FILES) % {"n": MAX_FILES}
