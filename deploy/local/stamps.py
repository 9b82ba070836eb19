"""A step runs again only when something that it reads has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from deploy.local.places import BUILD, ROOT

STAMPS = BUILD / "stamps"


def files(*patterns: str, root: Path = ROOT) -> list[Path]:
    """The files that the glob patterns find below ``root``, in a stable order; never anything that a tool made."""
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts and "node_modules" not in path.parts)


def digest(paths: Iterable[Path], *words: str, root: Path = ROOT) -> str:
    """A hash over names and contents of files, and over further words (a version, an address)."""
    hasher = hashlib.sha256()
    for word in words:
        hasher.update(b"word\0" + word.encode() + b"\0")
    for path in paths:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        hasher.update(b"file\0" + name.encode() + b"\0")
        hasher.update(hashlib.sha256(path.read_bytes()).digest())
    return hasher.hexdigest()


def is_fresh(name: str, value: str, *, folder: Path = STAMPS) -> bool:
    """Whether the step ``name`` was last done with exactly these inputs."""
    try:
        return (folder / name).read_text() == value
    except FileNotFoundError:
        return False


def write(name: str, value: str, *, folder: Path = STAMPS) -> None:
    """Remember that the step ``name`` is done with these inputs."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(value)
