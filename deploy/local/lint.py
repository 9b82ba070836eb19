"""``make lint``: every check that reads code and runs none of its tests."""

import os
import secrets
import sys

from deploy.local import catalogues, template_lint
from deploy.local.places import PYTHON, ROOT, SITES, build_environment, tool
from deploy.local.steps import Check, Command, Report

# Each site is typed under its own settings: the Django plugin knows models and settings of one site at a time.
TYPED = {
    "portal": ["core", "search", "petitions", "surveys", "portal"],
    "office": ["core", "internal_bridge", "deploy", "manage.py"],
}
PRODUCT = ["config", "core", "portal", "petitions", "surveys", "search", "internal_bridge"]


def production_environment(site: str) -> dict[str, str]:
    """A site as on a real server: no demo, a long key, a host name."""
    environment = build_environment(site)
    del environment["DEMO"]
    return {**environment, "SECRET_KEY": secrets.token_urlsafe(64), "ALLOWED_HOSTS": "www.example.org"}


def type_check(site: str) -> Command:
    configuration = ["config/__init__.py", "config/celery.py", "config/asgi.py", "config/wsgi.py"]
    configuration += [f"config/settings/{site}.py", f"config/urls/{site}.py"]
    files = [name for name in [*TYPED[site], *configuration] if (ROOT / name).exists()]
    cache = f"build/mypy/{site}"
    return Command(f"types, {site}", [tool("mypy"), "--cache-dir", cache, *files], build_environment(site))


def of_site(site: str) -> list[Command]:
    """The checks that load a site."""
    migrations = [str(PYTHON), "manage.py", site, "makemigrations", "--check", "--dry-run"]
    return [
        Command(f"migrations complete, {site}", migrations, build_environment(site)),
        production(site),
    ]


def production(settings: str) -> Command:
    """Django's own judgement of a process as real servers run it, the portal's exchange process among them."""
    site = "portal" if settings == "exchange" else settings
    environment = {**production_environment(site), "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}"}
    arguments = [str(PYTHON), "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return Command(f"production settings, {settings}", arguments, environment)


def checks() -> list[Command | Check]:
    """All of them, the slow ones first."""
    pytest = [str(PYTHON), "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", "-q"]
    neutral = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return [
        *(type_check(site) for site in SITES),
        Command("architecture", [*pytest, "tests/architecture"], neutral),
        *(check for site in SITES for check in of_site(site)),
        production("exchange"),
        Command("imports", [tool("lint-imports"), "--no-cache", "--no-logo"]),
        Command("style (ruff)", [tool("ruff"), "check", "--quiet", "."]),
        Command("format (ruff)", [tool("ruff"), "format", "--check", "--quiet", "."]),
        Command("security (bandit)", [tool("bandit"), "--quiet", "--configfile", "pyproject.toml", "--recursive", *PRODUCT]),
        Check("templates", template_lint.lint),
        Check("every id in Chinese", catalogues.check),
    ]


def main() -> None:
    report = Report()
    report.run_all(checks(), at_once=os.cpu_count() or 2)
    sys.exit(report.conclude("make lint"))


if __name__ == "__main__":
    main()
