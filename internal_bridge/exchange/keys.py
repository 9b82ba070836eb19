"""Keys: own private ones from files, everybody's public ones from allow-listed rows.

A private key is ``<EXCHANGE_KEYS_DIR>/<kid>.pem`` (PKCS #8). Keys made in demo mode carry ``demo-`` in their id and refuse to
work without it.
"""

import datetime
import functools
import re
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from joserfc.jwk import OKPKey

from internal_bridge.exchange.enums import KeyUse
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.models import Party, PartyKey

DEMO_PREFIX = "demo-"

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
    """Make this party's signing and sealing keys, unless it has valid ones; returns those made."""
    party = ensure_party(settings.EXCHANGE_PARTY)
    made = []
    for use, factory in ((KeyUse.SIGN, Ed25519PrivateKey), (KeyUse.SEAL, X25519PrivateKey)):
        if valid_keys(party=party.code, use=use, now=now).exists():
            continue
        prefix = DEMO_PREFIX if settings.DEMO else ""
        kid = f"{prefix}{party.code}-{use}-{now:%Y%m%d%H%M%S}"
        private = factory.generate()
        _write_private_key(kid, private)
        made.append(
            PartyKey.objects.create(
                party=party, kid=kid, use=use, public_key=private.public_key().public_bytes_raw(), valid_from=now
            )
        )
    return made


def export_keys() -> dict[str, Any]:
    """This party's public keys, as its peer imports them."""
    rows = PartyKey.objects.filter(party__code=settings.EXCHANGE_PARTY, revoked_at=None).order_by("id")
    return {
        "party": settings.EXCHANGE_PARTY,
        "keys": [
            {
                "kid": row.kid,
                "use": row.use,
                "public_key": bytes(row.public_key).hex(),
                "valid_from": row.valid_from.isoformat(),
                "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            }
            for row in rows
        ],
    }


@transaction.atomic
def import_keys(exported: dict[str, Any]) -> list[PartyKey]:
    """Allow-list a peer's public keys; ids already known stay as they are. Returns the new rows.

    Raises ``Refused`` for keys of this party: nobody else can tell a party its own keys.
    """
    if exported["party"] == settings.EXCHANGE_PARTY:
        raise Refused("these are this party's own keys")
    party = ensure_party(exported["party"])
    rows = []
    for key in exported["keys"]:
        row, created = PartyKey.objects.get_or_create(
            kid=key["kid"],
            defaults={
                "party": party,
                "use": KeyUse(key["use"]),
                "public_key": bytes.fromhex(key["public_key"]),
                "valid_from": datetime.datetime.fromisoformat(key["valid_from"]),
                "valid_to": datetime.datetime.fromisoformat(key["valid_to"]) if key["valid_to"] else None,
            },
        )
        if created:
            rows.append(row)
    return rows


def ensure_party(code: str) -> Party:
    """The party's row, made with the types that it may send."""
    party, _created = Party.objects.update_or_create(code=code, defaults={"may_send": PARTY_TYPES.get(code, [])})
    return party


def valid_keys(*, party: str, use: KeyUse, now: datetime.datetime) -> Any:
    """The queryset of a party's keys that count at ``now``, newest first."""
    return PartyKey.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=now), party__code=party, use=use, valid_from__lte=now, revoked_at=None
    ).order_by("-valid_from", "-id")


def verification_key(kid: str) -> tuple[PartyKey, Ed25519PublicKey]:
    """The row and public key of an allow-listed signing key. Raises ``Refused`` (401) when it does not count now."""
    _check_demo(kid)
    row = PartyKey.objects.select_related("party").filter(kid=kid, use=KeyUse.SIGN).first()
    now = timezone.now()
    if row is None or row.revoked_at or row.valid_from > now or (row.valid_to and row.valid_to <= now):
        raise Refused(f"signing key {kid!r} is not valid", status=401)
    return row, Ed25519PublicKey.from_public_bytes(bytes(row.public_key))


def signing_kid() -> str:
    """The id of the key that this party signs with now. Raises ``ImproperlyConfigured`` when it has none."""
    return _current_kid(settings.EXCHANGE_PARTY, KeyUse.SIGN)


def sealing_key(party: str) -> tuple[str, bytes]:
    """The id and raw public key that content for ``party`` is sealed to now."""
    kid = _current_kid(party, KeyUse.SEAL)
    return kid, bytes(PartyKey.objects.get(kid=kid).public_key)


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


def as_jwk(key: Ed25519PrivateKey | Ed25519PublicKey) -> OKPKey:
    """A key of ``cryptography`` as joserfc takes it."""
    if isinstance(key, Ed25519PrivateKey):
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    else:
        pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return OKPKey.import_key(pem)


def _current_kid(party: str, use: KeyUse) -> str:
    kid = valid_keys(party=party, use=use, now=timezone.now()).values_list("kid", flat=True).first()
    if kid is None:
        raise ImproperlyConfigured(f"{party} has no valid key for {use}: make or import one (manage.py SITE keys)")
    _check_demo(kid)
    return kid


def _check_demo(kid: str) -> None:
    if kid.startswith(DEMO_PREFIX) and not settings.DEMO:
        raise ImproperlyConfigured(f"{kid} is a demo key and works only with DEMO=1")


def _write_private_key(kid: str, key: Ed25519PrivateKey | X25519PrivateKey) -> None:
    settings.EXCHANGE_KEYS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = settings.EXCHANGE_KEYS_DIR / f"{kid}.pem"
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)


@functools.lru_cache(maxsize=32)
def _read_private_key(directory: str, kid: str) -> Any:
    _check_demo(kid)
    path = settings.EXCHANGE_KEYS_DIR / f"{kid}.pem"
    if not re.fullmatch(r"[a-z0-9-]{1,80}", kid) or not path.is_file():
        raise ImproperlyConfigured(f"no private key {kid!r}")
    return serialization.load_pem_private_key(path.read_bytes(), password=None)
