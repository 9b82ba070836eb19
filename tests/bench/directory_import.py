"""Imports 200 units and 10,000 people into a fresh database and says how long each step took; run as a process of its own."""

import os
import tempfile
import time
from pathlib import Path

import django

UNITS, PEOPLE = 200, 10_000


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_office"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from internal_bridge.org import imports
    from internal_bridge.org.models import ImportRun
    from tests.exchange.peers import introduce_peer
    from tests.org.people import make_login
    from tests.org.volume import people_csv, posts_csv, units_csv

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        introduce_peer(settings, Path(folder))
        by = make_login("sysadmin", username="sysadmin")
        files = {"units": units_csv(UNITS), "posts": posts_csv(UNITS), "people": people_csv(UNITS, PEOPLE)}
        for kind, content in files.items():
            begun = time.perf_counter()
            run = imports.start_import(by=by, kind=kind, mode="all_or_nothing", content=content)
            imports.check_import(run)
            checked = time.perf_counter()
            imports.apply_import(imports.confirm_import(by=by, run=run))
            ended = time.perf_counter()
            run = ImportRun.objects.get(pk=run.pk)
            if run.state != "done":
                raise SystemExit(f"{kind}: {run.state} {run.errors[:3]}")
            rate = run.created / (ended - begun)
            times = f"{checked - begun:6.2f} s checked  {ended - checked:6.2f} s applied"
            print(f"{kind:8} {run.created:6} created  {times}  {rate:7.0f}/s")


if __name__ == "__main__":
    main()
