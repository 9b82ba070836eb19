"""What a model learns from: past cases that other apps offer, and files of examples."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from core.enums import PetitionKind
from internal_bridge.routing.matching import Letter

__all__ = ["Example", "is_held_out", "past_examples", "read_examples", "register_examples"]

# (kind, title, body, place, unit code) of a case that was dispatched and not returned.
PastCase = tuple[str, str, str, str, str]
# One group of four is never learnt from when a model is evaluated.
HELD_OUT_OF = 4


class BadExamples(ValueError):
    """A line of a file of examples that cannot be read; the message names it."""


@dataclasses.dataclass(frozen=True)
class Example:
    """A letter and who was right for it; ``acceptable`` units would have been, too. ``group``: letters about one matter."""

    letter: Letter
    unit: str
    group: str
    acceptable: tuple[str, ...] = ()

    def is_right(self, code: str) -> bool:
        return code == self.unit or code in self.acceptable


_providers: dict[str, Callable[[], Iterable[PastCase]]] = {}


def register_examples(name: str, provider: Callable[[], Iterable[PastCase]]) -> None:
    """Let training learn from the past cases that ``provider`` gives, the latest first. Called once, when an app is ready."""
    _providers[name] = provider


def past_examples(*, most: int) -> list[Example]:
    """What the providers offer, ``most`` of each."""
    found = []
    for name, provider in sorted(_providers.items()):
        for number, (kind, title, body, place, unit) in enumerate(provider()):
            if number >= most:
                break
            found.append(Example(Letter(kind, title, body, place), unit, f"{name}:{number}"))
    return found


def read_examples(path: Path) -> list[Example]:
    """The examples of a JSON-lines file: id, kind, title, body, lead, and perhaps place, acceptable, same_as, repeat_of.

    A letter that tells of the same matter as another (``same_as``, ``repeat_of``) is of its group. Raises ``BadExamples``.
    """
    return list(_read(path))


def _read(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                kind = PetitionKind(row["kind"])
                letter = Letter(kind.value, row["title"], row["body"], row.get("place") or "")
                group = row.get("same_as") or row.get("repeat_of") or row["id"]
                yield Example(letter, row["lead"], group, tuple(row.get("acceptable") or ()))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise BadExamples(f"{path.name}:{number}: {error!r}") from error


def is_held_out(example: Example) -> bool:
    """Whether the example is of the part that is kept for evaluation: always the same groups, whatever else the file holds."""
    digest = hashlib.sha256(example.group.encode()).digest()
    return int.from_bytes(digest, "big") % HELD_OUT_OF == 0
