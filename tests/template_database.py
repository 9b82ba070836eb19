"""One migrated database for all workers: the tables of Wagtail and of ours are made once, then copied."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connections

from deploy.local import stamps
from deploy.local.first_start import MIGRATIONS
from deploy.local.places import BUILD, ROOT

FOLDER = BUILD / "templates"


def provide(site: str) -> None:
    """Have this worker's test database made from the template, which is made first where it is missing."""
    connection = connections["default"]
    inputs = stamps.files(*MIGRATIONS, "deploy/constraints.txt")
    name = f"template_{site}_{stamps.digest(inputs)[:16]}"
    if connection.vendor == "sqlite":
        template = FOLDER / f"{name}.sqlite3"
        _once(template.exists, lambda: _migrate_file(site, template))
        shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])
    else:
        url = os.environ["DATABASE_URL"]
        _once(lambda: _databases(url, "SELECT 1 FROM pg_database WHERE datname = %s", name), lambda: _migrate(site, url, name))
        test = connection.settings_dict["TEST"]
        # The two sites' tests may share a server.
        test["NAME"] = f"{site}_{connection.creation._get_test_db_name()}"
        test["TEMPLATE"] = name


def _once(exists: Callable[[], object], make: Callable[[], None]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not exists():
            make()


def _migrate_file(site: str, template: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _run_migrate(site, {"SITE_DIR": folder})
        shutil.move(Path(folder, "db.sqlite3"), template)


def _migrate(site: str, url: str, name: str) -> None:
    """Made under another name first: a template that is there is complete."""
    _databases(url, f'CREATE DATABASE "{name}_new"')
    _run_migrate(site, {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}_new"))})
    _databases(url, f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')


def _databases(url: str, statement: str, *values: str) -> object:
    """Run a statement about databases; its first row, if it has any."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchone() if cursor.description else None


def _run_migrate(site: str, variables: dict[str, str]) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    command = [sys.executable, "manage.py", site, "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**environment, **variables}, check=True)
