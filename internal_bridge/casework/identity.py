"""Who wrote, and what came along: under a data key of the case's own, which the office's keyring wraps.

Each box is bound to its case and its place: a row that is moved to another case does not open there.
"""

import dataclasses
import json
import secrets
import unicodedata
import uuid
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.keyring import PHONE, blind_index, new_data_key, unwrap, wrap
from internal_bridge.casework.models import Case, CaseAttachment, CaseEntry, CaseIdentity, IdentityIndex

# What of a submission tells who wrote it. These stand nowhere else in the office.
IDENTITY_FIELDS = ("name", "phone", "email", "representatives", "on_behalf_of")

NONCE_BYTES = 12
NAME_LENGTH = 200


@dataclasses.dataclass(frozen=True, repr=False)
class CaseKey:
    """A case's data key, open for the moment in which it is needed."""

    uid: uuid.UUID
    key: bytes

    @classmethod
    def of(cls, case: Case) -> "CaseKey":
        """The key of a case that has one. Raises ``UnwrapError`` and ``ImproperlyConfigured`` as the keyring does."""
        return cls(uid=case.uid, key=unwrap(bytes(case.identity.wrapped_key)))

    def encrypt(self, place: str, plain: bytes) -> bytes:
        """A box that opens only with this key, at this place of this case."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, plain, self._bound_to(place))

    def decrypt(self, place: str, box: bytes) -> bytes:
        """What ``encrypt`` took. Raises ``InvalidTag``."""
        return AESGCM(self.key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], self._bound_to(place))

    def file_key(self, attachment: CaseAttachment) -> bytes:
        """The key of the attachment's ciphertext. Raises ``InvalidTag``."""
        return self.decrypt(_file_place(attachment.digest), bytes(attachment.wrapped_key))

    def _bound_to(self, place: str) -> bytes:
        return f"zq/case/{self.uid}/{place}".encode()


def keep_identity(*, case: Case, content: dict[str, Any]) -> None:
    """Put identity and file keys of a submission under a new key of ``case``, and index the phone numbers, blinded.

    In the transaction that opens the case, and only there: a case has one key.
    """
    key = CaseKey(uid=case.uid, key=new_data_key())
    fields = {field: content[field] for field in IDENTITY_FIELDS}
    CaseIdentity.objects.create(
        case=case, wrapped_key=wrap(key.key), box=key.encrypt("identity", json.dumps(fields, ensure_ascii=False).encode())
    )
    phones = [content["phone"], *(person["phone"] for person in content["representatives"])]
    # Representatives often share a telephone: a number counts once for a case.
    digests = {digest for phone in phones if (digest := blind_index(PHONE, phone))}
    IdentityIndex.objects.bulk_create(IdentityIndex(case=case, digest=digest) for digest in sorted(digests))
    _keep_files(case, key, content, None)


def keep_files(*, case: Case, content: dict[str, Any], entry: CaseEntry) -> None:
    """Put the file keys of a supplement under the key that ``case`` has. A file that is there already stays the first's."""
    _keep_files(case, CaseKey.of(case), content, entry)


def _keep_files(case: Case, key: CaseKey, content: dict[str, Any], entry: CaseEntry | None) -> None:
    CaseAttachment.objects.bulk_create(
        (
            CaseAttachment(
                case=case,
                entry=entry,
                digest=file["digest"],
                name=plain_name(file["name"]),
                content_type=file["type"],
                size=file["size"],
                wrapped_key=key.encrypt(_file_place(file["digest"]), bytes.fromhex(file["key"])),
            )
            for file in attached(content)
        ),
        ignore_conflicts=entry is not None,
    )


def attached(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The files that a submission names: ``{digest, key, name, type, size}`` each."""
    return content["attachments"]


def plain_name(name: str) -> str:
    """A file name as a page may show it: no folder, and nothing that does not print or turns the reading direction."""
    base = name.replace("\\", "/").rpartition("/")[2]
    printed = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip()
    return printed[:NAME_LENGTH] or "-"


def rating_place(answer: int) -> str:
    """Where the secret of an answer's rating link stands."""
    return f"rating/{answer}"


def _file_place(digest: str) -> str:
    return f"file/{digest}"
