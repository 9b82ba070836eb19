#!/usr/bin/env python
"""Run a management command of one of the two sites: ``./manage.py portal migrate``, ``./manage.py office shell``."""

import os
import sys
from pathlib import Path

SITES = ("portal", "office")


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in SITES:
        sys.exit(f"usage: {sys.argv[0]} {{{'|'.join(SITES)}}} COMMAND [ARG …]\nThere is no default site: say which one.")
    site = sys.argv.pop(1)
    os.environ["DJANGO_SETTINGS_MODULE"] = f"config.settings.{site}"
    os.environ.setdefault("SITE_DIR", str(Path(os.environ.get("DATA_DIR", "var"), site).absolute()))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
