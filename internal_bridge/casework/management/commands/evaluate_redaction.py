"""How well the redaction proposal finds personal data in the petitions that people have marked."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.personal import PersonalType
from core.personal.scoring import Marked, Score, score

DATA = "tests/data/petitions.jsonl"


class Command(BaseCommand):
    help = "Print recall and precision of the redaction proposal over marked petitions: in all, by half and by type."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=Path(settings.BASE_DIR, DATA), help="JSON lines: id, body, personal")

    def handle(self, *args: Any, data: Path, **options: Any) -> None:
        try:
            records = read(data)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{data} cannot be read as marked petitions: {error!r}") from error
        self.stdout.write(f"{'':<24}{'marked':>8}{'found':>8}{'recall':>9}{'proposed':>10}{'right':>8}{'precision':>11}")
        everything = list(records.values())
        self._line("all", score(everything))
        self._line("odd ids, developed on", score(half(records, 1)))
        self._line("even ids, held out", score(half(records, 0)))
        for type in PersonalType:
            self._line(type.value, score(everything, types=[type]))

    def _line(self, name: str, of: Score) -> None:
        recall = f"{of.recall:.4f}" if of.marked else "–"
        precision = f"{of.precision:.4f}" if of.proposed else "–"
        self.stdout.write(f"{name:<24}{of.marked:>8}{of.found:>8}{recall:>9}{of.proposed:>10}{of.right:>8}{precision:>11}")


def read(data: Path) -> dict[int, Marked]:
    """The marked petitions of ``data`` by the number in their id."""
    lines = data.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return {int(row["id"][1:]): Marked(row["body"], tuple(row["personal"])) for row in rows}


def half(records: dict[int, Marked], odd: int) -> list[Marked]:
    """Those with odd numbers, on which the rules were developed, or those with even ones, at which nobody looked."""
    return [marked for number, marked in records.items() if number % 2 == odd]
