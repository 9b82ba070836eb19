import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from internal_bridge.exchange.errors import Refused
from internal_bridge.exchange.keys import export_keys, import_keys, make_keys
from internal_bridge.exchange.rotation import OVERLAP, destroy_key, key_states, revoke_key, rotate_keys


def moment(text: str) -> datetime.datetime:
    """An ISO 8601 time; without a zone it is the site's."""
    at = parse_datetime(text)
    if at is None:
        raise ValueError(text)
    return at if timezone.is_aware(at) else timezone.make_aware(at)


class Command(BaseCommand):
    help = "Make, list, rotate, revoke and destroy this party's keys, print its public ones, or allow-list a peer's."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("make", help="make a signing and a sealing key, unless valid ones are there; bring types up to date")
        actions.add_parser("list", help="every party's keys and what they are good for now")
        rotate = actions.add_parser("rotate", help="make new keys; the old ones count on for a while")
        rotate.add_argument("--from", dest="start", type=moment, help="when the new keys take over (ISO 8601; default: now)")
        rotate.add_argument("--overlap", type=int, default=OVERLAP.days, help="days that the old keys count on after that")
        revoke = actions.add_parser("revoke", help="let a key, own or a peer's, count no longer from now on")
        revoke.add_argument("kid")
        revoke.add_argument("--reason", required=True)
        revoke.add_argument("--force", action="store_true", help="even when it is the last valid one")
        actions.add_parser("destroy", help="delete the private half of a key that nothing needs any more").add_argument("kid")
        actions.add_parser("export", help="print the public keys as JSON, for the peer to import")
        actions.add_parser("import", help="allow-list a peer's public keys").add_argument("file", help="- for stdin")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        act: Callable[[dict[str, Any]], list[str]] = getattr(self, f"_{action}")
        try:
            for line in act(options):
                self.stdout.write(line)
        except ObjectDoesNotExist as error:
            raise CommandError("there is no such key") from error
        except Refused as error:
            raise CommandError(str(error)) from error

    def _make(self, options: dict[str, Any]) -> list[str]:
        return [key.kid for key in make_keys(now=timezone.now())]

    def _list(self, options: dict[str, Any]) -> list[str]:
        lines = []
        for state in key_states():
            key = state.key
            start, end = (
                timezone.localtime(at).isoformat(" ", "minutes") if at else "" for at in (key.valid_from, key.valid_to)
            )
            lines.append(f"{key.kid:<40} {key.use:<5} {state.state:<8} {start} – {end} {key.revoked_reason}".rstrip())
        return lines

    def _rotate(self, options: dict[str, Any]) -> list[str]:
        if options["overlap"] < 0:
            raise CommandError("the overlap cannot be negative")
        overlap = datetime.timedelta(days=options["overlap"])
        return [key.kid for key in rotate_keys(valid_from=options["start"] or timezone.now(), overlap=overlap)]

    def _revoke(self, options: dict[str, Any]) -> list[str]:
        reason = options["reason"].strip()
        if not 2 <= len(reason) <= 200:
            raise CommandError("a reason has 2 to 200 characters")
        return [revoke_key(kid=options["kid"], reason=reason, force=options["force"]).kid]

    def _destroy(self, options: dict[str, Any]) -> list[str]:
        destroy_key(kid=options["kid"])
        return [options["kid"]]

    def _export(self, options: dict[str, Any]) -> list[str]:
        return [json.dumps(export_keys(), indent=2)]

    def _import(self, options: dict[str, Any]) -> list[str]:
        text = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")
        try:
            return [key.kid for key in import_keys(json.loads(text))]
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"not an export of a peer's keys: {error}") from error
