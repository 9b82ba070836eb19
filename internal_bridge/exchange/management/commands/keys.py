import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.keys import export_keys, import_keys, make_keys


class Command(BaseCommand):
    help = "Make this party's keys, print its public ones, or allow-list a peer's."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("make", help="make a signing and a sealing key, unless valid ones are there")
        actions.add_parser("export", help="print the public keys as JSON, for the peer to import")
        actions.add_parser("import", help="allow-list a peer's public keys").add_argument("file", help="- for stdin")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "make":
            for key in make_keys(now=timezone.now()):
                self.stdout.write(key.kid)
        elif action == "export":
            self.stdout.write(json.dumps(export_keys(), indent=2))
        else:
            text = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")
            try:
                for key in import_keys(json.loads(text)):
                    self.stdout.write(key.kid)
            except (ValueError, KeyError, TypeError, Refused) as error:
                raise CommandError(f"not an export of a peer's keys: {error}") from error
