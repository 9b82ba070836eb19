"""Set up a machine from nothing but Python: ``python3 -m deploy.local.setup [--tests]``.

Each step is stamped with a hash of what it reads, so that a start with nothing changed costs a fraction of a second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from deploy.local import stamps
from deploy.local.places import BUILD, PACKAGES, PYTHON, ROOT, SITES, VENV, build_environment, search_path, tool

OLDEST_PYTHON = (3, 11)
# Debian's names of what browser tests need.
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")


class SetUpError(Exception):
    """A step failed; the message says in plain words what to do."""


def run(command: list[str], *, environment: dict[str, str] | None = None) -> None:
    """Run a command in the repository; its output is shown only when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment or {**os.environ, "PATH": search_path()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise SetUpError(f"{done.stdout}\nThis command failed with code {done.returncode}: {' '.join(command)}")


def step(name: str, title: str, value: str, action: Callable[[], None], *, made: tuple[Path, ...] = ()) -> bool:
    """Do a step unless it was done with the same inputs and what it made is still there; whether it was done now."""
    if stamps.is_fresh(name, value) and all(path.exists() for path in made):
        return False
    print(f"  {title} …", flush=True)
    started = time.monotonic()
    action()
    stamps.write(name, value)
    print(f"  {title}: {time.monotonic() - started:.1f} s", flush=True)
    return True


def make_environment() -> None:
    """The virtual environment. Debian keeps the means to make one in a package of its own."""
    if PYTHON.exists():
        return
    try:
        import ensurepip  # noqa: F401  only asks whether it is there
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not install_debian_packages((package,)):
            raise SetUpError(f"This Python cannot make virtual environments. Install {package} and try again.") from None
    print("  virtual environment …", flush=True)
    run([sys.executable, "-m", "venv", str(VENV)], environment=dict(os.environ))


def install_requirements(*, tests: bool) -> None:
    """Python packages, pinned by deploy/constraints.txt. Those for tests include those that the sites run on."""
    inputs = stamps.files("requirements*.txt", "deploy/constraints.txt")
    value = stamps.digest(inputs, os.path.realpath(PYTHON))
    name = "requirements-dev" if tests else "requirements"
    if stamps.is_fresh("requirements-dev", value):
        return

    def install() -> None:
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*command, "-r", f"{name}.txt", "-c", "deploy/constraints.txt"])

    step(name, "Python packages", value, install)


def build_frontend() -> None:
    """npm packages by lock file, then Sass and scripts into build/static."""
    packages = stamps.digest(stamps.files("package.json", "package-lock.json", ".npmrc"))
    step("npm", "npm packages", packages, lambda: run([tool("npm"), "ci"]), made=(ROOT / "node_modules",))
    sources = stamps.files("portal/frontend/**/*", "internal_bridge/desk/frontend/**/*")
    outputs = tuple(BUILD / "static" / site for site in SITES)
    step(
        "frontend",
        "styles and scripts",
        stamps.digest(sources, packages),
        lambda: run([tool("npm"), "run", "build"]),
        made=outputs,
    )


def compile_catalogues() -> None:
    """Message catalogues: what the sites say in Chinese."""
    sources = stamps.files(*(f"{package}/**/locale/*/LC_MESSAGES/django.po" for package in PACKAGES))
    made = tuple(path.with_suffix(".mo") for path in sources)
    command = [str(PYTHON), "-m", "deploy.local.catalogues", "compile"]
    step("catalogues", "message catalogues", stamps.digest(sources), lambda: run(command), made=made)


def collect_static() -> None:
    """The files that WhiteNoise serves, each under a name that carries its hash."""

    def collect(site: str) -> None:
        shutil.rmtree(BUILD / "collected" / site, ignore_errors=True)
        run([str(PYTHON), "manage.py", site, "collectstatic", "--noinput"], environment=build_environment(site))

    def collect_both() -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(collect, SITES))

    inputs = stamps.files("build/static/**/*", "*/static/**/*", "internal_bridge/*/static/**/*", "config/settings/*.py")
    inputs += stamps.files("deploy/constraints.txt")
    made = tuple(BUILD / "collected" / site / "staticfiles.json" for site in SITES)
    step("collectstatic", "static files of both sites", stamps.digest(inputs), collect_both, made=made)


def install_debian_packages(packages: tuple[str, ...]) -> bool:
    """Install by apt-get where that is possible without asking; whether it was done."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    print(f"  Debian packages {' '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([apt, "update", "-q"], environment=environment)
    run([apt, "install", "-q", "-y", "--no-install-recommends", *packages], environment=environment)
    return True


def has_chinese_font() -> bool:
    """Whether the machine can draw Chinese; without, screenshots and measured layouts are wrong."""
    listing = shutil.which("fc-list")
    if listing:
        return bool(subprocess.run([listing, ":lang=zh"], stdout=subprocess.PIPE).stdout.strip())
    return any(Path("/usr/share/fonts").glob("**/*CJK*"))


def install_browser() -> None:
    """Chromium and a Chinese font for browser tests, or a plain word about what is missing."""
    missing = tuple(
        package
        for package, present in zip(BROWSER_PACKAGES, (bool(shutil.which("chromium")), has_chinese_font()), strict=True)
        if not present
    )
    if missing and not install_debian_packages(missing):
        raise SetUpError(
            f"The browser tests need {' and '.join(missing)}. On Debian, as root: apt-get install {' '.join(missing)}"
        )


def set_up(*, tests: bool) -> None:
    """All steps in order. ``tests`` adds what only tests and checks need. Raises SetUpError."""
    make_environment()
    install_requirements(tests=tests)
    build_frontend()
    compile_catalogues()
    collect_static()
    if tests:
        install_browser()


def fail(message: str) -> NoReturn:
    sys.exit(f"Set-up stopped. {message}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="also install what tests and checks need")
    options = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = (".".join(map(str, version[:2])) for version in (OLDEST_PYTHON, sys.version_info))
        fail(f"Python {wanted} or newer is needed, this is {found}. Install one, or name it: make PYTHON=python3.11 run")
    try:
        set_up(tests=options.tests)
    except SetUpError as error:
        fail(str(error))


if __name__ == "__main__":
    main()
