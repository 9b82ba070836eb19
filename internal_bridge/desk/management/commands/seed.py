from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandParser
from environs import env

from internal_bridge.casework.seeds import answer_demo_case
from internal_bridge.org.seeds import seed_directory
from internal_bridge.routing.seeds import seed_routing


class Command(BaseCommand):
    help = "Make the office's demo logins. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--answer-demo", action="store_true", help="answer the first demo petition once it is here")

    def handle(self, *args: Any, answer_demo: bool, **options: Any) -> None:
        if answer_demo:
            answered = answer_demo_case(patience=60)
            self.stdout.write(f"answered {answered}" if answered else "nothing to answer")
            return
        seed_directory(password_hash=make_password(env.str("DEMO_PASSWORD")))
        seed_routing()
