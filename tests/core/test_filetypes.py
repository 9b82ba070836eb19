"""What a file is, is told by its content; its name only has to fit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.filetypes import ALLOWED, DOC, DOCX, JPEG, MP4, TEXT, XLS, XLSX, Recogniser, accepted_extensions, fitting_name
from tests.core.samples import GIF, PDF, PNG, box, ole, package
from tests.core.samples import JPEG as PHOTO
from tests.core.samples import TEXT as LETTER

WORD = package("[Content_Types].xml", "_rels/.rels", "word/document.xml")
EXCEL = package("[Content_Types].xml", "xl/workbook.xml")


def recognised(content: bytes, size: int = 997) -> str | None:
    """The type of ``content``, seen in pieces of ``size`` bytes."""
    recogniser = Recogniser()
    for start in range(0, len(content), size):
        recogniser.update(content[start : start + size])
    type = recogniser.recognise()
    return type.extensions[0] if type else None


@pytest.mark.parametrize("size", [1, 7, 997, 65_536])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PHOTO, "jpg"),
        (PNG, "png"),
        (GIF, "gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(30), "webp"),
        (box("heic", "mif1heic"), "heic"),
        (box("mif1", "mif1heic"), "heic"),
        (PDF, "pdf"),
        (b"%PDF-1.4\n1 0 obj\n<< >>", "pdf"),
        (WORD, "docx"),
        (EXCEL, "xlsx"),
        (ole("Root Entry", "WordDocument"), "doc"),
        (ole("Root Entry", "Workbook"), "xls"),
        (LETTER, "txt"),
        (b"x", "txt"),
        ("投诉材料".encode("gb18030"), "txt"),
        ("投诉材料".encode("utf-16"), "txt"),
        ("\ufeff有字节序标记".encode(), "txt"),
        (b"ID3\x03\x00\x00\x00\x00\x00\x21TIT2" + bytes(300), "mp3"),
        (b"\xff\xfb\x90\x64" + bytes(400), "mp3"),
        (b"\xff\xf3\x40\xc4" + bytes(400), "mp3"),
        (box("M4A ", "M4A mp42isom"), "m4a"),
        (box("isom", "isomiso2avc1mp41"), "mp4"),
        (box("mp42", "mp42isom"), "mp4"),
    ],
)
def test_what_may_be_sent_is_recognised_in_pieces_of_any_size(content: bytes, expected: str, size: int) -> None:
    assert recognised(content, size) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF\x02\x01\x01" + bytes(60),
        b"<!DOCTYPE html><script>",
        b" \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>",
        "<html>".encode("utf-16"),
        b"#!/bin/sh\n",
        b"{\\rtf1\\ansi}",
        package("a.txt", "word/document.xml"),
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        package("[Content_Types].xml", "ppt/presentation.xml"),
        ole("Root Entry", "WordDocument", "_VBA_PROJECT"),
        ole("Root Entry", "EncryptedPackage"),
        b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(30),
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(30),
        box("qt  ", "qt  "),
        box("avif", "avifmif1"),
        box("mif1", "mif1avif"),
        b"\xff\xf1\x50\x80" + bytes(100),
        b"BM\x36\x00\x00\x00" + bytes(50),
        b"Rar!\x1a\x07\x00",
        b"7z\xbc\xaf\x27\x1c\x00",
        b"text with a \x00 in it",
        b"no character of any encoding: \xff",
        b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(50),
    ],
)
def test_anything_else_is_not(content: bytes) -> None:
    assert recognised(content) is None
    assert recognised(content, 3) is None


@given(st.binary(max_size=400), st.integers(1, 50))
@settings(max_examples=150)
def test_no_bytes_upset_it_and_pieces_do_not_matter(content: bytes, size: int) -> None:
    assert recognised(content, size) == recognised(content, 1_000)


@pytest.mark.parametrize(
    ("name", "type", "expected"),
    [
        ("photo.jpg", JPEG, "photo.jpg"),
        ("照片.JPEG", JPEG, "照片.JPEG"),
        ("photo.png", JPEG, "photo.png.jpg"),
        ("letter.js", TEXT, "letter.js.txt"),
        ("letter", TEXT, "letter.txt"),
        ("recording.m4a", MP4, "recording.m4a"),
        ("x" * 300 + ".doc", DOC, "x" * 196 + ".doc"),
        ("x" * 300, XLS, "x" * 196 + ".xls"),
        ("a.docm", DOCX, "a.docm.docx"),
        (".xlsx", XLSX, ".xlsx.xlsx"),
    ],
)
def test_a_name_is_made_to_fit(name: str, type: object, expected: str) -> None:
    assert fitting_name(name, type) == expected  # type: ignore[arg-type]


def test_the_page_offers_what_is_taken() -> None:
    offered = accepted_extensions().split(",")

    assert {f".{type.extensions[0]}" for type in ALLOWED} <= set(offered)
