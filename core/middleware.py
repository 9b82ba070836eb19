"""Middleware of both sites."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from core.addresses import address_of
from core.audit import acting
from core.enums import Channel
from core.workdays import one_calendar


class ApiLanguageMiddleware:
    """Lets ``Accept-Language`` choose the language of API answers.

    Pages take theirs from the path (``/en/``), so LocaleMiddleware ignores the header; an API has one path for all languages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class ScopeMiddleware:
    """Answers a request within a context, in sync and in async code; a subclass says which."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self._is_async:
            return self._answer(request)
        with self.scope(request):
            return self.get_response(request)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        with self.scope(request):
            return await self.get_response(request)  # type: ignore[misc]

    def scope(self, request: HttpRequest) -> AbstractContextManager[object]:
        """The context in which the request is answered."""
        raise NotImplementedError


class OriginMiddleware(ScopeMiddleware):
    """Tells ``core.audit`` from where and by which door a request came."""

    def scope(self, request: HttpRequest) -> AbstractContextManager[object]:
        channel = Channel.API if request.path_info.startswith("/api/") else Channel.PAGE
        return acting(channel=channel, address=str(address_of(request) or ""), post="")


class CalendarMiddleware(ScopeMiddleware):
    """Lets a request count by one calendar: the one in force when it first counts."""

    def scope(self, request: HttpRequest) -> AbstractContextManager[object]:
        return one_calendar()
