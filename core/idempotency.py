"""One mechanism that makes every POST safe to repeat, for the API's ``Idempotency-Key`` and a form's hidden nonce alike.

The row holds SHA-256 of the key, an HMAC of the request's canonical fields under a key derived from it, and the response
encrypted under another: who has the database but not the caller's key learns neither question nor answer. Rows live 24 hours.
"""

import datetime
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.leaves import canonical_json
from core.models import IdempotencyRecord

KEY_PATTERN = re.compile(r"[A-Za-z0-9_-]{22,128}", re.ASCII)
LIFETIME = datetime.timedelta(hours=24)

P = TypeVar("P")


class InvalidKey(ValueError):
    """The key is not 22–128 characters of ``[A-Za-z0-9_-]``."""


class KeyReused(Exception):
    """The key has been used before with other content."""


def new_key() -> str:
    """A fresh key of 16 random bytes, for a form's hidden field."""
    return secrets.token_urlsafe(16)


def check_key(key: str) -> str:
    """``key`` unchanged. Raises ``InvalidKey`` when it is malformed."""
    if not KEY_PATTERN.fullmatch(key):
        raise InvalidKey("an idempotency key has 22 to 128 characters of [A-Za-z0-9_-]")
    return key


def once(
    *, scope: str, key: str | None, fields: Any, prepare: Callable[[], P], effect: Callable[[P], dict[str, Any]]
) -> dict[str, Any]:
    """Run ``effect`` once for this (scope, key) and return its JSON answer; a repeat gets the first answer back.

    ``scope`` names caller and route. ``fields`` are the request's canonical fields (JSON). ``prepare`` does what is slow,
    outside any transaction; ``effect`` gets its result and runs in one transaction with the record of its answer, so that
    either both exist or neither. Without a key there is nothing to repeat: the effect just runs, in a transaction.

    Raises ``InvalidKey``, and ``KeyReused`` when the key was used with other fields.
    """
    if key is None:
        prepared = prepare()
        with transaction.atomic():
            return effect(prepared)
    lock = _Lock(scope=scope, key=check_key(key), fields=fields)
    if (answer := lock.earlier_answer()) is not None:
        return answer
    prepared = prepare()
    try:
        with transaction.atomic():
            # Inserted first: a concurrent repeat waits here (PostgreSQL) or at BEGIN (SQLite), then finds the row taken.
            record = lock.take()
            answer = effect(prepared)
            record.response = lock.encrypt(answer)
            record.save(update_fields=["response"])
        return answer
    except IntegrityError:
        if (answer := lock.earlier_answer()) is not None:
            return answer
        raise


class _Lock:
    def __init__(self, *, scope: str, key: str, fields: Any) -> None:
        self.scope = scope
        self.key_hash = hashlib.sha256(key.encode()).hexdigest()
        canonical = canonical_json(fields)
        self.fingerprint = hmac.new(_derive(key, b"zq/idempotency/fields"), canonical, hashlib.sha256).hexdigest()
        self.cipher = AESGCM(_derive(key, b"zq/idempotency/response"))

    def earlier_answer(self) -> dict[str, Any] | None:
        oldest = timezone.now() - LIFETIME
        record = IdempotencyRecord.objects.filter(scope=self.scope, key_hash=self.key_hash, created_at__gte=oldest).first()
        if record is None:
            return None
        if not hmac.compare_digest(record.fingerprint, self.fingerprint):
            raise KeyReused("this key has been used with other content")
        box = bytes(record.response)
        return json.loads(self.cipher.decrypt(box[:12], box[12:], self.scope.encode()))

    def take(self) -> IdempotencyRecord:
        oldest = timezone.now() - LIFETIME
        IdempotencyRecord.objects.filter(scope=self.scope, key_hash=self.key_hash, created_at__lt=oldest).delete()
        return IdempotencyRecord.objects.create(
            scope=self.scope, key_hash=self.key_hash, fingerprint=self.fingerprint, response=b""
        )

    def encrypt(self, answer: dict[str, Any]) -> bytes:
        nonce = secrets.token_bytes(12)
        plaintext = json.dumps(answer, ensure_ascii=False).encode()
        return nonce + self.cipher.encrypt(nonce, plaintext, self.scope.encode())


def _derive(key: str, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(key.encode())


def purge_records() -> int:
    """Delete the answers older than 24 hours; returns how many went."""
    deleted, _ = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()
    return deleted
