"""Keys: own private ones from files or the environment, everybody's public ones from allow-listed rows.

A private key is ``<EXCHANGE_KEYS_DIR>/<kid>.pem`` (PKCS #8), or the variable ``EXCHANGE_KEY_<KID>`` (in capitals, hyphens as
underscores), or the file that ``EXCHANGE_KEY_<KID>_FILE`` names. Keys made in demo mode carry ``demo-`` in their id and refuse
to work without it.
"""

import contextlib
import contextvars
import datetime
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from environs import FileAwareEnv

from internal_bridge.exchange.enums import KeyUse
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.models import Party, PartyKey

DEMO_PREFIX = "demo-"
# First keys count from this far back, so that a peer whose clock is behind takes them from the first minute.
CLOCK_ALLOWANCE = datetime.timedelta(days=2)

_read_once: contextvars.ContextVar[list[PartyKey] | None] = contextvars.ContextVar("keys_read_once", default=None)

# What each party may say. Parties are rows; these are the two that every installation begins with.
PARTY_TYPES = {
    "portal": [
        "petition.submitted",
        "petition.supplemented",
        "petition.withdrawal_requested",
        "petition.rated",
        "petition.review_requested",
        "petition.consent_withdrawn",
        "publication.state",
        "checkpoint",
    ],
    "office": [
        "case.opened",
        "case.key_replaced",
        "case.status",
        "case.message",
        "rating.offered",
        "reply.published",
        "reply.revised",
        "reply.withdrawn",
        "directory.unit_changed",
        "directory.unit_closed",
        "editor.granted",
        "editor.revoked",
        "publication.submitted",
        "publication.withdrawn",
        "statistics.daily",
        "checkpoint",
    ],
}


def make_keys(*, now: datetime.datetime) -> list[PartyKey]:
    """Make this party's signing and sealing keys, unless it has valid ones; returns those made.

    Also brings the types that the known parties may send up to date with this version.
    """
    refresh_types()
    valid = valid_keys(party=settings.EXCHANGE_PARTY, now=now)
    since = now - CLOCK_ALLOWANCE
    return [make_key(use=use, valid_from=since) for use in KeyUse if not valid.filter(use=use).exists()]


def make_key(*, use: KeyUse, valid_from: datetime.datetime) -> PartyKey:
    """Make one key pair of this party: the private half in its folder, the public half as a row."""
    party = ensure_party(settings.EXCHANGE_PARTY)
    private = Ed25519PrivateKey.generate() if use == KeyUse.SIGN else X25519PrivateKey.generate()
    kid = f"{DEMO_PREFIX if settings.DEMO else ''}{party.code}-{use}-{valid_from:%Y%m%d%H%M%S}"
    # A second key for the same second would else overwrite the first.
    while PartyKey.objects.filter(kid=kid).exists():
        kid += "x"
    _write_private_key(kid, private)
    return PartyKey.objects.create(
        party=party, kid=kid, use=use, public_key=private.public_key().public_bytes_raw(), valid_from=valid_from
    )


def export_keys() -> dict[str, Any]:
    """This party's public keys as its peer imports them; revoked ones too, so that the peer hears of it."""
    return {
        "party": settings.EXCHANGE_PARTY,
        "keys": [
            {
                "kid": row.kid,
                "use": row.use,
                "public_key": bytes(row.public_key).hex(),
                "valid_from": row.valid_from.isoformat(),
                "valid_to": row.valid_to.isoformat() if row.valid_to else None,
                "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
            }
            for row in PartyKey.objects.filter(party__code=settings.EXCHANGE_PARTY).order_by("id")
        ],
    }


@transaction.atomic
def import_keys(exported: dict[str, Any]) -> list[PartyKey]:
    """Allow-list a peer's public keys, and take over when its known ones end or were revoked. Returns the new rows.

    A revocation is never taken back. Raises ``Refused`` for keys of this party (nobody else can tell a party its own keys), and
    for an id that is another party's or stands for another key.
    """
    if exported["party"] == settings.EXCHANGE_PARTY:
        raise Refused("these are this party's own keys")
    party = ensure_party(exported["party"])
    rows = []
    for key in exported["keys"]:
        public_key = bytes.fromhex(key["public_key"])
        row, created = PartyKey.objects.get_or_create(
            kid=key["kid"],
            defaults={
                "party": party,
                "use": KeyUse(key["use"]),
                "public_key": public_key,
                "valid_from": datetime.datetime.fromisoformat(key["valid_from"]),
            },
        )
        if row.party_id != party.pk or row.use != key["use"] or bytes(row.public_key) != public_key:
            raise Refused(f"{key['kid']} is known as another key")
        row.valid_to = _moment(key.get("valid_to"))
        row.revoked_at = row.revoked_at or _moment(key.get("revoked_at"))
        row.save(update_fields=["valid_to", "revoked_at"])
        if created:
            rows.append(row)
    return rows


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def ensure_party(code: str) -> Party:
    """The party's row, made with the types that it may send."""
    party, _created = Party.objects.update_or_create(code=code, defaults={"may_send": PARTY_TYPES.get(code, [])})
    return party


def refresh_types() -> None:
    """Bring the types that known parties may send up to date, as an upgrade needs it. Other parties' types are data."""
    for code, types in PARTY_TYPES.items():
        Party.objects.filter(code=code).update(may_send=types)


def valid_keys(*, party: str, now: datetime.datetime) -> QuerySet[PartyKey]:
    """A party's keys that count at ``now``, newest first."""
    return PartyKey.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=now), party__code=party, valid_from__lte=now, revoked_at=None
    ).order_by("-valid_from", "-id")


@contextlib.contextmanager
def keys_read_once() -> Iterator[None]:
    """Within this block all parties' keys are read from the database once: a batch looks them up for each message.

    A revocation counts from the next block on. Meant for one request or one batch, never for a loop that lasts.
    """
    token = _read_once.set(_read_keys())
    try:
        yield
    finally:
        _read_once.reset(token)


def known_party(code: str) -> Party:
    """The row of a party that has a key. Raises ``Refused`` (403) for another."""
    for row in _keys():
        if row.party.code == code:
            return row.party
    raise Refused(f"{code} is no party of ours", status=403)


def verification_key(kid: str) -> tuple[PartyKey, Ed25519PublicKey]:
    """The row and public key of an allow-listed signing key. Raises ``Refused`` (401) when it does not count now."""
    _check_demo(kid)
    row = next((row for row in _keys() if row.kid == kid and row.use == KeyUse.SIGN), None)
    if row is None or not _counts(row, timezone.now()):
        raise Refused(f"signing key {kid!r} is not valid", status=401)
    return row, Ed25519PublicKey.from_public_bytes(bytes(row.public_key))


def signing_kid() -> str:
    """The id of the key that this party signs with now. Raises ``ImproperlyConfigured`` when it has none."""
    return _current_key(settings.EXCHANGE_PARTY, KeyUse.SIGN).kid


def sealing_key(party: str) -> tuple[str, bytes]:
    """The id and raw public key that content for ``party`` is sealed to now."""
    row = _current_key(party, KeyUse.SEAL)
    return row.kid, bytes(row.public_key)


def private_signing_key(kid: str) -> Ed25519PrivateKey:
    key = _read_private_key(str(settings.EXCHANGE_KEYS_DIR), kid)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"key {kid} is not an Ed25519 key")
    return key


def private_sealing_key(kid: str) -> X25519PrivateKey:
    """The key that opens what was sealed to this party. Raises ``Refused`` when it is not ours (any more)."""
    try:
        key = _read_private_key(str(settings.EXCHANGE_KEYS_DIR), kid)
    except ImproperlyConfigured as error:
        raise Refused(f"no sealing key {kid!r}") from error
    if not isinstance(key, X25519PrivateKey):
        raise Refused(f"key {kid!r} does not open seals")
    return key


def _read_keys() -> list[PartyKey]:
    return list(PartyKey.objects.select_related("party").order_by("-valid_from", "-id"))


def _keys() -> list[PartyKey]:
    """All keys with their parties, newest first: some dozen rows."""
    known = _read_once.get()
    return _read_keys() if known is None else known


def _counts(row: PartyKey, now: datetime.datetime) -> bool:
    return row.revoked_at is None and row.valid_from <= now and (row.valid_to is None or row.valid_to > now)


def _current_key(party: str, use: KeyUse) -> PartyKey:
    now = timezone.now()
    for row in _keys():
        if row.party.code == party and row.use == use and _counts(row, now):
            _check_demo(row.kid)
            return row
    raise ImproperlyConfigured(f"{party} has no valid key for {use}: make or import one (manage.py SITE keys)")


def _check_demo(kid: str) -> None:
    if kid.startswith(DEMO_PREFIX) and not settings.DEMO:
        raise ImproperlyConfigured(f"{kid} is a demo key and works only with DEMO=1")


def _write_private_key(kid: str, key: Ed25519PrivateKey | X25519PrivateKey) -> None:
    settings.EXCHANGE_KEYS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = key_path(kid)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)


@functools.lru_cache(maxsize=32)
def _read_private_key(directory: str, kid: str) -> Any:
    _check_demo(kid)
    if not re.fullmatch(r"[a-z0-9-]{1,80}", kid):
        raise ImproperlyConfigured(f"no private key {kid!r}")
    pem = key_from_environment(kid) or key_from_file(kid)
    if pem is None:
        raise ImproperlyConfigured(f"no private key {kid!r}")
    return serialization.load_pem_private_key(pem, password=None)


def key_from_environment(kid: str) -> bytes | None:
    """The PEM of a private key that this process was given as a variable, or by the file that a variable names."""
    pem: str | None = FileAwareEnv().str(f"EXCHANGE_KEY_{kid.upper().replace('-', '_')}", None)
    return pem.encode() if pem else None


def key_from_file(kid: str) -> bytes | None:
    """The PEM of a private key in the key folder."""
    path = key_path(kid)
    return path.read_bytes() if path.is_file() else None


def key_path(kid: str) -> Path:
    path: Path = settings.EXCHANGE_KEYS_DIR / f"{kid}.pem"
    return path
