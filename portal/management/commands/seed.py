import time
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandParser
from environs import env

from petitions.models import Unit
from petitions.seeds import seed_petitions
from portal.seeds import seed_articles, seed_frame, seed_logins

PATIENCE = 90.0


class Command(BaseCommand):
    help = (
        "Fill the portal with the demo city: home pages and columns; with --units, once that many units have come over the "
        "bridge, articles, logins of the CMS and three petitions. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, help="wait for so many units, then make what belongs to units")

    def handle(self, *args: Any, units: int | None, **options: Any) -> None:
        seed_frame()
        if units is None:
            return
        if (arrived := wait_for_units(units)) < units:
            self.stdout.write(f"waiting: {arrived} of {units} units")
            return
        seed_articles()
        seed_logins(password_hash=make_password(env.str("DEMO_PASSWORD")))
        for receipt in seed_petitions():
            self.stdout.write(f"{receipt['number']}  {receipt['receipt_code']}  {receipt['title']}")


def wait_for_units(count: int, *, patience: float = PATIENCE) -> int:
    """How many units the office has told of: ``count`` or more, or fewer after ``patience`` seconds."""
    give_up = time.monotonic() + patience
    while True:
        # What the directory has described; a row from before has no first day.
        arrived = Unit.objects.exclude(valid_from=None).count()
        if arrived >= count or time.monotonic() > give_up:
            return arrived
        time.sleep(0.3)
