"""Where things are. Imported before the virtual environment exists: standard library only."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SITES = ("portal", "office")
# Our own packages: what is linted, typed, translated and held to the import rules.
PACKAGES = ("config", "core", "portal", "petitions", "surveys", "search", "internal_bridge")


def tool(name: str) -> str:
    """The path of a command that the virtual environment brings."""
    return str(VENV / "bin" / name)


def search_path() -> str:
    """A PATH on which the virtual environment's own tools come first, Node among them."""
    return os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])


def build_environment(site: str) -> dict[str, str]:
    """The environment for management commands that touch neither data nor keys (collectstatic, checks of the code)."""
    scratch = BUILD / "scratch" / site
    scratch.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "PATH": search_path(),
        "DJANGO_SETTINGS_MODULE": f"config.settings.{site}",
        "SITE_DIR": str(scratch),
        "SECRET_KEY": "only-for-building-" + "x" * 48,
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }
