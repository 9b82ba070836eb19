"""One's own file: a petition with all that was said of it, and its attachments, as a ZIP that is made while it is sent.

Attachments are decrypted chunk by chunk in memory, for this one answer. Of a file whose retention has ended, the archive lists
name, size and the original's SHA-256, so that it can still be told from another.
"""

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.explaining import basis_text
from core.files import FileError, decrypt_file, path_of
from petitions.presenters import missing_attachments, present_petition, represent_petition
from petitions.services import OpenedPetition

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/zip"
UNIX_FILE = 0o600 << 16
FORMAT = "zhengqiao.own-file.v1"
SCHEMA = Path(__file__).with_name("own_file.schema.json")
# What the form takes besides what the API tells of a petition.
FORM_FIELDS = (
    "place", "unit_code", "about_unit_code", "about_person", "name", "phone", "email", "urgent", "representatives",
    "on_behalf_of", "privacy_version", "withhold_identity", "allow_publication",
)  # fmt: skip


def own_file(opened: OpenedPetition) -> StreamingHttpResponse:
    """The answer that hands an opened petition over as a file: a page to read, the same for programs, and what came along."""
    # Made now: the language of the request does not last until the body is sent.
    folder, gone = _("attachments"), missing_attachments(opened)
    number = opened.petition.number
    papers = {
        f"{number}.html": render_to_string("petitions/own_file.html", {"petition": present_petition(opened)}),
        f"{number}.json": json.dumps(_for_programs(opened, folder, gone), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2),
        "schema.json": SCHEMA.read_text(encoding="utf-8"),
    }
    response = StreamingHttpResponse(_archive(opened, papers, folder, gone), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{number}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _for_programs(opened: OpenedPetition, folder: str, gone: set[str]) -> dict[str, Any]:
    """What the API says of the petition, besides what the citizen wrote in the form; as ``own_file.schema.json`` has it."""
    shown = represent_petition(opened)
    places = {
        stored["digest"]: f"{folder}/{place}-{_safe(stored['name'])}" for place, stored in enumerate(opened.attachments, 1)
    }
    stored = iter(opened.attachments)
    for listed in [shown, *shown["messages"]]:
        for attachment in listed["attachments"]:
            digest = next(stored)["digest"]
            attachment["file"] = None if digest in gone else places[digest]
    for limit in shown["deadlines"]:
        limit["basis_text"] = basis_text(limit["basis"])
    for message in shown["messages"]:
        del message["rating_token"]
    del shown["allowed"]
    return {"format": FORMAT, "made_at": timezone.now(), "form": {name: opened.content[name] for name in FORM_FIELDS}} | shown


def _archive(opened: OpenedPetition, papers: dict[str, str], folder: str, gone: set[str]) -> Iterator[bytes]:
    sink = _Sink()
    moment = localtime(opened.petition.received_at).timetuple()[:6]

    def entry(name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{opened.petition.number}/{name}", date_time=moment)
        info.external_attr = UNIX_FILE
        return info

    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in papers.items():
            archive.writestr(entry(name), text.encode())
        yield sink.take()
        for place, stored in enumerate(opened.attachments, 1):
            if stored["digest"] in gone:
                continue
            with archive.open(entry(f"{folder}/{place}-{_safe(stored['name'])}"), "w") as file:
                for chunk in _opened(stored):
                    file.write(chunk)
                    yield sink.take()
    yield sink.take()


def _opened(stored: dict[str, Any]) -> Iterator[bytes]:
    try:
        yield from decrypt_file(path_of(stored["digest"]), bytes.fromhex(stored["key"]))
    except (FileError, OSError):
        # The answer has begun: it ends here, without the archive's directory, and no program takes it for whole.
        logger.error("file %s does not open", stored["digest"])
        raise


class _Sink(io.RawIOBase):
    """Where the archive is written to, and from where it is sent on at once."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What has been written since the last time."""
        taken, self._parts = b"".join(self._parts), []
        return taken


def _safe(name: str) -> str:
    """A name that every system can unpack."""
    return re.sub(r'[\\/:*?"<>|]', "_", name)
