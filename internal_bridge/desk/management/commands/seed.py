from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandParser
from environs import env

from core.models import User
from internal_bridge.casework.seeds import answer_demo_case

# Login, name and group of the office's demo people.
PEOPLE = [
    ("dispatcher", "陈立", "dispatcher"),
    ("sysadmin", "孙磊", "sysadmin"),
    ("secadmin", "方圆", "secadmin"),
]


class Command(BaseCommand):
    help = "Make the office's demo logins. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--answer-demo", action="store_true", help="answer the first demo petition once it is here")

    def handle(self, *args: Any, answer_demo: bool, **options: Any) -> None:
        if answer_demo:
            answered = answer_demo_case(person=User.objects.get(username="dispatcher"), patience=60)
            self.stdout.write(f"answered {answered}" if answered else "nothing to answer")
            return
        password = make_password(env.str("DEMO_PASSWORD"))
        for username, name, group in PEOPLE:
            person, created = User.objects.get_or_create(
                username=username, defaults={"display_name": name, "password": password}
            )
            if created:
                person.groups.add(Group.objects.get_or_create(name=group)[0])
