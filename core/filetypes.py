"""What a file is, by its content: never by its name, which anybody can choose."""

import codecs
import dataclasses
import re
from pathlib import PurePosixPath

HEAD = 16 * 1024
NAME_LENGTH = 200


@dataclasses.dataclass(frozen=True)
class FileType:
    """A type that citizens may send. The first of ``extensions`` is the usual one."""

    media_type: str
    extensions: tuple[str, ...]


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

JPEG = FileType("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG, GIF, WEBP = (FileType(f"image/{name}", (name,)) for name in ("png", "gif", "webp"))
HEIC = FileType("image/heic", ("heic", "heif"))
PDF, TEXT = FileType("application/pdf", ("pdf",)), FileType("text/plain", ("txt",))
DOCX, XLSX = FileType(_WORD, ("docx",)), FileType(_EXCEL, ("xlsx",))
DOC, XLS = FileType("application/msword", ("doc",)), FileType("application/vnd.ms-excel", ("xls",))
MP3, M4A = FileType("audio/mpeg", ("mp3",)), FileType("audio/mp4", ("m4a",))
# Recorders of many phones write sound alone under a film's brand.
MP4 = FileType("video/mp4", ("mp4", "m4v", "m4a"))
ALLOWED = (JPEG, PNG, GIF, WEBP, HEIC, PDF, DOCX, XLSX, DOC, XLS, TEXT, MP3, M4A, MP4)

# Where a signature stands, and what it is.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", WEBP),
    (0, b"%PDF-", PDF),
    (0, b"ID3", MP3),
)
# Brands of the ISO base media format (ISO/IEC 14496-12), https://mp4ra.org/registered-types/brands
_BRANDS = {
    HEIC: "heic heix heim heis hevc hevx mif1 msf1",
    M4A: "M4A_ M4B_",
    MP4: "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 mmp4 MSNV dash M4V_ M4VH M4VP 3gp4 3gp5 3gp6",
}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How an Office Open XML package begins; an archive that merely contains one begins with another name.
_PACKAGE_PARTS = ("[content_types].xml", "_rels/", "docprops/", "word/", "xl/", "customxml/")
# Names inside the containers. The last ones are macros, which are not taken.
_MARKERS = {
    "docx": b"word/document.xml",
    "xlsx": b"xl/workbook.xml",
    "macros": b"vbaProject.bin",
    "doc": "WordDocument".encode("utf-16-le"),
    "xls": "Workbook".encode("utf-16-le"),
    "old macros": "_VBA_PROJECT".encode("utf-16-le"),
}
_OVERLAP = max(map(len, _MARKERS.values())) - 1
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Text that something would run or render: not a letter's enclosure.
_CODE = ("<", "#!", "%!", "{\\rtf")


class Recogniser:
    """Looks at a file while it passes. ``update`` with every piece, then ``recognise``."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = b""
        self._found: set[str] = set()
        self._text = _TextProbe()

    def update(self, data: bytes) -> None:
        if len(self._head) < HEAD:
            self._head += data[: HEAD - len(self._head)]
        self._text.update(data)
        if self._head.startswith((_ZIP[: len(self._head)], _OLE[: len(self._head)])):
            window = self._tail + data
            self._found.update(name for name, marker in _MARKERS.items() if name not in self._found and marker in window)
            self._tail = window[-_OVERLAP:]

    def recognise(self) -> FileType | None:
        """The type, or None for what is empty, unknown or not allowed."""
        if not self._head:
            return None
        if self._head.startswith(_ZIP):
            return self._package()
        if self._head.startswith(_OLE):
            return self._old_office()
        if (text := self._text.beginning(self._head)) is not None and not self._head.startswith(b"%PDF-"):
            return None if text.lstrip("\ufeff \t\r\n\f").startswith(_CODE) else TEXT
        return self._by_signature()

    def _by_signature(self) -> FileType | None:
        head = self._head
        if head[4:8] == b"ftyp":
            brand = head[8:12].decode("latin-1").replace(" ", "_")
            still_avif = b"avif" in head[: int.from_bytes(head[:4], "big")]
            return next((type for type, brands in _BRANDS.items() if brand in brands.split() and not still_avif), None)
        for start, signature, type in _SIGNATURES:
            if head[start:].startswith(signature) and (type is not WEBP or head.startswith(b"RIFF")):
                return type
        return MP3 if _is_mp3_frame(head[:4]) else None

    def _package(self) -> FileType | None:
        length = int.from_bytes(self._head[26:28], "little")
        first = self._head[30 : 30 + length].decode("utf-8", "replace").lower()
        if not first.startswith(_PACKAGE_PARTS) or "macros" in self._found:
            return None
        return DOCX if "docx" in self._found else XLSX if "xlsx" in self._found else None

    def _old_office(self) -> FileType | None:
        if "old macros" in self._found:
            return None
        return DOC if "doc" in self._found else XLS if "xls" in self._found else None


class _TextProbe:
    """Whether everything that passes is text: UTF-8, GB 18030 or, with a mark in front, UTF-16; no control characters."""

    def __init__(self) -> None:
        self._decoders: dict[str, codecs.IncrementalDecoder] | None = None
        self._first = b""

    def update(self, data: bytes, *, at_end: bool = False) -> None:
        if self._decoders is None:
            data = self._first = self._first + data
            if len(data) < len(codecs.BOM_UTF16_LE) and not at_end:
                # Too little to tell the encoding by.
                return
            wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            names = ("utf-16",) if wide else ("utf-8", "gb18030")
            self._decoders = {name: codecs.getincrementaldecoder(name)() for name in names}
        self._decoders = {name: one for name, one in self._decoders.items() if self._takes(one, data, final=at_end)}

    def beginning(self, head: bytes) -> str | None:
        """The text of the file's ``head`` when at least one encoding has taken the whole file, else None. Ends the file."""
        self.update(b"", at_end=True)
        return next((head.decode(name, "replace") for name in self._decoders or {}), None)

    def _takes(self, decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool) -> bool:
        try:
            return not _CONTROLS.search(decoder.decode(data, final))
        except UnicodeDecodeError:
            return False


def _is_mp3_frame(header: bytes) -> bool:
    """Whether these four bytes head a frame of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2 or header[1] & 0x18 == 0x08:
        return False
    return header[2] >> 4 not in (0, 15) and header[2] & 0x0C != 0x0C


def fitting_name(name: str, type: FileType) -> str:
    """``name`` with an extension that fits what the file is, and at most 200 characters long.

    A text that calls itself ``letter.js`` becomes ``letter.js.txt``: whoever opens it with a double click must not run it.
    """
    suffix = PurePosixPath(name).suffix
    if suffix.lower().lstrip(".") in type.extensions:
        return name[: -len(suffix)][: NAME_LENGTH - len(suffix)] + suffix
    return f"{name[: NAME_LENGTH - 1 - len(type.extensions[0])]}.{type.extensions[0]}"


def accepted_extensions() -> str:
    """The value of a file input's ``accept``."""
    return ",".join(f".{extension}" for type in ALLOWED for extension in type.extensions)
