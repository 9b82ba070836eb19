"""Which tests are collected: a site's own under its settings, those of no site without any."""

import os
from pathlib import Path

# Start processes or read source code; they need no site in their own process.
NEUTRAL = {"architecture", "tooling", "e2e", "faults", "bench"}
COMMON = {"core", "exchange", "search", "contract"}
OF_SITE = {
    "tests.settings_portal": COMMON | {"portal", "petitions", "surveys"},
    "tests.settings_office": COMMON | {"casework", "desk"},
}

HERE = Path(__file__).parent
wanted = OF_SITE.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""), NEUTRAL)
collect_ignore = [path.name for path in HERE.iterdir() if path.is_dir() and path.name not in wanted]
