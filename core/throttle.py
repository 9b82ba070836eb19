"""How often one network may try something, counted in Valkey; and a queue before work that costs memory.

A network is the /64 or /24 around the caller's address. It is known here by an HMAC under a key that changes daily, so that
what is counted tells nobody who asked for what. Counted is per network, never per number alone or in all: another limit would
let whoever tries to break in lock out those who have a right to. Without Valkey nobody is refused.
"""

import contextlib
import dataclasses
import datetime
import functools
import ipaddress
import logging
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import redis
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.addresses import address_of
from core.workdays import local_date

logger = logging.getLogger(__name__)

PREFIX = "zq:throttle:"
# A caller waits for Valkey no longer than a derivation takes some ten times.
SOCKET_SECONDS = 0.25
LOG_EVERY_SECONDS = 60.0

# A sorted set for each limit, of the moments in milliseconds at which something counted, by Valkey's own clock. Answers how
# many milliseconds to wait, or 0 and counts: in one step, so that no two requests take the same last place.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local wait = 0
for i, key in ipairs(KEYS) do
  local most, span = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - span)
  local excess = redis.call('ZCARD', key) - most
  if excess >= 0 then
    wait = math.max(wait, redis.call('ZRANGE', key, excess, excess, 'WITHSCORES')[2] + span - now)
  end
end
if wait == 0 then
  for i, key in ipairs(KEYS) do
    redis.call('ZADD', key, now, ARGV[1])
    redis.call('PEXPIRE', key, ARGV[2 * i + 1])
  end
end
return wait
"""


class Throttled(Exception):
    """Too often; ``wait`` is in whole seconds, at least one."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"too many, wait {wait} s")
        self.wait = wait


class Busy(Exception):
    """The queue does not move fast enough to wait in; ``wait`` is in whole seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"busy, wait {wait} s")
        self.wait = wait


@dataclasses.dataclass(frozen=True)
class Limit:
    """At most ``most`` of ``what`` in any ``seconds``, for each network and, if given, each ``subject``."""

    what: str
    most: int
    seconds: int
    subject: str = ""


@dataclasses.dataclass(frozen=True)
class Taken:
    """A place taken under some limits. It stays taken unless it is given back."""

    token: str
    keys: Sequence[str] = ()

    def give_back(self) -> None:
        """This did not count after all."""
        if self.keys:
            with _optional(), _client().pipeline(transaction=False) as pipeline:
                for key in self.keys:
                    pipeline.zrem(key, self.token)
                pipeline.execute()


def take(network: str, *limits: Limit) -> Taken:
    """Count one more for ``network`` (``network_of``). Raises ``Throttled`` when a limit is reached: then it counts for none.

    Taken before the work and given back if it turns out not to count, so that many at once cannot slip through together.
    """
    token, keys, arguments = secrets.token_hex(8), [], []
    for limit in limits:
        for day in _days(limit.seconds):
            keys.append(PREFIX + _pseudonym(day, limit, network))
            arguments += [limit.most, limit.seconds * 1000]
    wait = 0
    taken = Taken(token)
    with _optional():
        wait = int(_client().eval(TAKE, len(keys), *keys, token, *arguments))
        taken = Taken(token, keys)
    if wait:
        raise Throttled(-(-wait // 1000))
    return taken


def network_of(request: Any) -> str:
    """The network of whoever sent ``request``, Django's or DRF's: ``192.0.2.0/24``, ``2001:db8::/64``, or empty.

    Empty is one network for all callers whose address is none, which only a wrong setting brings.
    """
    address = address_of(request)
    if address is None:
        return ""
    return str(ipaddress.ip_network((address, 64 if address.version == 6 else 24), strict=False))


def _days(seconds: int) -> list[str]:
    """The day, and the one before while what was counted on it still weighs: at midnight nobody starts afresh."""
    now = timezone.now()
    days = {local_date(now), local_date(now - datetime.timedelta(seconds=seconds))}
    return [day.isoformat() for day in sorted(days)]


def _pseudonym(day: str, limit: Limit, network: str) -> str:
    value = "\0".join([limit.what, network, limit.subject])
    return salted_hmac(f"core.throttle {day}", value, algorithm="sha256").hexdigest()


# --- Valkey --------------------------------------------------------------------------------------------------------------


def _client() -> redis.Redis:
    return _connected_to(settings.THROTTLE_URL)


@functools.lru_cache(maxsize=4)
def _connected_to(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=SOCKET_SECONDS,
        socket_timeout=SOCKET_SECONDS,
        # A connection that Valkey has closed meanwhile is opened anew; more would keep the caller waiting.
        retry=Retry(NoBackoff(), 1),
    )


@contextlib.contextmanager
def _optional() -> Iterator[None]:
    """For what asks Valkey: its failure means only that nothing is counted."""
    try:
        yield
    except (redis.RedisError, OSError, ValueError) as error:
        _log.failure(error)


class _Log:
    """Says once a minute, not for every request, that nothing is counted."""

    def __init__(self) -> None:
        self._next = 0.0

    def failure(self, error: Exception) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LOG_EVERY_SECONDS
            logger.warning("Valkey does not answer (%s): nobody is throttled", type(error).__name__)


_log = _Log()


# --- A queue before what costs memory ------------------------------------------------------------------------------------


class Queue:
    """At most ``at_once`` in this process do it, others wait up to ``patience`` seconds for their turn."""

    def __init__(self, *, at_once: int, patience: float) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._patience = patience

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Do it within this block. Raises ``Busy`` when no turn came: better to be told than to pile up."""
        if not self._turns.acquire(timeout=self._patience):
            raise Busy(max(1, round(self._patience)))
        try:
            yield
        finally:
            self._turns.release()
