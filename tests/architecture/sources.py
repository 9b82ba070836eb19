"""Our source code as data: packages, modules, strings. Everything takes the root of a tree, so that planted trees work too."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = ("config", "core", "portal", "petitions", "surveys", "search", "internal_bridge")
TEMPLATE_URL = re.compile(r"\{%-?\s*url\s+[\"']([^\"']+)[\"']")


@dataclass(frozen=True)
class Source:
    """A Python module or a template, and the package that it belongs to."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def package(self) -> str:
        """``petitions``, ``internal_bridge.casework`` …"""
        parts = self.path.relative_to(self.root).parts
        if parts[0] == "internal_bridge" and len(parts) > 2:
            return ".".join(parts[:2])
        return parts[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    def strings(self) -> Iterator[tuple[int, str]]:
        """Every string that the code uses, with its line; docstrings are prose and left out."""
        prose = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                yield node.lineno, node.value

    def template_urls(self) -> Iterator[tuple[int, str]]:
        """The names in a template's ``{% url %}`` tags."""
        for match in TEMPLATE_URL.finditer(self.text):
            yield self.text.count("\n", 0, match.start()) + 1, match.group(1)


def modules(root: Path) -> Iterator[Source]:
    """Our Python modules, migrations left out: they say what was, and name what they must."""
    for top in TOP_LEVEL:
        for path in sorted((root / top).rglob("*.py")):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield Source(root, path)


def templates(root: Path) -> Iterator[Source]:
    """Our templates."""
    for top in TOP_LEVEL:
        for path in sorted((root / top).rglob("templates/**/*")):
            if path.is_file():
                yield Source(root, path)
