"""How long an import of 200 units and 10,000 people takes, on both databases. Prints, judges nothing."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.local.places import PYTHON, ROOT
from deploy.local.services import postgresql


def measure(environment: dict[str, str]) -> str:
    command = [str(PYTHON), "-m", "tests.bench.directory_import"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_the_directory_is_imported(database: str, tmp_path: Path) -> None:
    if database == "SQLite":
        said = measure({"DATABASE_URL": f"sqlite:///{tmp_path / 'bench.sqlite3'}"})
    else:
        with postgresql(durable=True) as url:
            said = measure({"DATABASE_URL": url})
    print(f"\n{database}\n{said}")
