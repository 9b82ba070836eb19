"""What people, and those who mean harm, may send: texts and files, each with what must become of it."""

import io
import zipfile
from typing import Any

from PIL import Image

from core.uploads import MAX_SIZE
from tests.core.samples import GIF, JPEG, PDF, PNG, TEXT, box, ole, package

# --- Texts: as the body of a petition, and how they arrive in the office: unchanged, otherwise, or not at all. ----------------

KEPT: Any = ...
REFUSED = None

TEXTS: dict[str, tuple[str, str | None]] = {
    # Markup and code: text, whatever it says.
    "script": ("<script>alert(1)</script>", KEPT),
    "image with a handler": ('<img src=x onerror="alert(1)">', KEPT),
    "svg": ("<svg/onload=alert(1)>", KEPT),
    "closing tags": ("</textarea></form><script>alert(1)</script>", KEPT),
    "attribute": ('" onfocus=alert(1) autofocus x="', KEPT),
    "entity": ("&lt;script&gt;alert(1)&lt;/script&gt;", KEPT),
    "javascript address": ("javascript:alert(1)//", KEPT),
    "style": ("<style>*{display:none}</style>", KEPT),
    "comment": ("<!-- --><!--[if IE]>x<![endif]-->", KEPT),
    "cdata": ("<![CDATA[<script>alert(1)</script>]]>", KEPT),
    "template": ("{{ settings.SECRET_KEY }}{% debug %}", KEPT),
    "format": ("%s%s%n%(secret)s{0.__class__}", KEPT),
    "shell": ("; rm -rf / && $(reboot) `id`", KEPT),
    "sql": ("'; DROP TABLE petitions_petition; --", KEPT),
    "sql like": ("100%_of it\\", KEPT),
    "path": ("../../../../etc/passwd", KEPT),
    "spreadsheet formula": ('=HYPERLINK("http://example.org";"x")', KEPT),
    "formula by plus": ("+1+cmd|' /C calc'!A0", KEPT),
    "header": ("x\nSet-Cookie: a=b\n\nbody", KEPT),
    "header with carriage returns": ("first\r\nSet-Cookie: a=b", "first\nSet-Cookie: a=b"),
    "log line": ("ok\n2026-01-01 CRITICAL root: hacked", KEPT),
    "json": ('{"kind": "report", "urgent": true}', KEPT),
    "xml bomb": ('<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">]><l>&a;&a;</l>', KEPT),
    "latex": ("\\input{/etc/passwd}\\write18{id}", KEPT),
    "null as a word": ("null undefined NaN None", KEPT),
    "a number": ("1234567890123456789012345678901234567890", KEPT),
    # What nobody sees.
    "right to left override": ("路灯\u202e不亮了请修", "路灯不亮了请修"),
    "isolates": ("\u2066路灯\u2069三天不亮\u2067了\u2069", "路灯三天不亮了"),
    "marks of direction": ("路灯\u200e三天\u200f不亮", "路灯三天不亮"),
    "arabic mark": ("路灯\u061c三天不亮", "路灯三天不亮"),
    "zero width spaces": ("路\u200b灯\u200b三\u200b天\u200b不\u200b亮", "路灯三天不亮"),
    "word joiners": ("路灯\u2060三天不亮", "路灯三天不亮"),
    "byte order mark": ("\ufeff路灯三天不亮", "路灯三天不亮"),
    "soft hyphens": ("路\xad灯三天不亮", "路灯三天不亮"),
    "nothing but zero widths": ("\u200b" * 10, REFUSED),
    "four letters among zero widths": ("路\u200b灯\u200b不\u200b亮\u200b", REFUSED),
    "line and paragraph separators": ("路灯\u2028三天\u2029不亮", "路灯三天不亮"),
    "bell and escape": ("路灯\x07三天\x1b[31m不亮", "路灯三天[31m不亮"),
    "backspace and delete": ("路灯\x08三天\x7f不亮", "路灯三天不亮"),
    "vertical tab and form feed": ("路灯\x0b三天\x0c不亮", "路灯三天不亮"),
    "c1 controls": ("路灯\x85三天\x9b不亮", "路灯三天不亮"),
    "interlinear marks": ("路灯\ufff9三天\ufffb不亮", "路灯三天不亮"),
    "nul": ("路灯\x00三天不亮", REFUSED),
    "only spaces": ("      \n\t  ", REFUSED),
    "ideographic spaces": ("\u3000" * 10, REFUSED),
    # Scripts.
    "emoji": ("路灯不亮😡🙏💡", KEPT),
    "family": ("一家\U0001f468\u200d\U0001f469\u200d\U0001f467住在这里", KEPT),
    "flags and skin": ("🇨🇳👍🏽👍🏿好好好", KEPT),
    "combining marks": ("a" + "\u0300" * 60 + "路灯不亮", KEPT),
    "rare characters": ("𠮷野家和㐀𪚥𫝀", KEPT),
    "zhuang": ("Sevgyoi hungz mwngz, bouxboux cungj ndei", KEPT),
    "mongolian": ("ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ", KEPT),
    "uighur": ("ئۇيغۇر تىلى يېزىقى", KEPT),
    "tibetan": ("བོད་སྐད་ཡིག", KEPT),
    "private use": ("\ue000\ue001路灯不亮", KEPT),
    "beyond every plane": ("路灯三天不亮\U0010ffff", KEPT),
    "full width": ("ｐｌｅａｓｅ　ｈｅｌｐ１２３", KEPT),
    "homoglyphs": ("аdmin аnd раypаl", KEPT),
    # Length.
    "100 kB": ("长" * 34_000, REFUSED),
    "2,001 emoji": ("🏮" * 2_001, REFUSED),
    "2,000 line ends": ("\n" * 2_000, REFUSED),
    "2,000 emoji": ("🏮" * 2_000, KEPT),
}


def expected(name: str) -> str | None:
    """The text as it arrives, or None where it is refused."""
    text, arrives = TEXTS[name]
    return text if arrives is ... else arrives


# --- Files: name, content, and the media type as which they arrive; None where they are refused. -----------------------------


def picture(kind: str, **options: Any) -> bytes:
    """A real picture of two by two."""
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(buffer, kind, **options)
    return buffer.getvalue()


def located() -> bytes:
    """A photograph that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 28.0, 0.0), 3: "E", 4: (103.0, 37.0, 0.0)})
    return picture("JPEG", exif=exif)


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


WORD, EXCEL = ("[Content_Types].xml", "word/document.xml"), ("[Content_Types].xml", "xl/workbook.xml")
JPG, TXT, PDF_TYPE = "image/jpeg", "text/plain", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FILES: dict[str, tuple[str, bytes, str | None]] = {
    # Programs and pages, under whatever name.
    "program": ("a.exe", b"MZ\x90\x00" + bytes(200), None),
    "program called a picture": ("photo.jpg", b"MZ\x90\x00" + bytes(200), None),
    "elf": ("a.jpg", b"\x7fELF\x02\x01\x01" + bytes(200), None),
    "shell script": ("a.txt", b"#!/bin/sh\nrm -rf /\n", None),
    "page": ("a.html", b"<!doctype html><script>alert(1)</script>", None),
    "page called a text": ("a.txt", b"<html><body onload=alert(1)>", None),
    "page after white space": ("a.txt", b"\n\n \t<script>alert(1)</script>", None),
    "page after a byte order mark": ("a.txt", b"\xef\xbb\xbf<script>alert(1)</script>", None),
    "page in utf-16": ("a.txt", "<script>alert(1)</script>".encode("utf-16"), None),
    "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', None),
    "svg called a png": ("a.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>", None),
    "javascript called a text": ("a.js", b"alert(1)//" + TEXT, TXT),
    "postscript": ("a.ps", b"%!PS-Adobe-3.0\n(x) show", None),
    "rtf": ("a.doc", b"{\\rtf1\\ansi object}", None),
    "flash": ("a.jpg", b"CWS\x0a" + bytes(100), None),
    "java class": ("a.jpg", b"\xca\xfe\xba\xbe" + bytes(100), None),
    "windows link": ("a.pdf", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(100), None),
    # Archives and bombs.
    "archive": ("a.zip", package("a.txt"), None),
    "archive called a document": ("a.docx", package("evil.exe", "word/document.xml"), None),
    "bomb": ("a.zip", archive({"zeros": bytes(1_000_000)}), None),
    "bomb in a document": ("a.docx", archive({**dict.fromkeys(WORD, b"x"), "word/media/b": bytes(1_000_000)}), DOCX),
    "gzip": ("a.gz", b"\x1f\x8b\x08" + bytes(100), None),
    "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), None),
    "rar": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(100), None),
    # Two things at once: they are taken as what they begin with, and are served as nothing else.
    "picture and archive": ("a.jpg", JPEG + package("evil.exe"), JPG),
    "picture and page": ("a.gif", GIF + b"<script>alert(1)</script>", "image/gif"),
    "pdf and page": ("a.pdf", PDF + b"<script>alert(1)</script>", PDF_TYPE),
    "archive and picture": ("a.jpg", package("a") + JPEG, None),
    "pdf called a picture": ("a.jpg", PDF, PDF_TYPE),
    "picture called a program": ("a.exe", PNG, "image/png"),
    "text called a program": ("a.bat", TEXT, TXT),
    # Macros.
    "word with macros": ("a.docm", package(*WORD, "word/vbaProject.bin"), None),
    "word with macros called without": ("a.docx", package(*WORD, "word/vbaProject.bin"), None),
    "excel with macros": ("a.xlsm", package(*EXCEL, "xl/vbaProject.bin"), None),
    "old word with macros": ("a.doc", ole("WordDocument", "_VBA_PROJECT"), None),
    "excel": ("a.xlsx", package(*EXCEL), XLSX),
    # Sizes, names, and what a phone adds.
    "empty": ("a.jpg", b"", None),
    "too large": ("a.mp4", box("isom").ljust(MAX_SIZE + 1, b"\0"), None),
    "place of the photograph": ("a.jpg", located(), JPG),
    "a name that climbs": ("../../etc/passwd", TEXT, TXT),
    "a name with markup": ("<img src=x onerror=alert(1)>.jpg", JPEG, JPG),
    "a name that runs backwards": ("gpj\u202egpj.exe", JPEG, JPG),
    "a name of 300": ("长" * 300 + ".jpg", JPEG, JPG),
    "a name with line ends": ("a\r\nSet-Cookie: b=c.jpg", JPEG, JPG),
    "apple film": ("a.mov", box("qt  "), None),
    "nothing known": ("a.jpg", b"\x00\x01\x02\x03" * 50, None),
}
