import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from internal_bridge.exchange.relay import run_relay


class Command(BaseCommand):
    help = "Pull from and push to the portal's exchange API until stopped (the office's only line to the outside)."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(*_: Any) -> None:
            # A poll is held for up to 25 s; it is left in the middle, as a crash would, since a crash loses nothing either.
            stop.set()
            raise SystemExit

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        run_relay(stop)
