"""Run checks, some side by side, and tell in one table what they said and how long they took."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.places import ROOT


@dataclass(frozen=True)
class Command:
    """A check that is a command; it has passed when the command returns 0."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    folder: Path = ROOT
    quiet: bool = True

    def __call__(self) -> str:
        """What is wrong, nothing when all is well. A command that is not quiet speaks for itself as it runs."""
        done = subprocess.run(
            list(self.arguments),
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self.quiet else None,
            stderr=subprocess.STDOUT if self.quiet else None,
            text=True,
            errors="replace",
        )
        if not done.returncode:
            return ""
        return (done.stdout or "").strip() or f"ended with code {done.returncode}"


@dataclass(frozen=True)
class Check:
    """A check that is a function of ours; it returns what is wrong."""

    name: str
    function: Callable[[], Sequence[str]]

    def __call__(self) -> str:
        return "\n".join(self.function())


class Report:
    """What has been run: names, seconds, complaints."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, bool]] = []
        self._print = threading.Lock()

    @property
    def failed(self) -> list[str]:
        return [name for name, _seconds, passed in self.rows if not passed]

    def run(self, check: Command | Check) -> bool:
        """Run one check now and say what came of it; whether it passed."""
        started = time.monotonic()
        complaint = check()
        self.add(check.name, time.monotonic() - started, complaint)
        return not complaint

    def run_all(self, checks: Sequence[Command | Check], *, at_once: int) -> None:
        """Run checks side by side, the first of the list first."""
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(self.run, checks))

    def add(self, name: str, seconds: float, complaint: str = "") -> None:
        """Note the outcome of something, and print it with its complaint."""
        with self._print:
            self.rows.append((name, seconds, not complaint))
            print(f"  {'FAILED' if complaint else 'ok':8}{name:44}{seconds:7.1f} s", flush=True)
            if complaint:
                print("\n".join(f"      {line}" for line in complaint.splitlines()), flush=True)

    def conclude(self, title: str) -> int:
        """Print the last line; the exit code."""
        if self.failed:
            print(f"\n{title}: FAILED: {', '.join(self.failed)}", flush=True)
            return 1
        print(f"\n{title}: all passed", flush=True)
        return 0
