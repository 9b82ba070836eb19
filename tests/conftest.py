"""Which tests are collected: a site's own under its settings, those of no site without any. And a Valkey for who asks."""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Start processes or read source code; they need no site in their own process.
NEUTRAL = {"architecture", "tooling", "e2e", "faults", "bench"}
COMMON = {"core", "exchange", "search", "contract"}
OF_SITE = {
    "tests.settings_portal": COMMON | {"portal", "petitions", "surveys"},
    "tests.settings_office": COMMON
    | {"auditing", "casework", "desk", "isolation", "org", "policies", "routing", "security", "workflow"},
}

HERE = Path(__file__).parent
wanted = OF_SITE.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""), NEUTRAL)
collect_ignore = [path.name for path in HERE.iterdir() if path.is_dir() and path.name not in wanted]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The test database is there already: a copy of the template."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let this worker's database be a copy of one that was migrated for all."""
    from django.test import TransactionTestCase

    from tests.template_database import provide, start_afresh

    provide(os.environ["DJANGO_SETTINGS_MODULE"].rpartition("_")[2])
    # What a test commits goes with its database: ``flush`` would be refused by the append-only tables.
    TransactionTestCase._fixture_teardown = lambda self: start_afresh()


@pytest.fixture(autouse=True)
def days_as_announced(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whoever counts days without a database counts them as announced: the city's calendar is kept in one."""
    from core.workdays import in_force

    kept = in_force._sources[:]
    if request.node.get_closest_marker("django_db") is None and not {"db", "transactional_db"} & set(request.fixturenames):
        in_force.set_source(None)
    yield
    in_force._sources[:] = kept


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real Valkey for what is counted in it, one for each worker."""
    from deploy.local.services import broker

    with broker() as url:
        yield url


@pytest.fixture
def valkey(valkey_url: str, settings: Any) -> Any:
    """The client of an empty Valkey, in which throttling counts."""
    import redis

    client = redis.Redis.from_url(valkey_url)
    client.flushall()
    settings.THROTTLE_URL = valkey_url
    return client


@pytest.fixture
def reached(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a sentence with the figures that a test reached; all of them are printed at the end, from all workers."""
    return lambda sentence: record_property("reached", sentence)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the tests reached, where they counted."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    sentences = [
        text for report in reports if report.when == "call" for name, text in report.user_properties if name == "reached"
    ]
    if sentences:
        terminalreporter.section("reached")
        for sentence in sentences:
            terminalreporter.write_line(sentence)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of both sites after a first start, to be copied: what takes half a minute is done once for all workers."""
    from deploy.local.sites import Ports
    from deploy.local.stack import Stack

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    data = shared / "prepared"
    with (shared / "prepared.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            with Stack(shared / "preparing", Ports.free()) as stack:
                stack.start()
            (shared / "preparing").rename(data)
    return data
