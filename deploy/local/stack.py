"""Both sites as one thing to start and stop, for ``make run`` and for tests that need them running.

>>> with Stack(tmp_path, ports=Ports.free()) as stack:
...     stack.start()
...     stack.kill("portal-worker")
"""

import fcntl
import http.client
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import IO, Self

from deploy.local.first_start import Preparation
from deploy.local.sites import HOST, Ports, StartError, programs
from deploy.local.supervisor import Child, reap_leftovers

# A program that died this often while the sites were coming up will not come up.
HOPELESS = 4
ERROR = re.compile(r"\b(ERROR|CRITICAL)\b")


def show(line: str) -> None:
    print(line, flush=True)


class Stack:
    """Both sites on this machine's own address, with Valkey, relay and workers.

    ``data_dir`` holds everything that outlives a stop: one folder per site, and Valkey's. ``environ`` is where PORTAL_… and
    OFFICE_… variables are looked up; ``say`` takes lines for people.
    """

    def __init__(
        self,
        data_dir: Path,
        ports: Ports | None = None,
        *,
        password: str = "zhengqiao-demo",
        environ: Mapping[str, str] | None = None,
        say: Callable[[str], None] = show,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.ports = ports or Ports()
        self.environ = os.environ if environ is None else environ
        self.say = say
        self.children: dict[str, Child] = {}
        self.preparation = Preparation(self.data_dir, self.ports, password=password, environ=self.environ, say=say)
        self._lock: IO[str] | None = None
        self._stopped = threading.Event()

    def start(self, *, timeout: float = 90.0) -> None:
        """Prepare what is not prepared yet, start everything, return when both sites are ready. Raises StartError."""
        self._take_lock()
        wanted = programs(self.data_dir, self.ports, self.environ, demo_password=self.preparation.password)
        with ThreadPoolExecutor(len(wanted)) as pool:
            left = [program.name for program, found in zip(wanted, pool.map(reap_leftovers, wanted), strict=True) if found]
        if left:
            self.say(f"left over from an earlier run, and ended: {', '.join(left)}")
        self.ports.check()
        self.preparation.prepare()
        self._stopped.clear()
        self.children = {program.name: Child(program, self.say) for program in wanted}
        for child in self.children.values():
            child.start()
        threading.Thread(target=self._show_errors, name="errors", daemon=True).start()
        self.wait_ready(timeout=timeout)
        self.preparation.finish()

    def stop(self) -> None:
        """Stop everything, the sites before the broker; returns when no process is left."""
        self._stopped.set()
        self.preparation.cancel()
        others = [child for name, child in self.children.items() if name != "valkey"]
        threads = [threading.Thread(target=child.stop) for child in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if "valkey" in self.children:
            self.children["valkey"].stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def process(self, name: str) -> Popen[bytes]:
        """The running process of a program: portal-web, portal-exchange, portal-worker, office-web, …, valkey."""
        process = self.children[name].process
        if process is None:
            raise StartError(f"{name} is not running")
        return process

    def kill(self, name: str, *, hold: bool = False) -> None:
        """kill -9, as a crash would; the supervisor starts it again unless ``hold`` (then ``restart`` does)."""
        self.children[name].kill(hold=hold)

    def restart(self, name: str, **environment: str) -> None:
        """Stop a program and start it again; further variables stay until the next restart."""
        child = self.children[name]
        child.stop()
        if environment:
            program = replace(child.program, environment={**child.program.environment, **environment})
            child = self.children[name] = Child(program, self.say)
        child.start()

    def url(self, site: str) -> str:
        """The address of ``portal``, ``office`` or ``exchange``."""
        return self.ports.site(site)

    def wait_ready(self, *, timeout: float = 60.0, sites: tuple[str, ...] = ("portal", "office", "exchange")) -> None:
        """Return when the sites say that they are ready. Raises StartError with what their logs end in."""
        until = time.monotonic() + timeout
        waiting = dict.fromkeys(sites, "does not answer")
        while waiting:
            for site in list(waiting):
                status, body = self._ask(site)
                if status == 200:
                    del waiting[site]
                else:
                    waiting[site] = f"{status} {body}" if status else "does not answer"
            hopeless = [child for child in self.children.values() if child.deaths >= HOPELESS]
            if hopeless or (waiting and time.monotonic() > until):
                what = "; ".join(f"{site}: {state}" for site, state in waiting.items())
                raise StartError(f"Not ready: {what}\n{self._last_words(hopeless or list(self.children.values()))}")
            if waiting:
                time.sleep(0.2)

    def _ask(self, site: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, getattr(self.ports, site), timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status, answer.read(2000).decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def _last_words(self, children: list[Child]) -> str:
        words = []
        for child in children:
            log = child.program.log
            if log.exists():
                lines = log.read_text(errors="replace").splitlines()[-12:]
                words.append(f"--- {child.program.name} ({log})\n" + "\n".join(lines))
        return "\n".join(words)

    def _take_lock(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        lock = (self.data_dir / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise StartError(
                f"The sites are already running on {self.data_dir}. Stop that run, or give this one a DATA_DIR of its own."
            ) from None
        self._lock = lock

    def _show_errors(self) -> None:
        """Repeat on the console what the programs log as an error."""
        positions = {
            name: child.program.log.stat().st_size if child.program.log.exists() else 0 for name, child in self.children.items()
        }
        while not self._stopped.wait(0.5):
            for name, child in self.children.items():
                try:
                    with child.program.log.open("rb") as log:
                        log.seek(positions[name] if positions[name] <= child.program.log.stat().st_size else 0)
                        lines = log.read().decode(errors="replace").splitlines()
                        positions[name] = log.tell()
                except FileNotFoundError:
                    continue
                for line in lines:
                    # That a site is not ready yet is what start() waits for, no error.
                    if ERROR.search(line) and not line.endswith("/readyz"):
                        self.say(f"{name}: {line}")
