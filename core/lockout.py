"""Wrong passwords: after five for one login from one network, that login is locked there, and there alone, for a while.

Counted before the password is looked at and forgotten when it was right, so that many tries at once cannot slip through
together. A login that nobody has is counted, and answered, like any other. What was typed is kept as an HMAC only: people type
their password there by mistake.
"""

import datetime
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.audit import record_audit
from core.models import Lockout, User
from core.throttle import Limit, Queue, take

__all__ = ["Locked", "active_lockouts", "check_login", "purge_lockouts", "release_lockout"]

FAILURES = 5
FIRST = datetime.timedelta(minutes=15)
LONGEST = datetime.timedelta(hours=4)
# What is older than this is no longer part of the same attack: single wrong passwords, and how often it has been locked.
FAILURE_COUNTS_FOR = datetime.timedelta(hours=1)
ROUND_COUNTS_FOR = datetime.timedelta(hours=24)
# Whoever tries one password on many logins meets this one: wrong passwords of a whole network.
NETWORK_LIMIT = (600, 3600)
# Argon2 takes 100 MB for each.
QUEUE = Queue(at_once=2, patience=10)


class Locked(Exception):
    """This login is locked for this network until ``until``."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(f"locked until {until.isoformat()}")
        self.until = until


@dataclass(frozen=True)
class _Try:
    lockout_id: int
    digest: str
    network: str
    known: User | None
    # When this try, should it fail, locks the login.
    until: datetime.datetime | None


def check_login(*, login: str, network: str, check: Callable[[], User | None]) -> User | None:
    """Whether ``login`` may come in from ``network`` (``network_of``), as ``check`` says; it is called at most once.

    Returns whom ``check`` found; None for a wrong password, an unknown login and one that is shut off alike. Raises ``Locked``,
    also for the try that locks it; ``Throttled`` for a network that tries too many; ``Busy``. Failures and locks are audited,
    what was successful is for the caller to record.
    """
    digest = login_digest(login)
    # The same query for a login that nobody has.
    known = User.objects.filter(username__iexact=login.strip()).first()
    most, seconds = NETWORK_LIMIT
    taken = take(network, Limit("login", most, seconds))
    begun = _begin(digest, network, known)
    try:
        with QUEUE.turn():
            found = check()
    except Exception:
        _undo(begun)
        raise
    if found is not None:
        taken.give_back()
        _forget(begun)
        return found
    _fail(begun)
    if begun.until:
        raise Locked(begun.until)
    return None


def login_digest(login: str) -> str:
    """What stands for a login as typed, whoever has it or not."""
    folded = unicodedata.normalize("NFKC", login).strip().casefold()
    return salted_hmac("core.lockout", folded, algorithm="sha256").hexdigest()


def active_lockouts() -> QuerySet[Lockout]:
    """What is locked now, the latest first."""
    return Lockout.objects.filter(locked_until__gt=timezone.now()).select_related("user").order_by("-last_at", "-pk")


@transaction.atomic
def release_lockout(*, by: User, lockout_id: int, reason: str) -> None:
    """Let a login in again at once. That ``by`` may is for the caller to see to.

    Raises ``Lockout.DoesNotExist`` when it is not locked any more.
    """
    lockout = active_lockouts().select_related(None).select_for_update().get(pk=lockout_id)
    params = {"network": lockout.network, "reason": reason}
    record_audit(action="lockout.released", subject=_subject(lockout.user, lockout.login_hash), actor=by, params=params)
    lockout.delete()


def purge_lockouts() -> int:
    """Forget what counts for nothing any more; returns how many went."""
    old = timezone.now() - ROUND_COUNTS_FOR
    deleted, _ = Lockout.objects.filter(Q(locked_until=None) | Q(locked_until__lt=old), last_at__lt=old).delete()
    return deleted


@transaction.atomic
def _begin(digest: str, network: str, known: User | None) -> _Try:
    now = timezone.now()
    row, _created = Lockout.objects.select_for_update().get_or_create(
        login_hash=digest, network=network, defaults={"user": known, "last_at": now}
    )
    if row.locked_until and row.locked_until > now:
        raise Locked(row.locked_until)
    quiet = now - row.last_at
    if row.locked_until or quiet > FAILURE_COUNTS_FOR:
        row.failures, row.locked_until = 0, None
    if quiet > ROUND_COUNTS_FOR:
        row.rounds = 0
    row.failures += 1
    row.last_at = now
    if row.failures >= FAILURES:
        row.locked_until = now + min(FIRST * 2**row.rounds, LONGEST)
        # Beyond this nothing gets longer.
        row.rounds = min(row.rounds + 1, 10)
    row.save()
    return _Try(row.pk, digest, network, known, row.locked_until)


def _forget(begun: _Try) -> None:
    Lockout.objects.filter(pk=begun.lockout_id).delete()


def _undo(begun: _Try) -> None:
    """No password was looked at: this try does not count, those before it do."""
    changes = {"failures": F("failures") - 1} | ({"locked_until": None, "rounds": F("rounds") - 1} if begun.until else {})
    Lockout.objects.filter(pk=begun.lockout_id, failures__gt=0).update(**changes)


@transaction.atomic
def _fail(begun: _Try) -> None:
    login = begun.known.get_username() if begun.known else ""
    subject = _subject(begun.known, begun.digest)
    record_audit(action="login.failed", subject=subject, actor=None, login=login)
    if begun.until:
        params = {"network": begun.network, "until": begun.until.isoformat(timespec="seconds")}
        record_audit(action="login.locked", subject=subject, actor=None, login=login, params=params)


def _subject(user: User | None, digest: str) -> str:
    return f"user:{user.uid}" if user else f"login:{digest[:16]}"
