"""One migrated database for all workers: the tables of Wagtail and of ours are made once, then copied.

After a test that commits, its worker's database is as the template again. Django's own way, ``flush``, is what append-only
tables refuse.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connections, transaction

from deploy.local import stamps
from deploy.local.first_start import MIGRATIONS
from deploy.local.places import BUILD, ROOT

FOLDER = BUILD / "templates"
MIGRATED = "migrated"
OTHERS_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def provide(site: str) -> None:
    """Have this worker's test database made from the template, which is made first where it is missing."""
    connection = connections["default"]
    inputs = stamps.files(*MIGRATIONS, "core/append_only.py", "deploy/constraints.txt")
    name = f"template_{site}_{stamps.digest(inputs)[:16]}"
    if connection.vendor == "sqlite":
        template = FOLDER / f"{name}.sqlite3"
        _once(template.exists, lambda: _migrate_file(site, template))
        connection.settings_dict["TEST"]["TEMPLATE"] = str(template)
        shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])
    else:
        url = os.environ["DATABASE_URL"]
        _once(lambda: _databases(url, "SELECT 1 FROM pg_database WHERE datname = %s", name), lambda: _migrate(site, url, name))
        test = connection.settings_dict["TEST"]
        # The two sites' tests may share a server.
        test["NAME"] = f"{site}_{connection.creation._get_test_db_name()}"
        test["TEMPLATE"] = name


def start_afresh() -> None:
    """Bring this worker's database back to the template: nothing that a test has committed is left."""
    connection = connections["default"]
    connection.close()
    if connection.vendor == "sqlite":
        file = connection.settings_dict["NAME"]
        for rest in ("-wal", "-shm"):
            Path(f"{file}{rest}").unlink(missing_ok=True)
        shutil.copyfile(connection.settings_dict["TEST"]["TEMPLATE"], file)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # A test that failed may have left a thread with a lock.
        cursor.execute(OTHERS_END)
        # As a replica, the server fires no triggers: neither those that refuse nor those of foreign keys. Ten times as fast
        # as TRUNCATE or a new copy of the template, for a test writes a few rows into a few of many tables.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _filled(cursor):
            cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [MIGRATED])
        for (table,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM {MIGRATED}."{table}"')


def _filled(cursor: Any) -> list[str]:
    """The tables that have rows."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    probes = [f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for (table,) in cursor.fetchall()]
    cursor.execute(" UNION ALL ".join(probes))
    return [table for (table,) in cursor.fetchall()]


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
    new = urlunsplit(urlsplit(url)._replace(path=f"/{name}_new"))
    _run_migrate(site, {"DATABASE_URL": new})
    _keep_migrated_rows(new)
    _databases(url, f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')


def _keep_migrated_rows(url: str) -> None:
    """Copy what migrations wrote into a schema of its own, from where ``start_afresh`` brings it back."""
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {MIGRATED}")
        for table in _filled(cursor):
            cursor.execute(f'CREATE TABLE {MIGRATED}."{table}" AS TABLE public."{table}"')


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
