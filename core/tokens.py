"""API tokens: 256 random bits that count for twelve hours. The database knows their SHA-256 alone (09)."""

import datetime
import hashlib
import secrets

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.audit import record_audit
from core.models import ApiToken, User

__all__ = ["find_token", "issue_token", "note_use", "open_tokens", "purge_tokens", "revoke_token", "revoke_tokens"]

PREFIX = "zq_"
LIFETIME = datetime.timedelta(hours=12)
NOTE_EVERY = datetime.timedelta(minutes=5)
# What has ended is listed no more; the audit log keeps what became of it.
KEEP_ENDED = datetime.timedelta(days=1)


@transaction.atomic
def issue_token(*, user: User, address: str) -> tuple[str, ApiToken]:
    """A new token of ``user``, asked for from ``address`` (may be empty): the secret, which is shown once, and its row."""
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        user=user, digest=_digest(secret), created_at=now, expires_at=now + LIFETIME, address=address or None
    )
    record_audit(action="token.issued", subject=f"user:{user.uid}", actor=user, params={"token": token.pk})
    return secret, token


def find_token(secret: str) -> ApiToken | None:
    """The token that counts now and whose person may log in, with that person."""
    return open_tokens().filter(digest=_digest(secret), user__is_active=True, user__must_change_password=False).first()


def note_use(token: ApiToken, *, address: str) -> None:
    """Write down, at most every five minutes, that a token is in use and from where."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now, address=address or None)


def open_tokens() -> QuerySet[ApiToken]:
    """The tokens that count now, the newest first, with their people."""
    now = timezone.now()
    return ApiToken.objects.filter(revoked_at=None, expires_at__gt=now).select_related("user").order_by("-created_at", "-pk")


@transaction.atomic
def revoke_token(*, by: User, token_id: int, owner: User | None = None, reason: str = "") -> None:
    """Let a token count no longer; with ``owner`` only if it is theirs. That ``by`` may is for the caller to see to.

    Raises ``ApiToken.DoesNotExist`` for one that does not count any more.
    """
    tokens = open_tokens().select_related(None).select_for_update()
    _revoke((tokens.filter(user=owner) if owner else tokens).get(pk=token_id), by, reason)


def revoke_tokens(user: User, *, by: User | None = None, reason: str = "") -> int:
    """Let all tokens of ``user`` count no longer, inside the caller's transaction; tells how many."""
    tokens = list(open_tokens().select_related(None).select_for_update().filter(user=user))
    for token in tokens:
        _revoke(token, by or user, reason)
    return len(tokens)


def _revoke(token: ApiToken, by: User, reason: str) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    params: dict[str, object] = {"token": token.pk} | ({"reason": reason} if reason else {})
    record_audit(action="token.revoked", subject=f"user:{token.user.uid}", actor=by, params=params)


def purge_tokens() -> int:
    """Delete what ended more than a day ago; returns how many went."""
    deleted, _ = ApiToken.objects.filter(expires_at__lt=timezone.now() - KEEP_ENDED).delete()
    return deleted


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
