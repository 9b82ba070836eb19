"""``/metrics``: figures from rows, for this machine or the bearer of the token, and nothing of any message in them."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from core.health import note_heartbeat
from core.metrics import metrics
from internal_bridge.exchange.alarms import raise_alarm
from internal_bridge.exchange.enums import AlarmKind
from internal_bridge.exchange.figures import Today
from internal_bridge.exchange.models import OutgoingMessage, Party
from internal_bridge.exchange.outbox import send_message
from internal_bridge.exchange.services import note_contact
from tests.exchange.peers import PING, STREAM

pytestmark = pytest.mark.django_db

PLANTED = "郑小明13912342071"


def send_ping(recipient, text):
    with transaction.atomic():
        send_message(type=PING, version=1, recipient=recipient, stream=STREAM, data={"text": text})


def scrape(rf, **extra):
    response = metrics(rf.get("/metrics", **extra))
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name.removeprefix("zhengqiao_"), *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_an_idle_bridge_has_figures_too(rf, peer):
    found = scrape(rf)
    for name in ("outgoing_waiting", "incoming_waiting", "parked", "dead_letters", "oldest_waiting_seconds"):
        assert found[f"bridge_{name}",] == 0
    assert found["bridge_alarms", "forgery"] == 0


def test_figures_come_from_rows(rf, peer):
    send_ping(peer.code, PLANTED)
    peer.bring(peer.message(f"never:{PLANTED}"))
    peer.bring(peer.message("two"))
    peer.bring(peer.message(PLANTED, stream="case:01900000-0000-7000-8000-0000000000ff"))
    raise_alarm(kind=AlarmKind.FORGERY, subject="portal")
    note_contact(peer.code, peer_time=timezone.now().timestamp() + 60)
    note_heartbeat()

    found = scrape(rf)

    assert found["bridge_outgoing_waiting",] == 1
    assert found["bridge_incoming_waiting",] == 1
    assert found["bridge_parked",] == 1
    assert found["bridge_dead_letters",] == 1
    assert found["bridge_oldest_waiting_seconds",] > 0
    assert found["bridge_alarms", "forgery"] == 1
    assert found["bridge_alarms", "dead_letter"] == 1
    assert 0 <= found["bridge_last_contact_age_seconds", peer.code] < 10
    assert 55 < found["bridge_clock_skew_seconds", peer.code] < 65
    assert found["bridge_recent_messages", "in", "test.ping"] == 3
    assert found["bridge_recent_messages", "out", "test.ping"] == 1
    assert 0 <= found["worker_heartbeat_age_seconds",] < 10
    body = metrics(rf.get("/metrics")).content.decode()
    assert PLANTED not in body
    assert "case:" not in body


def test_the_number_of_queries_does_not_depend_on_what_there_is(rf, peer, django_assert_max_num_queries):
    for number in range(5):
        send_ping(peer.code, str(number))
    with django_assert_max_num_queries(12):
        scrape(rf)


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=10.0.0.7"}, 403),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer right"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "right"}, 403),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer 密"}, 403),
    ],
)
def test_who_may_read_them(rf, settings, extra, status):
    settings.METRICS_TOKEN = "right"
    assert metrics(rf.get("/metrics", **extra)).status_code == status


def test_without_a_token_nobody_has_it(rf, settings):
    settings.METRICS_TOKEN = ""
    assert metrics(rf.get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer ")).status_code == 403


def test_behind_a_proxy_only_the_token_counts(rf, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert metrics(rf.get("/metrics", REMOTE_ADDR="127.0.0.1")).status_code == 403


def test_delays_of_today_alone(peer):
    now = timezone.now()
    for seconds in (1, 2, 10):
        send_ping(peer.code, str(seconds))
        last = OutgoingMessage.objects.latest("pk")
        OutgoingMessage.objects.filter(pk=last.pk).update(created_at=now, stored_at=now + datetime.timedelta(seconds=seconds))
    send_ping(peer.code, "old")
    yesterday = now - datetime.timedelta(days=1)
    old = OutgoingMessage.objects.latest("pk")
    OutgoingMessage.objects.filter(pk=old.pk).update(created_at=yesterday, stored_at=now)

    today = Today.so_far()

    assert today.sent == {peer.code: 3}
    assert (today.delay(0.5), today.delay(0.99)) == (2.0, 10.0)
    assert Party.objects.filter(code=peer.code).exists()


def test_without_messages_there_is_no_delay(peer):
    assert Today.so_far().delay(0.5) is None
