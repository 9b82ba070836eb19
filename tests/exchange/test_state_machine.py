"""Both ends and the wire between them, driven at random (03, row 14): nothing is lost, doubled or out of order.

Two databases in one process: whoever acts has its own behind Django's one connection, with its own keys.
"""

import contextlib
import datetime
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.db import connections, transaction
from django.test import RequestFactory, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.events import record_event
from core.identifiers import uuid7
from core.models import DomainEvent
from internal_bridge.exchange import handlers, inbox, keys, outbox, relay
from internal_bridge.exchange.api import views
from internal_bridge.exchange.client import ExchangeClient
from internal_bridge.exchange.enums import IncomingState
from internal_bridge.exchange.errors import PeerUnavailable
from internal_bridge.exchange.models import IncomingMessage, OutgoingMessage, OutgoingStream
from tests.exchange.peers import PING

SEQUENCES = 5_000 if os.environ.get("LONG") else 500
STEPS = 12
STREAMS = [f"case:{uuid7()}" for _ in range(3)]
VIEWS = {
    "challenge/": views.ChallengeView,
    "pull/": views.PullView,
    "messages/": views.PushView,
    "receipts/": views.ReceiptsView,
}
FAULTS = st.sampled_from(["", "", "request lost", "answer lost"])


class Site:
    """One party on a database file of its own."""

    def __init__(self, code: str, folder: Path) -> None:
        self.code = code
        self.folder = folder
        self.file = folder / f"{code}.sqlite3"
        self.fail_next = False
        self.connection = connections.create_connection("default")
        self.connection.settings_dict = {**self.connection.settings_dict, "NAME": str(self.file)}

    @contextlib.contextmanager
    def acting(self) -> Iterator[None]:
        """Within this block the code under test runs at this party."""
        before = connections["default"]
        connections["default"] = self.connection
        try:
            with override_settings(EXCHANGE_PARTY=self.code, EXCHANGE_KEYS_DIR=self.folder / f"{self.code}-keys"):
                yield
        finally:
            connections["default"] = before

    def reset(self, template: Path) -> None:
        """Begin anew from a copy of the template's tables."""
        self.connection.close()
        shutil.copyfile(template, self.file)
        with self.connection.cursor() as cursor:
            # What is tested is order, not this machine's disk.
            cursor.execute("PRAGMA synchronous=OFF")
        self.fail_next = False


class Wire(httpx.BaseTransport):
    """Carries the office's requests to the portal's views, and loses what it is told to lose."""

    def __init__(self, portal: Site) -> None:
        self.portal = portal
        self.fault = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fault, self.fault = self.fault, ""
        if fault == "request lost":
            raise httpx.ConnectError(fault)
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        with self.portal.acting():
            asked = RequestFactory().post(
                request.url.path, request.read(), content_type="application/json", headers=None, **headers
            )
            answer = VIEWS[request.url.path.removeprefix("/exchange/v1/")].as_view()(asked)
            answer.render()
        if fault == "answer lost":
            raise httpx.ReadError(fault)
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


class Bridge(RuleBasedStateMachine):
    """What may happen to two sites and their bridge."""

    portal: Site
    office: Site
    templates: dict[str, Path]

    def __init__(self) -> None:
        super().__init__()
        for site in (self.portal, self.office):
            site.reset(self.templates[site.code])
        self.sent: dict[tuple[str, str], list[str]] = {}
        self.documents: list[bytes] = []
        self.wire = Wire(self.portal)
        self.start_relay()

    def start_relay(self) -> None:
        self.relay = relay.Relay(peer="portal", url="http://testserver", stop=threading.Event(), longest_pause=1)
        self.client = ExchangeClient("http://testserver", transport=self.wire)

    def site(self, code: str) -> Site:
        return self.portal if code == "portal" else self.office

    @rule(sender=st.sampled_from(["portal", "office"]), stream=st.sampled_from(STREAMS))
    def somebody_sends(self, sender: str, stream: str) -> None:
        texts = self.sent.setdefault((sender, stream), [])
        text = f"{sender} {stream} {len(texts)}"
        recipient = "office" if sender == "portal" else "portal"
        with self.site(sender).acting(), transaction.atomic():
            outbox.send_message(type=PING, version=1, recipient=recipient, stream=stream, data={"text": text})
        texts.append(text)

    @rule(sender=st.sampled_from(["portal", "office"]), stream=st.sampled_from(STREAMS))
    def somebody_changes_their_mind(self, sender: str, stream: str) -> None:
        recipient = "office" if sender == "portal" else "portal"
        with self.site(sender).acting(), transaction.atomic():
            outbox.send_message(type=PING, version=1, recipient=recipient, stream=stream, data={"text": "never"})
            transaction.set_rollback(True)

    @rule(fault=FAULTS)
    def the_relay_pulls(self, fault: str) -> None:
        self.step(self.relay.pull_once, fault)

    @rule(fault=FAULTS)
    def the_relay_pushes(self, fault: str) -> None:
        self.step(self.relay.push_once, fault)

    @rule(fault=FAULTS)
    def the_relay_hands_receipts_over(self, fault: str) -> None:
        self.step(self.relay.post_once, fault)

    def step(self, action: object, fault: str) -> None:
        self.wire.fault = fault
        with self.office.acting(), contextlib.suppress(PeerUnavailable):
            action(self.client)
        self.wire.fault = ""

    @rule()
    def the_relay_dies(self) -> None:
        self.start_relay()

    @rule(code=st.sampled_from(["portal", "office"]))
    def the_next_effect_fails(self, code: str) -> None:
        self.site(code).fail_next = True

    @rule()
    def time_passes(self) -> None:
        past = timezone.now() - datetime.timedelta(seconds=1)
        for site in (self.portal, self.office):
            with site.acting():
                OutgoingStream.objects.exclude(lease_until=None).update(lease_until=past)
                IncomingMessage.objects.filter(state=IncomingState.WAITING).update(next_attempt_at=past)
                inbox.apply_waiting()

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def an_old_message_comes_again(self, data: st.DataObject) -> None:
        sender, stream = data.draw(st.sampled_from(sorted(self.sent)))
        with self.site(sender).acting():
            message = OutgoingMessage.objects.filter(stream__name=stream).order_by("seq").last()
            document = message.signed.as_bytes()
        with self.site("office" if sender == "portal" else "portal").acting():
            first = inbox.receive_message(document, from_party=sender)
            assert inbox.receive_message(document, from_party=sender) == first

    @invariant()
    def every_effect_is_in_order_and_there_once(self) -> None:
        for (sender, stream), texts in self.sent.items():
            done = effects(self.site("office" if sender == "portal" else "portal"), sender, stream)
            assert done == texts[: len(done)]

    def teardown(self) -> None:
        """Once the weather clears, everything arrives."""
        for site in (self.portal, self.office):
            site.fail_next = False
        for _ in range(7):
            self.time_passes()
            self.the_relay_pulls("")
            self.the_relay_hands_receipts_over("")
            if self.all_is_quiet():
                break
            self.the_relay_pushes("")
        for (sender, stream), texts in self.sent.items():
            assert effects(self.site("office" if sender == "portal" else "portal"), sender, stream) == texts
        assert self.all_is_quiet()
        self.client.close()

    def all_is_quiet(self) -> bool:
        """Everything sent is stored, everything that came is applied."""
        for site in (self.portal, self.office):
            with site.acting():
                waiting = OutgoingMessage.objects.filter(stored_at=None)
                if waiting.exists() or IncomingMessage.objects.exclude(state=IncomingState.APPLIED).exists():
                    return False
        return True


def effects(site: Site, sender: str, stream: str) -> list[str]:
    with site.acting():
        rows = DomainEvent.objects.filter(subject=f"ping:{sender}:{stream[-12:]}").order_by("id")
        return [row.params["text"] for row in rows]


@pytest.fixture
def machine(
    django_db_setup: None, django_db_blocker: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[Bridge]]:
    """The state machine with two sites that know each other's keys."""
    with django_db_blocker.unblock():
        source = connections["default"].settings_dict["NAME"]
        if connections["default"].vendor != "sqlite":
            pytest.skip("two SQLite files stand for the two sites")
        connections["default"].close()
        sites = {code: Site(code, tmp_path) for code in ("portal", "office")}
        exported = {}
        for code, site in sites.items():
            shutil.copyfile(source, site.file)
            with site.acting():
                keys.make_keys(now=timezone.now() - datetime.timedelta(days=1))
                exported[code] = keys.export_keys()
        templates = {}
        for code, site in sites.items():
            with site.acting():
                keys.import_keys(exported["office" if code == "portal" else "portal"])
                for party in keys.Party.objects.all():
                    party.may_send = [*party.may_send, PING]
                    party.save()
            site.connection.close()
            templates[code] = shutil.copyfile(site.file, tmp_path / f"{code}.template")

        def handle(message: object) -> None:
            recipient = sites["office" if message.sender == "portal" else "portal"]
            subject = f"ping:{message.sender}:{message.stream[-12:]}"
            record_event(subject=subject, name="ping", at=timezone.now(), params=message.data)
            if recipient.fail_next:
                recipient.fail_next = False
                raise RuntimeError("passing trouble")

        monkeypatch.setitem(handlers._handlers, (PING, 1), handle)
        monkeypatch.setattr(relay, "POLL_SECONDS", 0)
        monkeypatch.setattr(relay, "LOOK_EVERY", 0)
        monkeypatch.setattr(relay, "LOOK_AGAIN", 0)
        yield type("BridgeUnderTest", (Bridge,), {**sites, "templates": templates})
        for site in sites.values():
            site.connection.close()


@pytest.mark.skipif(os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("portal"), reason="plays both sites; once is enough")
@pytest.mark.django_db(transaction=True)
def test_row_14_whatever_happens_nothing_is_lost_doubled_or_out_of_order(machine, caplog, reached):
    caplog.set_level("CRITICAL")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    reached(f"{SEQUENCES} sequences of up to {STEPS} steps: 0 violations")
