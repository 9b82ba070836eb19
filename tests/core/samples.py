"""Small files of every kind for tests, as a phone or an office would make them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile


def package(*names: str) -> bytes:
    """A ZIP with entries of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return buffer.getvalue()


def ole(*names: str) -> bytes:
    """The beginnings of an old Office document with streams of these names."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"".join(name.encode("utf-16-le") + bytes(8) for name in names)


def box(brand: str, *others: str) -> bytes:
    """The first box of an ISO media file."""
    content = b"ftyp" + brand.encode() + bytes(4) + "".join(others).encode()
    return (len(content) + 4).to_bytes(4, "big") + content + bytes(200)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(300)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(60)
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(20)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
TEXT = "施工许可证号：云建〔2026〕18号\r\n".encode()


def upload(name: str, content: bytes, media_type: str = "application/octet-stream") -> SimpleUploadedFile:
    """A file as a browser sends it, with whatever type it claims."""
    return SimpleUploadedFile(name, content, media_type)
