"""A CSV file as lines, and what can be said of a line without knowing the directory."""

import csv
import dataclasses
import io
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.sheets import FORMULA_STARTS

BOOLEANS = {"true": True, "1": True, "yes": True, "是": True, "false": False, "0": False, "no": False, "否": False, "": False}

Progress = Callable[[int], None]


class UnreadableFile(ValueError):
    """The file cannot be read as lines at all; ``code`` is 'encoding', 'not_csv', 'columns' or 'empty'."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclasses.dataclass(frozen=True)
class LineError:
    """Why a line cannot be imported. ``reason`` is a code; the presenter puts it into words."""

    line: int
    column: str
    reason: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Line:
    """A line by its number in the file (the heading is 1), with its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclasses.dataclass
class Judgement:
    """What an import would do. A line with an error is in none of the counts."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[LineError] = dataclasses.field(default_factory=list)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark, or in GB 18030. Raises ``UnreadableFile``."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile("encoding")


def read_lines(text: str, columns: list[str]) -> tuple[list[Line], list[LineError]]:
    """The lines of a file whose heading names ``columns`` in any order, empty ones left out, and the errors of lines that have
    more or fewer cells than the heading.

    Raises ``UnreadableFile``.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise UnreadableFile("not_csv") from error
    if not rows:
        raise UnreadableFile("empty")
    heading = [cell.strip() for cell in rows[0]]
    missing, unknown = sorted(set(columns) - set(heading)), sorted(set(heading) - set(columns))
    if missing or unknown or len(set(heading)) != len(heading):
        raise UnreadableFile("columns", missing=missing, unknown=[name[:40] for name in unknown[:10]])
    lines, errors = [], []
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            errors.append(LineError(number, "", "cells", {"found": len(cells), "wanted": len(heading)}))
            continue
        lines.append(Line(number, dict(zip(heading, (_plain(cell) for cell in cells), strict=True))))
    return lines, errors


def _plain(cell: str) -> str:
    """A cell as it is meant: an export puts an apostrophe before what a spreadsheet would calculate."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


class Cells:
    """Checks of one line's cells, which collect errors."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.errors: list[LineError] = []

    def fail(self, column: str, reason: str, **params: Any) -> None:
        self.errors.append(LineError(self.line.number, column, reason, params))

    def need(self, *columns: str) -> None:
        for column in columns:
            if not self.line[column]:
                self.fail(column, "required")

    def limit(self, lengths: dict[str, int]) -> None:
        for column, longest in lengths.items():
            if len(self.line[column]) > longest:
                self.fail(column, "too_long", longest=longest)
            elif not self.line[column].isprintable():
                self.fail(column, "not_printable")

    def boolean(self, column: str) -> bool:
        value = BOOLEANS.get(self.line[column].lower())
        if value is None:
            self.fail(column, "not_boolean")
        return bool(value)

    def number(self, column: str, *, highest: int, default: int) -> int:
        text = self.line[column]
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= highest):
            self.fail(column, "not_number", highest=highest)
            return default
        return int(text)

    def email(self, column: str) -> None:
        if self.line[column]:
            try:
                validate_email(self.line[column])
            except ValidationError:
                self.fail(column, "not_email")


def counted(lines: Iterable[Line], progress: Progress | None, every: int = 200) -> Iterable[Line]:
    """The lines, with ``progress`` told after each two hundred how many are done."""
    done = 0
    for line in lines:
        yield line
        done += 1
        if progress and done % every == 0:
            progress(done)
    if progress:
        progress(done)
