"""Requests signed over a nonce that the peer issued (RFC 9421), not over a clock window.

The portal issues nonces, each good for one request within two minutes of *its own* clock; so the exchange goes on however wrong
the office's clock is. A nonce is random and carries the portal's own MAC: issuing one writes nothing.
"""

import dataclasses
import datetime
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.signing import BadSignature, TimestampSigner
from django.db import IntegrityError, transaction
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.keys import private_signing_key, signing_kid, verification_key
from internal_bridge.exchange.models import UsedNonce

NONCE_HEADER = "Exchange-Nonce"
TAG = "zq-exchange"
COMPONENTS = ("@method", "@path", "content-type")
LIFETIME = datetime.timedelta(minutes=2)

_signer = TimestampSigner(salt="internal_bridge.exchange.challenge")


@dataclasses.dataclass
class SignedRequest:
    """The parts of a request that signing and verifying look at."""

    method: str
    url: str
    headers: dict[str, str]


class _Verifier(HTTPMessageVerifier):
    # The nonce says that a request is fresh; a peer whose clock is wrong is not to be shut out.
    max_clock_skew = datetime.timedelta(days=36_500)


class _Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return verification_key(key_id)[1]

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return private_signing_key(key_id)


def issue_nonce() -> str:
    """A nonce that may sign one request."""
    return _signer.sign(secrets.token_urlsafe(18))


def sign_request(request: SignedRequest, *, body: bytes, nonce: str) -> dict[str, str]:
    """The headers of ``request`` with this party's signature over method, path, type, body and nonce."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys())
    signer.sign(request, key_id=signing_kid(), nonce=nonce, tag=TAG, label="zq", covered_component_ids=COMPONENTS, body=body)
    return request.headers


def verify_request(request: SignedRequest, *, body: bytes) -> tuple[str, int]:
    """The party that signed the request and its clock's Unix seconds, after using the nonce up. Raises ``Refused`` (401)."""
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys())
    try:
        (result,) = verifier.verify(
            request, max_age=None, expect_tag=TAG, require_components=(*COMPONENTS, "content-digest"), body=body
        )
    except (InvalidSignature, ValueError) as error:
        raise Refused("the request's signature does not fit", status=401) from error
    _use_nonce(result.nonce)
    party = verification_key(str(result.parameters["keyid"]))[0].party
    return party.code, int(result.parameters["created"])


def _use_nonce(nonce: Any) -> None:
    try:
        _signer.unsign(nonce or "", max_age=LIFETIME)
        with transaction.atomic():
            UsedNonce.objects.create(nonce=nonce)
    except (BadSignature, IntegrityError) as error:
        raise Refused("nonce unknown, too old or used", status=401) from error
