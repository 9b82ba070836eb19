"""Sessions: how long they last, which ones a person has, and how they end.

A session ends when nothing has been heard of it for ``SESSION_IDLE_MINUTES``, and in any case after ``SESSION_ABSOLUTE_HOURS``.
When it was last seen is written down once a minute, not at every request.
"""

import datetime
import time
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.addresses import address_of
from core.audit import record_audit
from core.enums import SessionEnd
from core.models import User
from core.tokens import revoke_tokens

__all__ = [
    "begin_session",
    "end_own_session",
    "end_sessions",
    "expire_session",
    "note_seen",
    "open_sessions",
    "purge_sessions",
    "time_is_up",
]

STARTED = "zq_started"
SEEN = "zq_seen"
NOTE_EVERY_SECONDS = 60
# allauth wants an address: this one stands for none.
NOWHERE = "::"


def begin_session(request: HttpRequest) -> None:
    """Start the clocks of a session that somebody has just logged in with."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def time_is_up(session: SessionBase) -> SessionEnd | None:
    """Why a session has to end now, if it has to."""
    now = time.time()
    if now - session.get(STARTED, now) >= settings.SESSION_ABSOLUTE_HOURS * 3600:
        return SessionEnd.ABSOLUTE
    if now - session.get(SEEN, now) >= settings.SESSION_IDLE_MINUTES * 60:
        return SessionEnd.IDLE
    return None


def note_seen(request: HttpRequest) -> None:
    """Write down, at most once a minute, that a session is in use and from where."""
    now = int(time.time())
    if now - request.session.get(SEEN, 0) < NOTE_EVERY_SECONDS:
        return
    request.session[SEEN] = now
    request.session.setdefault(STARTED, now)
    changes = {"last_seen_at": timezone.now(), "ip": str(address_of(request) or NOWHERE)}
    UserSession.objects.filter(session_key=request.session.session_key).update(**changes)


def expire_session(request: HttpRequest, why: SessionEnd) -> None:
    """Log out whose time is up."""
    _log_out(request, {"why": str(why)})


def end_own_session(request: HttpRequest) -> None:
    """Log out whoever asks for it."""
    _log_out(request, {})


def _log_out(request: HttpRequest, params: dict[str, str]) -> None:
    user, key = request.user, request.session.session_key
    logout(request)
    with transaction.atomic():
        UserSession.objects.filter(session_key=key).delete()
        if isinstance(user, User):
            record_audit(action="logout", subject=f"user:{user.uid}", actor=user, params=params)


def open_sessions() -> QuerySet[UserSession]:
    """The sessions whose time is not up, those seen last first."""
    now = timezone.now()
    idle = now - datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES, seconds=NOTE_EVERY_SECONDS)
    oldest = now - datetime.timedelta(hours=settings.SESSION_ABSOLUTE_HOURS)
    found: QuerySet[UserSession] = UserSession.objects.filter(last_seen_at__gt=idle, created_at__gt=oldest)
    return found.order_by("-last_seen_at", "-pk")


@transaction.atomic
def end_sessions(user: User, *, keep: str = "", by: User | None = None, reason: str = "", only: int | None = None) -> int:
    """End the sessions of ``user`` (all but the one with the key ``keep``; with ``only`` the one of this id) and tell how many.

    Unless it is for ``only`` one, the API tokens go as well. ``by`` (the user, when left out) and ``reason`` are audited.
    """
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    keys = list(sessions.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        store.delete(key)
    sessions.filter(session_key__in=keys).delete()
    if keys:
        params: dict[str, object] = {"sessions": len(keys)} | ({"reason": reason} if reason else {})
        record_audit(action="session.revoked", subject=f"user:{user.uid}", actor=by or user, params=params)
    if only is None:
        revoke_tokens(user, by=by, reason=reason)
    return len(keys)


def purge_sessions() -> int:
    """Delete the sessions whose time is up; returns how many went."""
    now = timezone.now()
    idle = Q(last_seen_at__lt=now - datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES + 5))
    old = Q(created_at__lt=now - datetime.timedelta(hours=settings.SESSION_ABSOLUTE_HOURS))
    engine = import_module(settings.SESSION_ENGINE)
    gone = 0
    for session in UserSession.objects.filter(idle | old)[:2_000]:
        session.end()
        gone += 1
    engine.SessionStore.clear_expired()
    return gone
