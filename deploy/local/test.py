"""``make test``: every check and every test, as a change must pass them on a clean machine.

Lint; each site alone in its reduced tree, with its tests on SQLite; tests of no site; what is marked ``db``, ``bridge`` or
``story`` on PostgreSQL and Valkey; both sites running (e2e, faults). At the end no process may be left.
"""

import argparse
import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from deploy.local import lint
from deploy.local.places import PYTHON, ROOT, SITES, search_path
from deploy.local.services import broker, postgresql
from deploy.local.steps import Check, Command, Report
from deploy.local.trees import run_site_alone

STAGES = ("lint", "sqlite", "neutral", "postgresql", "running")
ON_POSTGRESQL = "db or bridge or story"
PR_SET_CHILD_SUBREAPER = 36
# Seconds that tests get to stop both sites.
PATIENCE = 20.0


def site_tests(
    name: str, site: str, *, folder: Path = ROOT, marked: str = "", variables: Mapping[str, str] | None = None, only: str = ""
) -> Command:
    """A site's tests, two at a time; ``only`` names folders below ``tests/``."""
    arguments = [str(PYTHON), "-m", "pytest", "-q", "-n", str(max(2, os.cpu_count() or 2)), "-p", "no:cacheprovider"]
    if marked:
        arguments += ["-m", marked]
    arguments += [f"tests/{part}" for part in only.split()]
    environment = {**os.environ, "PATH": search_path(), "DJANGO_SETTINGS_MODULE": f"tests.settings_{site}"}
    for variable in ("DATABASE_URL", "BROKER_URL"):
        environment.pop(variable, None)
    return Command(name, arguments, {**environment, **(variables or {})}, folder, quiet=False)


def neutral_tests(name: str, *folders: str, at_once: int = 1) -> Command:
    """Tests that need no site in their own process. ``at_once``: those that start whole sites mostly wait."""
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    present = [folder for folder in folders if (ROOT / folder).is_dir()]
    arguments = [str(PYTHON), "-m", "pytest", "-p", "no:django", "-q", "-p", "no:cacheprovider", *present]
    if at_once > 1:
        arguments += ["-n", str(at_once), "--dist", "loadfile"]
    return Command(name, arguments, {**environment, "PATH": search_path()}, quiet=False)


def on_postgresql(report: Report) -> None:
    """The marked tests of both sites on the database and broker of real servers."""
    started = time.monotonic()
    with postgresql() as database, broker() as address:
        report.add("PostgreSQL and Valkey started", time.monotonic() - started)
        for site in SITES:
            variables = {"DATABASE_URL": database, "BROKER_URL": address}
            # What both sites share speaks to the database alike under either's settings: once is enough.
            only = "portal petitions" if site == "portal" else ""
            name = f"{site}: tests on PostgreSQL"
            report.run(site_tests(name, site, marked=ON_POSTGRESQL, variables=variables, only=only))


def adopt_orphans() -> None:
    """Become the parent of every process that a test leaves behind, so that it can be found at the end."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def living_children() -> list[tuple[int, str]]:
    """Our children that are not zombies: pid and command."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == os.getpid() and state != "Z":
            found.append((int(entry.name), command))
    return found


def processes_left() -> list[str]:
    """Processes that the run has left behind; they are ended here."""
    until = time.monotonic() + 5
    while (left := living_children()) and time.monotonic() < until:
        time.sleep(0.2)
    for pid, _command in left:
        os.kill(pid, signal.SIGKILL)
    return [f"still running: {pid} {command}" for pid, command in left]


def on_signal(number: int, frame: FrameType | None) -> None:
    """Somebody wants it to end: tests get the time to stop what they started, then everything below us goes."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    print("\nStopping …", flush=True)
    for pid, _command in living_children():
        os.kill(pid, signal.SIGINT)
    until = time.monotonic() + PATIENCE
    while living_children() and time.monotonic() < until:
        time.sleep(0.1)
    # Whoever dies now hands its own children to us.
    while left := living_children():
        for pid, _command in left:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    os._exit(128 + number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"run only these: {', '.join(STAGES)}")
    stages = parser.parse_args().stages or STAGES
    if unknown := set(stages) - set(STAGES):
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    adopt_orphans()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, on_signal)
    started, report = time.monotonic(), Report()
    if "lint" in stages:
        report.run_all(lint.checks(), at_once=os.cpu_count() or 2)
    if "sqlite" in stages:
        for site in SITES:
            run_site_alone(site, report, site_tests)
    if "neutral" in stages:
        report.run(neutral_tests("set-up and checks themselves", "tests/tooling"))
    if "postgresql" in stages:
        on_postgresql(report)
    if "running" in stages:
        report.run(neutral_tests("both sites running", "tests/e2e", "tests/faults", at_once=2))
    report.run(Check("no process left", processes_left))
    print("\nHow long it took")
    for name, seconds, passed in report.rows:
        print(f"  {'' if passed else 'FAILED':8}{name:44}{seconds:7.1f} s")
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    sys.exit(report.conclude(f"make test, {minutes} min {seconds:02} s"))


if __name__ == "__main__":
    main()
