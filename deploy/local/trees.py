"""Each site alone: a copy of the source tree without the other site's code. What passes there needs nothing of the other."""

import http.client
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.places import BUILD, PACKAGES, PYTHON, ROOT, build_environment
from deploy.local.sites import HOST, Ports, gunicorn, uvicorn
from deploy.local.steps import Check, Command, Report
from deploy.local.supervisor import end_group


def is_removed(site: str, name: str) -> bool:
    """Whether a file (path in the repository) belongs to the other site alone."""
    if site == "office":
        return name.startswith(("portal/", "petitions/", "surveys/"))
    return name.startswith("internal_bridge/") and name != "internal_bridge/__init__.py" and "/exchange/" not in name


def make_tree(site: str) -> Path:
    """Copy what git knows or would take, and the compiled catalogues; returns the copy's root."""
    tree = BUILD / "trees" / site
    shutil.rmtree(tree, ignore_errors=True)
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    names = listing.stdout.decode().split("\0")
    names += [path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.mo")]
    for name in names:
        if name and not is_removed(site, name) and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


def answers(site: str, tree: Path) -> list[str]:
    """Start the site's web process in the tree and ask whether it lives."""
    port = Ports.free().portal
    environment = {**build_environment(site), "PYTHONPATH": str(tree)}
    process = subprocess.Popen(
        gunicorn(port, workers=1, threads=2, timeout=30) if site == "portal" else uvicorn(port),
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return []
            except OSError:
                time.sleep(0.2)
            finally:
                connection.close()
    finally:
        end_group(process.pid, grace=5)
    output = process.communicate()[0]
    return [f"the {site} alone does not start", *output.splitlines()[-20:]]


def run_site_alone(site: str, report: Report, pytest: Callable[..., Command]) -> None:
    """Checks, start and tests of one site in its reduced tree."""
    started = time.monotonic()
    tree = make_tree(site)
    report.add(f"{site} alone: tree", time.monotonic() - started)
    manage = [str(PYTHON), "manage.py", site]
    environment = build_environment(site)
    for name, arguments in (("check", ["check"]), ("migrations complete", ["makemigrations", "--check", "--dry-run"])):
        report.run(Command(f"{site} alone: {name}", [*manage, *arguments], environment, tree))
    report.run(Check(f"{site} alone: starts", lambda: answers(site, tree)))
    report.run(pytest(f"{site} alone: tests on SQLite", site, folder=tree))
