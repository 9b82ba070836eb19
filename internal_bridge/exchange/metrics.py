"""The bridge's figures for Prometheus: what an operator sees on the page, and how much passed lately by type."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from internal_bridge.exchange.alarms import open_alarms
from internal_bridge.exchange.enums import AlarmKind
from internal_bridge.exchange.envelopes import short_type
from internal_bridge.exchange.figures import LATEST, Backlog, counted
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage, Party

LATELY = datetime.timedelta(minutes=5)
# No site has so many alarms open; if one had, the figure would still be large.
MOST_ALARMS = 10_000


class BridgeCollector(Collector):
    """Reads rows at each scrape. Labels are parties, alarm kinds, message types and directions; never an id or content."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        yield from _backlog(now)
        yield from _peers(now)
        yield _alarms()
        yield _lately(now)


def _backlog(now: datetime.datetime) -> Iterator[Metric]:
    backlog = Backlog.now(cap=settings.EXCHANGE_WATERMARK)
    age = (now - backlog.oldest_at).total_seconds() if backlog.oldest_at else 0.0
    yield _gauge(
        "outgoing_waiting", "Messages that the peer has not said to have (counted up to the watermark).", backlog.outgoing
    )
    yield _gauge("incoming_waiting", "Messages received and not applied (counted up to the watermark).", backlog.incoming)
    yield _gauge("parked", "Received messages that wait for an earlier one or for files.", backlog.parked)
    yield _gauge("dead_letters", "Received messages that were given up and wait for an operator.", backlog.dead)
    yield _gauge("oldest_waiting_seconds", "Age of the oldest message that waits, either way.", max(age, 0.0))


def _peers(now: datetime.datetime) -> Iterator[Metric]:
    contact = _gauge("last_contact_age_seconds", "Since the peer was last in touch.", labels=["party"])
    skew = _gauge("clock_skew_seconds", "By how much the peer's clock is ahead of ours.", labels=["party"])
    for party in Party.objects.exclude(code=settings.EXCHANGE_PARTY).order_by("code"):
        if party.last_contact_at:
            contact.add_metric([party.code], (now - party.last_contact_at).total_seconds())
        if party.clock_skew is not None:
            skew.add_metric([party.code], party.clock_skew)
    yield contact
    yield skew


def _alarms() -> Metric:
    gauge = _gauge("alarms", "Open alarms.", labels=["kind"])
    found = counted(open_alarms().values_list("kind", flat=True)[:MOST_ALARMS])
    for kind in AlarmKind.values:
        gauge.add_metric([kind], found.get(kind, 0))
    return gauge


def _lately(now: datetime.datetime) -> Metric:
    gauge = _gauge(
        "recent_messages",
        "Messages written and received in the last 5 minutes (of the latest 1,001 each way).",
        labels=["direction", "type"],
    )
    since = now - LATELY
    written = OutgoingMessage.objects.order_by("-pk").values_list("type", "created_at")[:LATEST]
    received = IncomingMessage.objects.order_by("-pk").values_list("type", "received_at")[:LATEST]
    for direction, rows in (("out", written), ("in", received)):
        for type, number in counted(short_type(type)[0] for type, at in rows if at >= since).items():
            gauge.add_metric([direction, type], number)
    return gauge


def _gauge(name: str, about: str, value: float | None = None, *, labels: list[str] | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"zhengqiao_bridge_{name}", about, value=value, labels=labels)
