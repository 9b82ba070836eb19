"""One's own file: a petition with all that was said of it, and its attachments, as a ZIP that is made while it is sent.

Attachments are decrypted chunk by chunk in memory, for this one answer. Of a file whose retention has ended, the archive lists
name, size and the original's SHA-256, so that it can still be told from another.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.files import FileError, decrypt_file, path_of
from petitions.presenters import missing_attachments, present_petition
from petitions.services import OpenedPetition

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/zip"
UNIX_FILE = 0o600 << 16


def own_file(opened: OpenedPetition) -> StreamingHttpResponse:
    """The answer that hands an opened petition over as a file."""
    # Read now: the language of the request does not last until the body is sent.
    text = letter_text(present_petition(opened))
    archive = _archive(opened, text, _("attachments"), missing_attachments(opened))
    response = StreamingHttpResponse(archive, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{opened.petition.number}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def letter_text(shown: dict[str, Any]) -> str:
    """A presented petition as plain text, in the language of the request."""
    lines = [
        _fact(_("Number"), shown["number"]),
        _fact(_("Kind"), shown["kind_label"]),
        _fact(_("Time of receipt"), _stamp(shown["received_at"])),
        _fact(_("Present state"), shown["status_label"]),
        "",
        _fact(_("Title"), shown["title"]),
        "",
        shown["body"],
        "",
    ]
    facts = [
        (_("Place"), shown["place"]),
        (_("Which unit should handle it?"), shown["unit"]),
        (_("About"), shown["about"]),
        *shown["person"],
    ]
    lines += [_fact(label, value) for label, value in facts if value]
    lines += _list_of(shown["attachments"])
    lines += ["", _("What has happened")]
    lines += [f"{_stamp(step['at'])}  {step['text']}" for step in shown["timeline"] if step["at"]]
    if shown["deadlines"]:
        lines += ["", _("Time limits")]
    for limit in shown["deadlines"]:
        words = (limit["due"].isoformat() if limit["due"] else "", limit["state_label"], limit["basis_label"])
        lines += [_fact(limit["stage_label"], "  ".join(word for word in words if word))]
    for message in shown["messages"]:
        lines += ["", f"{message['kind_label']}  {_stamp(message['at'])}  {message['unit']}".rstrip(), message["text"]]
        lines += _list_of(message["attachments"])
    return "\r\n".join("\n".join(lines).splitlines()) + "\r\n"


def _fact(label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _list_of(attachments: list[dict[str, Any]]) -> list[str]:
    return ["", _("Attachments"), *(_listed(attachment) for attachment in attachments)] if attachments else []


def _listed(attachment: dict[str, Any]) -> str:
    line = f"{attachment['name']}  {filesizeformat(attachment['size'])}  SHA-256 {attachment['sha256']}"
    return line if attachment["available"] else f"{line}  ({_('no longer kept')})"


def _archive(opened: OpenedPetition, text: str, folder: str, gone: set[str]) -> Iterator[bytes]:
    sink = _Sink()
    moment = localtime(opened.petition.received_at).timetuple()[:6]

    def entry(name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{opened.petition.number}/{name}", date_time=moment)
        info.external_attr = UNIX_FILE
        return info

    with zipfile.ZipFile(sink, "w") as archive:
        # Windows' editor takes a text without this mark for its own encoding.
        archive.writestr(entry(f"{opened.petition.number}.txt"), text.encode("utf-8-sig"))
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


def _stamp(moment: Any) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M")
