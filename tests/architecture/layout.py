"""How an app is arranged: the same names everywhere, so that whoever knows one app knows all."""

import subprocess
from pathlib import Path

from tests.architecture.sources import modules

LONGEST = 350
FOLDERS = {
    *("config", "core", "portal", "petitions", "surveys", "search", "internal_bridge"),
    *("deploy", "docs", "tests", ".ci"),
}
# Names that say nothing, or that the house has another word for.
OTHER_NAMES = {
    "utils": "say what it does",
    "helpers": "say what it does",
    "common": "say what it does",
    "misc": "say what it does",
    "signals": "business rules are services",
    "receivers": "business rules are services",
    "managers": "querysets.py",
    "selectors": "querysets.py",
    "service": "services.py",
    "schemas": "serializers in api/",
    "constants": "enums.py, or where it is used",
    "choices": "enums.py",
}


def names(root: Path) -> list[str]:
    """Modules with a name of their own way."""
    return [f"{module.name}: {OTHER_NAMES[module.path.stem]}" for module in modules(root) if module.path.stem in OTHER_NAMES]


def lengths(root: Path) -> list[str]:
    """Modules that have grown beyond what one reads at a sitting."""
    paths = [module.path for module in modules(root)]
    paths += [path for folder in ("deploy", "tests") for path in (root / folder).rglob("*.py")]
    found = []
    for path in paths:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            found.append(f"{path.relative_to(root)}: {lines} lines, at most {LONGEST}")
    return found


def folders(root: Path) -> list[str]:
    """Folders that the house has no room for. Only what is committed counts."""
    listing = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
    tops = {line.partition("/")[0] for line in listing.splitlines() if "/" in line}
    return [f"{name}/: no such folder in docs and specification" for name in sorted(tops - FOLDERS)]


def apps_arranged(root: Path) -> list[str]:
    """Every app has an ``apps.py``, and URL namespaces are named like their app, which the address rule builds on."""
    found = []
    for module in modules(root):
        if module.path.name != "urls.py" or module.package == "config" or module.path.parent.name == "api":
            continue
        label = module.package.rpartition(".")[2]
        if "app_name" in module.text and f'app_name = "{label}"' not in module.text:
            found.append(f'{module.name}: app_name should be "{label}"')
    return found


RULES = (names, lengths, apps_arranged)
