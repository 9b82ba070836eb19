"""Who calls an API: whoever has a token, or is logged in."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from core.addresses import address_of
from core.models import ApiToken, User
from core.tokens import find_token, note_use

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer zq_…``. One that does not count is 401, whatever is wrong with it."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = find_token(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed
        note_use(token, address=str(address_of(request) or ""))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class LoginAuthentication(SessionAuthentication):
    """The site's own login; whoever has none is told 401, as an API says it, and not sent to a form."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes it."""

    target_class = TokenAuthentication
    name = "Token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "zq_…"}


class LoginScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes it."""

    target_class = LoginAuthentication
    name = "Login"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
