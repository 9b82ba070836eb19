"""The outside of everything that is signed: JWS General JSON (RFC 7515, section 7.2.1)."""

import base64
import binascii
import dataclasses
import hashlib
import json


@dataclasses.dataclass(frozen=True)
class Signed:
    """Bytes and the signatures over them: what is stored, and what crosses."""

    payload: bytes
    signatures: list[dict[str, str]]

    def as_bytes(self) -> bytes:
        """JWS General JSON, compact and always the same for the same parts."""
        document = {"payload": encode(self.payload), "signatures": self.signatures}
        return json.dumps(document, separators=(",", ":")).encode()

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.payload).hexdigest()


def encode(raw: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Strict base64url without padding: exactly one text stands for given bytes, so a copy cannot be disguised."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(raw) != text:
        raise binascii.Error("not canonical base64url")
    return raw
