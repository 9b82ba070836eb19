"""Errors of every API as ``application/problem+json`` (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.idempotency import InvalidKey, KeyReused
from core.serializers import ProblemSerializer
from core.throttle import Busy, Throttled

MEDIA_TYPE = "application/problem+json"


class ApiRenderer(JSONRenderer):
    """JSON whose media type says when the body is a problem."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code >= 400:
            response["Content-Type"] = MEDIA_TYPE
        return super().render(data, accepted_media_type, renderer_context)


class Conflict(exceptions.APIException):
    """409: the state of the thing does not allow this, or it has changed meanwhile."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Gone(exceptions.APIException):
    """410: it was here, and will not be again."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"


class Unavailable(exceptions.APIException):
    """503: it cannot be done now, and nothing has been stored."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"

    def __init__(self, detail: str, *, wait: int | None = None) -> None:
        super().__init__(detail)
        # Becomes Retry-After, in seconds.
        self.wait = wait


def refuse_unknown_query(request: Request, *known: str) -> None:
    """Raise ``ValidationError`` for query parameters that are not ``known`` (11: unknown ones are 400, never ignored)."""
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise exceptions.ValidationError({name: [_("Unknown parameter.")] for name in unknown})


def malformed_key() -> dict[str, list[str]]:
    """The error of an idempotency key that is none, by its header."""
    message = _("The idempotency key must have 22 to 128 characters of A–Z, a–z, 0–9, hyphen and underscore.")
    return {"Idempotency-Key": [message]}


def problems(*statuses: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    """The errors that an operation answers with, as drf-spectacular takes them under ``responses``."""
    return {(status_code, MEDIA_TYPE): ProblemSerializer for status_code in statuses}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: ``{type, title, status, detail}``, and ``errors: {field: [message]}`` for bad input."""
    error = _as_api_exception(error)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(_TITLES.get(error.status_code, lambda: error.default_detail)()),
        "status": error.status_code,
    }
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = _("Some fields are missing or not valid.")
        detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        body["errors"] = {field: _messages(value) for field, value in detail.items()}
    else:
        body["detail"] = str(error.detail)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    return Response(body, status=error.status_code, headers=headers)


_TITLES = {
    400: lambda: _("Invalid request"),
    403: lambda: _("Not allowed"),
    404: lambda: _("Not found"),
    409: lambda: _("Conflict"),
    410: lambda: _("Withdrawn"),
    415: lambda: _("Unsupported content type"),
    429: lambda: _("Too many requests"),
    503: lambda: _("Not available"),
}


def _as_api_exception(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, InvalidKey):
        return exceptions.ValidationError(malformed_key())
    if isinstance(error, KeyReused):
        return Conflict(_("This idempotency key has already been used with other content."))
    if isinstance(error, Busy):
        return Unavailable(_("Too many people want this at the moment. Try again in a few seconds."), wait=error.wait)
    if isinstance(error, Throttled):
        refusal = exceptions.Throttled(wait=error.wait)
        # DRF would add in words of its own what Retry-After says.
        refusal.detail = exceptions.ErrorDetail(_("Too many attempts from your network. Try again later."), "throttled")
        return refusal
    return error


def _messages(value: Any, path: str = "") -> list[str]:
    """Nested DRF errors flattened to sentences, each behind the place it belongs to."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in _messages(inner, f"{path}{key}: ")]
    if isinstance(value, list):
        return [text for inner in value for text in _messages(inner, path)]
    return [f"{path}{value}"]
