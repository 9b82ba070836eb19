from typing import Any

from django.core.management.base import BaseCommand
from environs import env

from petitions.seeds import seed_petitions, seed_units
from portal.services import seed_pages


class Command(BaseCommand):
    help = "Fill the portal with the demo city: units, pages, the reviewer's login, three petitions. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        seed_units()
        seed_pages(reviewer_password=env.str("DEMO_PASSWORD"))
        for receipt in seed_petitions():
            self.stdout.write(f"{receipt['number']}  {receipt['receipt_code']}  {receipt['title']}")
