"""Sealing: what a citizen writes is readable only by the office and by whoever holds the receipt code.

A seal is RFC 9180 HPKE in base mode (DHKEM X25519, HKDF-SHA256, AES-256-GCM) with a format byte and the recipient's key id in
front. ``info`` binds it to its place: sender, recipient, stream, sequence number and type. The sealed JSON holds a 32-byte
salt, and a commitment SHA-256(salt ‖ plaintext) travels beside the seal, because GCM alone commits to nothing.
"""

import base64
import dataclasses
import hashlib
import hmac
import json
import secrets
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEAL_FORMAT = 1
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

# Crockford's base32: no I, L, O, U.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20
CODE_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


class SealError(ValueError):
    """The seal cannot be opened: wrong key, wrong binding, altered bytes or a broken commitment."""


class InvalidCode(ValueError):
    """The text is not a receipt code: wrong length or a character outside the alphabet."""


@dataclasses.dataclass(frozen=True)
class Sealed:
    """A sealed JSON value and its commitment, as they stand in a message or a row."""

    box: bytes
    commitment: str

    def as_json(self) -> dict[str, str]:
        return {"box": base64.b64encode(self.box).decode(), "commitment": self.commitment}

    @classmethod
    def from_json(cls, value: dict[str, str]) -> "Sealed":
        return cls(box=base64.b64decode(value["box"], validate=True), commitment=value["commitment"])


def binding(*, sender: str, recipient: str, stream: str, seq: int, type: str) -> bytes:
    """The HPKE ``info`` of a seal: compact UTF-8 JSON ``["zq1", sender, recipient, stream, seq, type]``."""
    parts = ["zq1", sender, recipient, stream, seq, type]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def seal(content: Any, *, public_key: bytes, kid: str, info: bytes) -> Sealed:
    """Seal a JSON value to a raw 32-byte X25519 public key named ``kid`` (ASCII, at most 255 bytes)."""
    salt = secrets.token_bytes(32)
    plaintext = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    inner = json.dumps({"salt": salt.hex(), "plaintext": plaintext}, ensure_ascii=False).encode()
    name = kid.encode("ascii")
    header = bytes([SEAL_FORMAT, len(name)]) + name
    box = header + SUITE.encrypt(inner, X25519PublicKey.from_public_bytes(public_key), info)
    return Sealed(box=box, commitment=hashlib.sha256(salt + plaintext.encode()).hexdigest())


def seal_kid(box: bytes) -> str:
    """The id of the key that a seal was made for. Raises ``SealError`` for an unknown format."""
    if len(box) < 2 or box[0] != SEAL_FORMAT or len(box) < 2 + box[1]:
        raise SealError("unknown seal format")
    try:
        return box[2 : 2 + box[1]].decode("ascii")
    except UnicodeDecodeError as error:
        raise SealError("unknown seal format") from error


def unseal(sealed: Sealed, *, private_key: X25519PrivateKey, info: bytes) -> Any:
    """The JSON value inside a seal. Raises ``SealError`` unless key, binding, bytes and commitment all fit."""
    header = 2 + len(seal_kid(sealed.box))
    try:
        inner = json.loads(SUITE.decrypt(sealed.box[header:], private_key, info))
        digest = hashlib.sha256(bytes.fromhex(inner["salt"]) + inner["plaintext"].encode()).hexdigest()
        content = json.loads(inner["plaintext"])
    except (InvalidTag, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        # Anybody can seal anything to a public key: what is not built as ours is refused like what does not open.
        raise SealError("the seal does not open") from error
    if not hmac.compare_digest(digest.encode(), sealed.commitment.encode()):
        raise SealError("the content does not match its commitment")
    return content


# --- The receipt code is the citizen's key ------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class CitizenKey:
    """The key pair that a receipt code and a petition number derive."""

    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """The raw 32 bytes that the portal stores instead of a hash of the code."""
        return self.private.public_key().public_bytes_raw()

    def matches(self, public_key: bytes) -> bool:
        """Whether this is the key of that public key, compared in constant time."""
        return hmac.compare_digest(self.public, public_key)


def new_receipt_code() -> str:
    """100 random bits as 20 characters of Crockford base32, in five groups of four."""
    return format_code("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)))


def format_code(canonical: str) -> str:
    """A canonical code as it is printed: five groups of four with hyphens."""
    return "-".join(canonical[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def canonical_code(text: str) -> str:
    """The 20 characters that a typed code stands for: upper case, without spaces and hyphens, I and L → 1, O → 0.

    Raises ``InvalidCode`` when that leaves anything but 20 characters of the alphabet.
    """
    code = "".join(text.split()).replace("-", "").upper().translate(CODE_LOOKALIKES)
    if len(code) != CODE_LENGTH or any(char not in CODE_ALPHABET for char in code):
        raise InvalidCode("not a receipt code")
    return code


def citizen_kid(public_key: bytes) -> str:
    """The key id under which content is sealed to a citizen."""
    return "citizen-" + hashlib.sha256(public_key).hexdigest()[:16]


def citizen_key(code: str, *, number: str) -> CitizenKey:
    """Derive the citizen's key pair: ``HKDF(Argon2id(code, salt = number, 19 MiB, t = 2, p = 1), "zq/citizen/1")``.

    ``code`` is taken as typed. About 20 ms: never call it inside a write transaction. Raises ``InvalidCode``. The
    parameters are version 1; they are part of every stored key and can only be joined by a new version.
    """
    secret = hash_secret_raw(
        canonical_code(code).encode("ascii"),
        number.encode("ascii"),
        time_cost=2,
        memory_cost=19 * 1024,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"zq/citizen/1").derive(secret)
    return CitizenKey(X25519PrivateKey.from_private_bytes(seed))
