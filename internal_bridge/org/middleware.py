"""Tells the audit log under which post the person of a request acts."""

from contextlib import AbstractContextManager

from django.http import HttpRequest

from core.audit import acting
from core.middleware import ScopeMiddleware
from internal_bridge.org.services import acting_appointment, post_label


class PostMiddleware(ScopeMiddleware):
    """Below ``AuthenticationMiddleware``. The post is looked up only when something is recorded."""

    def scope(self, request: HttpRequest) -> AbstractContextManager[object]:
        return acting(post=lambda: post_label(acting_appointment(request)))
