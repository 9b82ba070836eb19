"""A peer proves itself by a signed request; every answer carries the nonce for its next one."""

import dataclasses
import logging

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from internal_bridge.exchange.challenges import SignedRequest, verify_request
from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.services import note_contact

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Peer:
    """The party that a request comes from."""

    code: str
    is_authenticated: bool = True


class TooLarge(exceptions.APIException):
    """413: more than one request may carry."""

    status_code = 413
    default_detail = "too large"


class PeerAuthentication(BaseAuthentication):
    """RFC 9421 over method, path, type, body and a nonce of ours."""

    def authenticate(self, request: Request) -> tuple[Peer, None]:
        if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        signed = SignedRequest(
            method=request.method or "", url=request.build_absolute_uri(), headers=dict(request.headers.items())
        )
        try:
            code, peer_time = verify_request(signed, body=request.body)
        except Refused as error:
            logger.warning("request refused: %s", error)
            raise exceptions.AuthenticationFailed from error
        if code == settings.EXCHANGE_PARTY:
            raise exceptions.AuthenticationFailed
        note_contact(code, peer_time=peer_time)
        return Peer(code), None

    def authenticate_header(self, request: Request) -> str:
        return "Signature"


class IsPeer(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, Peer)


def peer_code(request: Request) -> str:
    """The code of the party that an authenticated request comes from."""
    if not isinstance(request.user, Peer):
        raise exceptions.NotAuthenticated
    return request.user.code


class PeerAuthenticationScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes it."""

    target_class = PeerAuthentication
    name = "HttpMessageSignature"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Signature", "description": "RFC 9421, over a nonce of the server's"}
