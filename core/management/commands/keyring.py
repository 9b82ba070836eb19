from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.keyring import is_current, key_ids, make_keys, rotate_key


class Command(BaseCommand):
    help = "The keys that wrap and index what this site keeps: make them, list them, or let a new one wrap from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("make", help="make the keys that are not there yet")
        actions.add_parser("list", help="print the ids of all keys; * marks those in use")
        actions.add_parser("rotate", help="make a new wrapping key; the old ones still open what they wrapped")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        actions: dict[str, Callable[[], list[str]]] = {"make": make_keys, "list": _listed, "rotate": lambda: [rotate_key()]}
        try:
            lines = actions[action]()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        for line in lines:
            self.stdout.write(line)


def _listed() -> list[str]:
    return [f"{kid} *" if is_current(kid) else kid for kid in key_ids()]
