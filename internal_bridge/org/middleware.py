"""Tells the audit log under which post the person of a request acts."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

from core.audit import acting
from internal_bridge.org.services import acting_appointment, post_label


class PostMiddleware:
    """Below ``AuthenticationMiddleware``. The post is looked up only when something is recorded."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self._is_async:
            return self._answer(request)
        with _under_post(request):
            return self.get_response(request)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        with _under_post(request):
            return await self.get_response(request)  # type: ignore[misc]


def _under_post(request: HttpRequest) -> AbstractContextManager[object]:
    return acting(post=lambda: post_label(acting_appointment(request)))
