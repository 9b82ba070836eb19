"""Keep a program running: start it, start it again when it dies, stop it with everything that it started."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.places import ROOT

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
# Whoever has lived this long starts again without a pause when it dies.
STEADY_AFTER = 30.0
LARGEST_LOG = 10 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """What to run. ``home`` is the one folder that it may write to; its log and pid file are there."""

    name: str
    home: Path
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    grace: float = 8.0

    @property
    def log(self) -> Path:
        return self.home / "logs" / f"{self.name.partition('-')[2] or self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.home / "run" / f"{self.name}.pid"


def group_members(group: int) -> list[int]:
    """The living processes of a process group, zombies not among them."""
    members = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The command's name stands in brackets and may itself hold brackets and blanks.
            state, _parent, owner = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(owner) == group and state != "Z":
            members.append(int(entry.name))
    return members


def end_group(group: int, *, grace: float = 0.0) -> None:
    """End a process group: ask first when there is a grace period (seconds), then insist; returns when it is gone."""
    for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        if patience and group_members(group):
            try:
                os.killpg(group, number)
            except ProcessLookupError:
                return
            until = time.monotonic() + patience
            while group_members(group) and time.monotonic() < until:
                time.sleep(0.05)


def belongs_to(pid: int, home: Path) -> bool:
    """Whether a process is one that worked in ``home``, so that a pid used anew by somebody else is left alone."""
    proc = Path("/proc") / str(pid)
    try:
        return f"SITE_DIR={home}".encode() in (proc / "environ").read_bytes().split(b"\0") or (proc / "cwd").readlink() == home
    except OSError:
        return False


def reap_leftovers(program: Program) -> bool:
    """End what an earlier run left behind when it was killed itself; whether there was anything."""
    try:
        group = int(program.pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return False
    found = any(belongs_to(pid, program.home) for pid in group_members(group))
    if found:
        end_group(group, grace=program.grace)
    program.pid_file.unlink(missing_ok=True)
    return found


class Child:
    """A running program under supervision. ``report`` gets a line for people whenever it dies unexpectedly."""

    def __init__(self, program: Program, report: Callable[[str], None]) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self._report = report
        self._wanted = threading.Event()
        self._wake = threading.Event()
        self._spawned = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it and keep it running; returns when the process exists."""
        self._wanted.set()
        self._wake.clear()
        self._spawned.clear()
        self._watcher = threading.Thread(target=self._watch, name=self.program.name, daemon=True)
        self._watcher.start()
        self._spawned.wait(timeout=10)

    def stop(self) -> None:
        """Ask it to finish, insist after the grace period; returns when the whole group is gone."""
        self._wanted.clear()
        self._wake.set()
        if self.process is not None:
            if self.running:
                self.process.terminate()
                try:
                    self.process.wait(self.program.grace)
                except subprocess.TimeoutExpired:
                    self._report(f"{self.program.name} did not stop within {self.program.grace:.0f} s and was ended")
            end_group(self.process.pid)
        if self._watcher is not None:
            self._watcher.join(timeout=10)
        self.program.pid_file.unlink(missing_ok=True)

    def kill(self, *, hold: bool = False) -> None:
        """kill -9 of the whole group, as a crash would; it comes back unless ``hold``."""
        if hold:
            self._wanted.clear()
            self._wake.set()
        if self.process is not None:
            end_group(self.process.pid)
            self.process.wait()
        if hold and self._watcher is not None:
            self._watcher.join(timeout=10)

    def _watch(self) -> None:
        pause = FIRST_PAUSE
        while self._wanted.is_set():
            started = time.monotonic()
            process = self._spawn()
            self._spawned.set()
            code = process.wait()
            # A dead master's workers would keep its port and its locks.
            end_group(process.pid)
            if not self._wanted.is_set():
                return
            self.deaths += 1
            pause = FIRST_PAUSE if time.monotonic() - started > STEADY_AFTER else min(pause * 2, LONGEST_PAUSE)
            self._report(f"{self.program.name} ended with code {code}; starting again in {pause:.0f} s ({self.program.log})")
            self._wake.wait(pause)

    def _spawn(self) -> subprocess.Popen[bytes]:
        program = self.program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        program.pid_file.parent.mkdir(parents=True, exist_ok=True)
        if program.log.exists() and program.log.stat().st_size > LARGEST_LOG:
            program.log.replace(program.log.with_suffix(".1.log"))
        with program.log.open("ab") as log:
            self.process = subprocess.Popen(
                program.command,
                cwd=program.home if program.name == "valkey" else ROOT,
                env=program.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        program.pid_file.write_text(str(self.process.pid))
        return self.process
