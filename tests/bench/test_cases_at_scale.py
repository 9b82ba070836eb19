"""Whether pages of casework stay as they are when cases become many, on PostgreSQL. Prints, judges nothing.

``CASES=100000 make bench`` measures the sizes of the specification; without it a tenth of that.
"""

import os
import subprocess

from deploy.local.places import PYTHON, ROOT
from deploy.local.services import postgresql

SMALL = 1000


def test_pages_of_casework_at_two_sizes() -> None:
    large = int(os.environ.get("CASES", "10000"))
    with postgresql(durable=True) as url:
        command = [str(PYTHON), "-m", "tests.bench.cases_at_scale", f"{SMALL},{large}"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
    assert done.returncode == 0, done.stderr
    print(f"\n{done.stdout}")
