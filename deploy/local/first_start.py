"""What the sites need before they can run, and right after: folders, keys, tables, demo data; each made once and kept."""

import csv
import os
import secrets
import subprocess
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local import stamps
from deploy.local.places import PACKAGES, PYTHON, ROOT, SITES
from deploy.local.sites import Ports, StartError, site_environment

MIGRATIONS = [f"{package}/**/migrations/*.py" for package in PACKAGES]
SEEDS = [f"{package}/**/{part}" for package in PACKAGES for part in ("commands/seed*.py", "seeds.py", "demo/**/*")]

# The office's demo directory: what the portal must have heard of before its own demo can stand.
UNITS = ROOT / "internal_bridge" / "org" / "demo" / "units.csv"


def demo_units() -> int:
    """How many units the office's demo tells of."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        return sum(1 for _row in csv.DictReader(file))


class Preparation:
    """The steps before a start, and one after it. Stamps in ``data_dir/stamps`` tell what is done already."""

    def __init__(
        self, data_dir: Path, ports: Ports, *, password: str, environ: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self.data_dir = data_dir
        self.say = say
        self._folder = data_dir / "stamps"
        # Accounts that are there keep the password that they were made with, whatever a later run is told.
        self._password_file = data_dir / "demo-password.txt"
        self.password = self._password_file.read_text() if self._password_file.exists() else password
        self._environments = {site: site_environment(site, data_dir / site, ports, environ) for site in SITES}
        self._running: set[subprocess.Popen[str]] = set()
        self._guard = threading.Lock()
        self._cancelled = False

    @property
    def demo_file(self) -> Path:
        """What the seeds printed: the demo petition's number and receipt code. For its owner only."""
        return self.data_dir / "demo.txt"

    def prepare(self) -> None:
        """Everything that must be there before the first process starts. Raises StartError."""
        for site in SITES:
            self._make_folders(site)
        (self.data_dir / "valkey").mkdir(exist_ok=True)
        databases = [self._environments[site].get("DATABASE_URL", "") for site in SITES]
        tables = stamps.digest(stamps.files(*MIGRATIONS, "deploy/constraints.txt"), *databases)
        if self._is_due("migrate", tables):
            self.say("  tables of both sites …")
            self._both("migrate", "--verbosity", "0")
            self._done("migrate", tables)
        # Making keys also brings the types that each party may send up to date with the code.
        keys = stamps.digest(stamps.files("internal_bridge/exchange/keys.py"), "2")
        if self._is_due("keys", keys):
            self.say("  keys of both sites …")
            self._exchange_keys()
            self._manage("office", "keyring", "make")
            self._done("keys", keys)
        seeds = stamps.digest(stamps.files(*SEEDS), *databases)
        if self._is_due("seed", seeds):
            self.say("  demo data of both sites …")
            self._write(self._password_file, self.password)
            self._both("seed", DEMO_PASSWORD=self.password)
            self._done("seed", seeds)

    def finish(self) -> None:
        """Once both sites run: when the directory has crossed the bridge, fill the portal; then let one petition be answered.

        Each step is done once; one that was broken off, or waited in vain, is due again at the next start.
        """
        databases = [self._environments[site].get("DATABASE_URL", "") for site in SITES]
        contents = stamps.digest(stamps.files(*SEEDS), *databases)
        if self._is_due("contents", contents):
            units = demo_units()
            self.say(f"  {units} units of the directory cross the bridge; then the portal's articles and logins …")
            said = self._manage("portal", "seed", "--units", str(units), DEMO_PASSWORD=self.password)
            if said.startswith("waiting"):
                self.say(
                    f"The directory has not arrived ({said.strip()}): look at office/logs/relay.log in the data directory."
                )
                return
            self._keep([said])
            self._done("contents", contents)
        if self._is_due("answer-demo", "2"):
            self.say("  demo cases of the office …")
            said = self._manage("office", "seed", "--answer-demo", DEMO_PASSWORD=self.password)
            if said.startswith("answered"):
                self._done("answer-demo", "2")
            else:
                self.say("No demo petition has reached the office yet: look at office/logs/relay.log in the data directory.")

    def cancel(self) -> None:
        """End the management commands that still run; a later start does their steps again."""
        with self._guard:
            self._cancelled = True
            for process in self._running:
                process.kill()

    def _make_folders(self, site: str) -> None:
        home = self.data_dir / site
        for folder in (home, home / "keys", home / "media", home / "logs", home / "run", home / "tmp"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        secret = home / "keys" / "secret-key"
        if not secret.exists():
            with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))

    def _exchange_keys(self) -> None:
        """Each site makes its own keys and is given the public halves of the other's; nothing private leaves a folder."""
        self._both("keys", "make")
        for giver, taker in (("portal", "office"), ("office", "portal")):
            public = self._manage(giver, "keys", "export")
            self._manage(taker, "keys", "import", "-", text=public)

    def _keep(self, outputs: list[str]) -> None:
        text = "\n".join(output.strip() for output in outputs if output.strip())
        # A code is shown once: a seed that finds its petitions there prints none, and the file keeps what it has.
        if text:
            self._write(self.demo_file, text + "\n")

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """For its owner only."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)

    def _is_due(self, name: str, value: str) -> bool:
        return not stamps.is_fresh(name, value, folder=self._folder)

    def _done(self, name: str, value: str) -> None:
        stamps.write(name, value, folder=self._folder)

    def _both(self, *command: str, **variables: str) -> list[str]:
        """The same command in both sites at once; what they printed, the portal's first."""
        with ThreadPoolExecutor() as pool:
            try:
                return list(pool.map(lambda site: self._manage(site, *command, **variables), SITES))
            except BaseException:
                # Leaving the pool waits for its threads: whoever presses Ctrl-C should not wait for the other site's command.
                self.cancel()
                raise

    def _manage(self, site: str, *command: str, text: str = "", **variables: str) -> str:
        """Run a management command of a site; what it printed. Raises StartError with its error output."""
        with self._guard:
            if self._cancelled:
                raise StartError("stopped")
            process = subprocess.Popen(
                [str(PYTHON), "manage.py", site, *command],
                cwd=ROOT,
                env={**self._environments[site], **variables},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            self._running.add(process)
        try:
            output, errors = process.communicate(text)
        finally:
            with self._guard:
                self._running.discard(process)
        if process.returncode:
            raise StartError(f"manage.py {site} {' '.join(command)} failed:\n{errors.strip()}")
        return output
