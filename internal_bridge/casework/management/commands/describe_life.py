"""``describe_life``: the page of a case's life, from the table of its transitions."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from internal_bridge.casework.life.describing import describe_life

PAGE = Path("docs") / "case-life.md"


class Command(BaseCommand):
    help = "Print how a case lives: states, actions, who takes them, what follows; --write puts it into docs/case-life.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/case-life.md")

    def handle(self, *args: Any, **options: Any) -> None:
        page = describe_life()
        if options["write"]:
            (Path(settings.BASE_DIR) / PAGE).write_text(page, encoding="utf-8")
        else:
            self.stdout.write(page, ending="")
