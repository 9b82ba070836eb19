"""What the security administrator does about logins; each with a reason, and written down."""

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied

from core.lockout import release_lockout
from core.models import User
from core.sessions import end_sessions
from core.tokens import revoke_token
from internal_bridge.security.permissions import can_watch_logins

__all__ = ["REASON_LENGTH", "end_all_sessions", "end_one_session", "release_login", "revoke_api_token"]

REASON_LENGTH = (2, 200)


def end_one_session(*, by: User, session_id: int, reason: str, own_key: str) -> bool:
    """End somebody's session; whether it was still there. ``own_key`` is that of ``by``'s session, which is left alone.

    Raises ``PermissionDenied``, and ``ValueError`` for a reason out of 2–200 characters.
    """
    reason = _checked(by, reason)
    session = UserSession.objects.filter(pk=session_id).select_related("user").first()
    return session is not None and bool(end_sessions(session.user, only=session_id, keep=own_key, by=by, reason=reason))


def end_all_sessions(*, by: User, person: User, reason: str, own_key: str) -> int:
    """End all sessions and tokens of ``person``; how many sessions. Raises as ``end_one_session``."""
    reason = _checked(by, reason)
    return end_sessions(person, keep=own_key, by=by, reason=reason)


def release_login(*, by: User, lockout_id: int, reason: str) -> None:
    """Let a locked login in again. Raises as ``end_one_session``, and ``Lockout.DoesNotExist`` when it is locked no more."""
    release_lockout(by=by, lockout_id=lockout_id, reason=_checked(by, reason))


def revoke_api_token(*, by: User, token_id: int, reason: str) -> None:
    """Let somebody's token count no longer. Raises as ``end_one_session``, and ``ApiToken.DoesNotExist``."""
    revoke_token(by=by, token_id=token_id, reason=_checked(by, reason))


def _checked(by: User, reason: str) -> str:
    if not can_watch_logins(by):
        raise PermissionDenied
    shortest, longest = REASON_LENGTH
    if not shortest <= len(reason.strip()) <= longest:
        raise ValueError(f"a reason has {shortest} to {longest} characters")
    return reason.strip()
