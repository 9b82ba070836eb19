import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from internal_bridge.exchange.relay import run_relay


class Command(BaseCommand):
    help = "Pull from and push to the portal's exchange API until stopped (the office's only line to the outside)."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_relay(stop)
