"""Set-up: steps run when their inputs have changed, versions are pinned, one command lists the others."""

import re
import subprocess
from pathlib import Path

import pytest

from deploy.local import setup, stamps
from deploy.local.places import ROOT


@pytest.fixture
def stamp_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "stamps"
    monkeypatch.setattr(stamps.is_fresh, "__kwdefaults__", {"folder": folder})
    monkeypatch.setattr(stamps.write, "__kwdefaults__", {"folder": folder})
    return folder


def test_a_step_runs_once_for_the_same_inputs(stamp_folder: Path, tmp_path: Path) -> None:
    done: list[int] = []
    made = tmp_path / "made"

    def action() -> None:
        done.append(1)
        made.touch()

    assert setup.step("s", "title", "inputs", action, made=(made,))
    assert not setup.step("s", "title", "inputs", action, made=(made,))
    assert setup.step("s", "title", "other inputs", action, made=(made,))
    made.unlink()
    assert setup.step("s", "title", "other inputs", action, made=(made,))
    assert len(done) == 3


def test_a_step_that_fails_is_not_stamped(stamp_folder: Path) -> None:
    with pytest.raises(setup.SetUpError, match="failed with code 3"):
        setup.step("s", "title", "inputs", lambda: setup.run(["sh", "-c", "exit 3"]))
    assert not stamps.is_fresh("s", "inputs", folder=stamp_folder)


def test_digest_sees_names_contents_and_words(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    a, b = tmp_path / "a", tmp_path / "b"
    digests = {
        stamps.digest([a], root=tmp_path),
        stamps.digest([b], root=tmp_path),
        stamps.digest([a, b], root=tmp_path),
        stamps.digest([a], "word", root=tmp_path),
    }
    a.write_text("changed")
    digests.add(stamps.digest([a], root=tmp_path))
    assert len(digests) == 5


def test_every_version_is_pinned() -> None:
    pins = dict(
        line.lower().replace("_", "-").split("==")
        for line in (ROOT / "deploy/constraints.txt").read_text().splitlines()
        if not line.startswith("#")
    )
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                package, version = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)", line).groups()  # type: ignore[union-attr]
                assert pins[package.lower().replace("_", "-")] == version, line


def test_no_lock_file_names_a_registry() -> None:
    assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", (ROOT / "package-lock.json").read_text())


def test_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split()  # type: ignore[union-attr]
    listing = subprocess.run(
        ["make", "-s", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[0] for line in listing.splitlines()] == [target for target in phony if target != "python"]


def test_an_old_python_is_said_plainly(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(["make", "setup", f"PYTHON={old}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stdout
