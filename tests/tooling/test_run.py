"""Running: ports, environments that keep the sites apart, supervision, and a demo that stays on this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.places import PYTHON, ROOT
from deploy.local.sites import HOST, Ports, StartError, programs, site_environment
from deploy.local.supervisor import Child, Program, end_group, group_members, reap_leftovers
from deploy.loopback import refuse_demo_elsewhere

# A program with a child of its own, as gunicorn and celery have.
PARENT = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"


def until(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program("portal-web", tmp_path, [sys.executable, "-c", PARENT], {"SITE_DIR": str(tmp_path)}, grace=2.0)


@pytest.fixture
def child(program: Program) -> Iterator[Child]:
    child = Child(program, lambda line: None)
    yield child
    child.stop()


def test_ports_follow_each_other() -> None:
    assert Ports.from_environment({}) == Ports(8000, 8001, 8100, 8101)
    assert Ports.from_environment({"PORTAL_PORT": "9000", "OFFICE_PORT": "9100"}) == Ports(9000, 9001, 9100, 9101)
    assert Ports.from_environment({"PORTAL_PORT": "9000", "EXCHANGE_PORT": "7000"}).exchange == 7000


@pytest.mark.parametrize("value", ["x", "0", "65536", "-1", "8000.5"])
def test_no_port_number_is_said_plainly(value: str) -> None:
    with pytest.raises(StartError, match="PORTAL_PORT"):
        Ports.from_environment({"PORTAL_PORT": value})


def test_a_busy_port_is_named_with_its_variable() -> None:
    ports = Ports.free()
    with socket.socket() as busy:
        busy.bind((HOST, ports.office))
        busy.listen()
        with pytest.raises(StartError, match=rf"Port {ports.office} is busy \(OFFICE_PORT\)"):
            ports.check()
    ports.check()


def test_a_port_wanted_twice_is_said_plainly() -> None:
    with pytest.raises(StartError, match="wanted twice"):
        Ports(8000, 8001, 8000, 8101).check()


def test_no_site_is_told_of_the_other(tmp_path: Path) -> None:
    environ = {
        "PORTAL_DATABASE_URL": "postgres://outside",
        "OFFICE_DATABASE_URL": "postgres://inside",
        "OFFICE_ELASTICSEARCH_URL": "http://inside",
        "DEMO_PASSWORD": "secret-word",
        "SECRET_KEY": "of-the-shell",
    }
    outside = site_environment("portal", tmp_path / "portal", Ports(), environ)
    inside = site_environment("office", tmp_path / "office", Ports(), environ)
    assert outside["DATABASE_URL"] == "postgres://outside"
    assert "inside" not in str(outside)
    assert str(tmp_path / "office") not in str(outside)
    assert "outside" not in str(inside)
    assert str(tmp_path / "portal") not in str(inside)
    for environment in (outside, inside):
        assert environment["DEMO"] == "1"
        assert "secret-word" not in environment.values()
        assert "SECRET_KEY" not in environment
    assert outside["BROKER_URL"] != inside["BROKER_URL"]


def test_everything_listens_on_this_machine_alone(tmp_path: Path) -> None:
    for program in programs(tmp_path, Ports(), {}):
        assert "0.0.0.0" not in " ".join(program.command)
        if program.name in ("portal-web", "portal-exchange", "office-web", "valkey"):
            assert HOST in " ".join(program.command)


def test_the_pages_alone_are_told_the_demo_password(tmp_path):
    told = [
        program.name
        for program in programs(tmp_path, Ports(), {}, demo_password="secret-word")
        if "secret-word" in program.environment.values()
    ]
    assert told == ["portal-web", "office-web"]


def test_own_brokers_need_no_valkey(tmp_path: Path) -> None:
    environ = {"PORTAL_BROKER_URL": "redis://a", "OFFICE_BROKER_URL": "redis://b"}
    assert "valkey" not in {program.name for program in programs(tmp_path, Ports(), environ)}


def test_a_dead_program_starts_again_without_its_old_children(child: Child) -> None:
    child.start()
    first = child.process
    assert first is not None
    assert until(lambda: len(group_members(first.pid)) == 2)
    os.kill(first.pid, signal.SIGKILL)
    assert until(lambda: child.process is not first and child.running)
    assert child.deaths == 1
    assert group_members(first.pid) == []


def test_a_held_program_stays_dead_until_it_is_started(child: Child) -> None:
    child.start()
    child.kill(hold=True)
    time.sleep(1)
    assert not child.running
    child.start()
    assert child.running


def test_stop_leaves_nothing(child: Child, program: Program) -> None:
    child.start()
    process = child.process
    assert process is not None
    assert until(lambda: len(group_members(process.pid)) == 2)
    child.stop()
    assert group_members(process.pid) == []
    assert not program.pid_file.exists()


def test_leftovers_of_a_killed_run_are_ended(program: Program) -> None:
    process = subprocess.Popen(program.command, env=program.environment, start_new_session=True)
    program.pid_file.parent.mkdir(parents=True)
    program.pid_file.write_text(str(process.pid))
    assert reap_leftovers(program)
    assert process.wait(5) is not None
    assert not reap_leftovers(program)


def test_a_pid_that_somebody_else_has_now_is_left_alone(program: Program) -> None:
    process = subprocess.Popen(program.command, env={"SITE_DIR": "/elsewhere"}, start_new_session=True)
    try:
        program.pid_file.parent.mkdir(parents=True)
        program.pid_file.write_text(str(process.pid))
        assert not reap_leftovers(program)
        assert process.poll() is None
    finally:
        end_group(process.pid)
        process.wait()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.8.8.8"])
def test_a_demo_may_listen_here(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "1")
    refuse_demo_elsewhere(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "www.example.org"])
def test_a_demo_may_listen_nowhere_else(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "true")
    with pytest.raises(SystemExit, match=r"127\.0\.0\.1 only"):
        refuse_demo_elsewhere(host)
    monkeypatch.setenv("DEMO", "0")
    refuse_demo_elsewhere(host)


@pytest.mark.parametrize(
    "command",
    [
        [str(PYTHON), "-m", "gunicorn", "deploy.loopback:is_demo", "--config", "deploy/gunicorn.py", "--bind", "0.0.0.0:0"],
        [str(PYTHON), "-m", "deploy.asgi_server", "--host", "0.0.0.0", "--port", "0"],
    ],
    ids=["gunicorn", "uvicorn"],
)
def test_servers_refuse_a_demo_for_everybody(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "DEMO": "1"}, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert "A demo listens on 127.0.0.1 only" in done.stdout + done.stderr
