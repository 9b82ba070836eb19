"""The office's relay: pulls what is addressed to us, pushes what we have to say, hands receipts over.

Four loops, each with a connection of its own, so that neither a held poll nor a large file delays a reply, and the peer takes
receipts while the next messages are applied here. None keeps anything that is not in the database or on the disk: the relay can
be killed anywhere and started again.
"""

import logging
import random
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections

from internal_bridge.exchange.alarms import raise_alarm
from internal_bridge.exchange.client import ExchangeClient
from internal_bridge.exchange.enums import AlarmKind, ReceiptKind
from internal_bridge.exchange.errors import PeerUnavailable, Refused
from internal_bridge.exchange.files import FileFetcher, has_missing, report_fetched
from internal_bridge.exchange.inbox import apply_waiting, receive_message
from internal_bridge.exchange.keys import keys_read_once
from internal_bridge.exchange.outbox import claim_messages, has_claimable
from internal_bridge.exchange.services import mark_delivered, note_contact, take_receipts, undelivered_receipts

logger = logging.getLogger(__name__)

POLL_SECONDS = 25.0
LOOK_EVERY = 0.1
FIRST_PAUSE = 1.0
# How often the relay looks for files to fetch, and for receipts to hand over, although no message has come in.
LOOK_AGAIN = 5.0


class Relay:
    """Runs until ``stop`` is set. ``peer`` is the code of the party at ``url``."""

    def __init__(self, *, peer: str, url: str, stop: threading.Event, longest_pause: float) -> None:
        self.peer = peer
        self.url = url
        self.stop = stop
        self.longest_pause = longest_pause
        self._delivered: list[int] = []
        self._fetcher = FileFetcher()
        # Each set when messages have come in: for the loop that fetches their files, and for the one that hands receipts over.
        self._files_wanted, self._receipts_made = threading.Event(), threading.Event()

    def run(self) -> None:
        """All loops, until told to stop."""
        steps = {"push": self.push_once, "receipts": self.post_once, "files": self.fetch_once}
        others = [threading.Thread(target=self._loop, args=(step,), name=name, daemon=True) for name, step in steps.items()]
        for thread in others:
            thread.start()
        self._loop(self.pull_once)
        self._tell_others()
        for thread in others:
            thread.join(timeout=5)

    def pull_once(self, client: ExchangeClient) -> None:
        """One poll: receive what came, take the peer's receipts."""
        pulled = client.pull(wait=POLL_SECONDS, delivered=self._delivered)
        note_contact(self.peer, peer_time=pulled.peer_time)
        with keys_read_once():
            self._receive(pulled.messages)
        if pulled.messages:
            self._tell_others()
        take_receipts([body for _id, body in pulled.receipts])
        # Confirmed with the next poll, when they are safe here.
        self._delivered = [receipt_id for receipt_id, _body in pulled.receipts]

    def push_once(self, client: ExchangeClient) -> None:
        """Deliver what waits for the peer; each message counts as sent only by the peer's signed receipt."""
        if not has_claimable(self.peer):
            self.stop.wait(LOOK_EVERY)
            return
        batch = claim_messages(recipient=self.peer, holder=client.holder)
        if not batch:
            return
        receipts = client.push([message.signed.as_bytes() for message in batch])
        note_contact(self.peer)
        take_receipts([receipt for receipt in receipts if receipt])
        for message, receipt in zip(batch, receipts, strict=True):
            if receipt is None:
                # It and what follows it in its stream come again when the lease ends; other streams go on.
                logger.error("message %s was not taken", message.message_id)
                raise_alarm(kind=AlarmKind.NOT_TAKEN, subject=str(message.message_id))

    def fetch_once(self, client: ExchangeClient) -> None:
        """Fetch the files that messages wait for; looks after each poll that brought messages, and now and then."""
        if has_missing():
            self._fetcher.fetch_missing(client)
        report_fetched(client)
        self._files_wanted.wait(LOOK_AGAIN)
        self._files_wanted.clear()

    def post_once(self, client: ExchangeClient) -> None:
        """Hand our receipts over; looks after each poll that brought messages, and now and then."""
        kinds = [ReceiptKind.STORED, ReceiptKind.APPLIED]
        while receipts := undelivered_receipts(sender=self.peer, kinds=kinds):
            client.post_receipts([bytes(receipt.body) for receipt in receipts])
            mark_delivered([receipt.pk for receipt in receipts], sender=self.peer)
        self._receipts_made.wait(LOOK_AGAIN)
        self._receipts_made.clear()

    def _receive(self, messages: list[bytes]) -> None:
        for message in messages:
            try:
                receive_message(message, from_party=self.peer)
            except Refused as error:
                logger.error("message refused: %s", error)

    def _tell_others(self) -> None:
        self._files_wanted.set()
        self._receipts_made.set()

    def _loop(self, step: Callable[[ExchangeClient], None]) -> None:
        client, pause = ExchangeClient(self.url), FIRST_PAUSE
        while not self.stop.is_set():
            close_old_connections()
            try:
                step(client)
                pause = FIRST_PAUSE
            except PeerUnavailable as error:
                logger.warning("%s; next try within %.0f s", error, error.retry_after or pause)
                self.stop.wait(error.retry_after or random.uniform(pause / 2, pause))  # nosec B311
                pause = min(pause * 2, self.longest_pause)
            except Exception:
                logger.exception("%s failed", step.__name__)
                self.stop.wait(pause)
                pause = min(pause * 2, self.longest_pause)
        client.close()


def run_relay(stop: threading.Event) -> None:
    """Relay between this party and the portal until ``stop`` is set, after applying what an earlier run left."""
    apply_waiting()
    relay = Relay(peer="portal", url=settings.EXCHANGE_PEER_URL, stop=stop, longest_pause=settings.EXCHANGE_LONGEST_PAUSE)
    relay.run()
