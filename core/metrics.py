"""Prometheus metrics: ``/metrics`` reads rows when it is asked, so that any process answers for the whole site.

Nothing of what people wrote is ever a metric or a label.
"""

import hmac
import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from core.health import last_heartbeat

_registry = CollectorRegistry()

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def register_collector(collector: Collector) -> None:
    """Add a collector whose ``collect`` is asked at each scrape; its queries must be bounded."""
    _registry.register(collector)


class WorkerCollector(Collector):
    """Whether somebody does the work in the background."""

    def collect(self) -> Iterator[Metric]:
        last = last_heartbeat()
        if last is not None:
            age = (timezone.now() - last).total_seconds()
            yield GaugeMetricFamily("zhengqiao_worker_heartbeat_age_seconds", "Since a worker last did a task.", value=age)


register_collector(WorkerCollector())


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The site's metrics, for callers on this machine and for whoever has ``METRICS_TOKEN``; others get 403."""
    if not (_is_local(request) or _has_token(request)):
        return HttpResponse("not allowed\n", status=403, content_type="text/plain")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    try:
        body = encode(_registry)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = "no-store"
    return response


def _is_local(request: HttpRequest) -> bool:
    """Whether the caller itself is on this machine: behind a proxy every address looks as if it were."""
    if settings.SECURE_PROXY_SSL_HEADER or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    return bool(expected) and scheme == "Bearer" and hmac.compare_digest(token.encode(), expected.encode())
