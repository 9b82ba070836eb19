"""Cases with files, and their pages."""

import dataclasses
import hashlib
from typing import Any

from django.test import Client
from django.urls import reverse

from core.files import FileSealer, new_file_key
from internal_bridge.casework.models import Case
from internal_bridge.exchange.public import keep_file
from tests.casework.letters import Letter
from tests.exchange.peers import Peer


@dataclasses.dataclass(frozen=True)
class File:
    """A file that a citizen sends along."""

    plain: bytes
    key: bytes
    digest: str
    size: int
    name: str
    type: str

    def arrive(self) -> None:
        """It has been fetched."""
        keep_file(self.digest, self.size)

    @property
    def described(self) -> dict[str, Any]:
        return {
            "digest": self.digest,
            "key": self.key.hex(),
            "name": self.name,
            "type": self.type,
            "size": len(self.plain),
            "sha256": hashlib.sha256(self.plain).hexdigest(),
        }


def make_file(plain: bytes = b"%PDF-1.7 planted-content", *, name: str = "现场照片.pdf", type: str = "application/pdf") -> File:
    """Its ciphertext lies in its place; the bridge has not taken note of it yet."""
    key = new_file_key()
    sealer = FileSealer(key)
    sealer.write(plain)
    stored = sealer.finish()
    return File(plain=plain, key=key, digest=stored.digest, size=stored.size, name=name, type=type)


def register(peer: Peer, *files: File, **content: Any) -> Case:
    """A case with files that are here."""
    for file in files:
        file.arrive()
    return Letter(attachments=[file.described for file in files], **content).registered(peer)


def page(client: Client, case: Case) -> str:
    """The case's page as the dispatcher sees it, with its whole course."""
    response = client.get(reverse("casework:detail", args=[case.number]), {"course": "all"})
    assert response.status_code == 200
    return response.content.decode()
