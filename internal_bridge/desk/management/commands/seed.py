import time
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from environs import env

from internal_bridge.casework.scale.writing import NotSeeded, read_letters, write_cases
from internal_bridge.casework.seeds import answer_demo_case, take_demo_calls
from internal_bridge.org.seeds import seed_directory
from internal_bridge.routing.seeds import seed_routing


class Command(BaseCommand):
    help = "Make the office's demo logins. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        said = "take the demo calls down, and answer the first demo petition once it is here"
        parser.add_argument("--answer-demo", action="store_true", help=said)
        parser.add_argument(
            "--scale",
            metavar="cases=N",
            help="add N cases for tests of size; they go over no bridge: not for a real server",
        )

    def handle(self, *args: Any, answer_demo: bool, scale: str | None, **options: Any) -> None:
        if scale is not None:
            self._scale(scale)
            return
        if answer_demo:
            # First, since the petitions of the portal's demo need a moment to cross.
            taken = take_demo_calls()
            answered = answer_demo_case(patience=60)
            self.stdout.write(f"answered {answered}, took down {taken}" if answered else "nothing to answer")
            return
        seed_directory(password_hash=make_password(env.str("DEMO_PASSWORD")))
        seed_routing()

    def _scale(self, scale: str) -> None:
        what, _equals, number = scale.partition("=")
        if what != "cases" or not (number.isascii() and number.isdecimal() and 0 < int(number) <= 1_000_000):
            raise CommandError("say --scale cases=N, with N from 1 to 1,000,000")
        count, begun = int(number), time.monotonic()

        def tell(done: int) -> None:
            if done % 10_000 < 1_000 or done == count:
                self.stdout.write(f"{done:,} of {count:,} cases, {time.monotonic() - begun:.0f} s")

        try:
            total = write_cases(count, letters=read_letters(), tell=tell)
        except NotSeeded as error:
            raise CommandError("nobody is there who could handle cases: run seed first") from error
        self.stdout.write(f"There are {total:,} cases now.")
