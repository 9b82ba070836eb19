"""The bridge's words as tests read them: schema files, a good example of each type, and ways to spoil one."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.vault import citizen_key, seal
from internal_bridge.exchange.validation import SCHEMAS

EXAMPLES = Path(__file__).with_name("examples")
STORIES = Path(__file__).with_name("stories")
SEALED = ".sealed"

# What everybody may read is codes and dates, save in these: they name units or carry text that is or will be public.
PUBLIC_TEXT = {
    "reply.published",
    "reply.revised",
    "directory.unit_changed",
    "directory.unit_closed",
    "editor.granted",
    "publication.submitted",
    "publication.withdrawn",
    "publication.state",
    "statistics.daily",
}
# What must fit nowhere else: a unit's code and name, a person, a phone number, a title, a login.
NAMES = ["gaj", "公安局", "韦国强", "13700003518", "江滨路工地半夜三点还在打桩", "handler.gaj"]

Place = tuple[str | int, ...]


def schema_files() -> list[Path]:
    return sorted(SCHEMAS.rglob("*.json"))


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def versions() -> list[tuple[str, int]]:
    """Every type with its version."""
    return [(path.parent.name, int(path.stem)) for path in schema_files() if path.stem.isdigit()]


def kinds_of(schema: dict[str, Any]) -> set[str]:
    """The JSON types that a schema lets through."""
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def parts(schema: dict[str, Any], place: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every schema inside a schema, with its place; ``0`` stands for an array's items."""
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from parts(inner, (*place, name))
    if "items" in schema:
        yield from parts(schema["items"], (*place, 0))


def example(type: str, version: int) -> dict[str, Any]:
    """The committed example: ``stream``, ``data`` and, where something is sealed, its content as ``sealed``."""
    return read(EXAMPLES / f"{type}.v{version}.json")


def story(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Messages that belong together, type and data in their order: what one site's tests send, the other's take."""
    return [(told["type"], told["data"]) for told in read(STORIES / f"{name}.json")]


def example_data(type: str, version: int) -> dict[str, Any]:
    """The example's data as it crosses, with what is sealed sealed to a receipt code."""
    found = example(type, version)
    if "sealed" not in found:
        return found["data"]
    key = citizen_key("0123-4567-89AB-CDEF-GHJK", number="20261113-304817-2")
    box = seal(found["sealed"], public_key=key.public, kid="citizen-0123456789abcdef", info=b"contract")
    return found["data"] | {"sealed": box.as_json()}


def at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def spoil(value: dict[str, Any], place: Place, new: Any) -> dict[str, Any]:
    """A copy with ``new`` in one place."""
    if not place:
        return new
    spoiled = copy.deepcopy(value)
    at(spoiled, place[:-1])[place[-1]] = new
    return spoiled


def mutations(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every way in which ``value``, which fits, can be made to break one rule of ``schema``: what was done, and the result."""
    for place, inner in parts(schema):
        found = at(value, place)
        for what, new in _broken(inner, found):
            yield f"{'/'.join(map(str, place)) or 'data'}: {what}", spoil(value, place, new)


def _broken(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    kinds = kinds_of(schema)
    yield "of another type", 3 if "string" in kinds or "enum" in schema else "文字"
    if "null" not in kinds:
        yield "null", None
    if "enum" in schema:
        yield "another word", "planted"
        yield "a word with a line break", f"{value}\n"
    elif "string" in kinds:
        yield from _broken_text(schema, value)
    elif "integer" in kinds:
        yield "too small", schema["minimum"] - 1
        yield "too large", schema["maximum"] + 1
        yield "a fraction", 1.5
        yield "a truth value", True
    elif "array" in kinds:
        yield "too many", [value[0]] * (schema["maxItems"] + 1)
        if schema.get("uniqueItems"):
            yield "one twice", [value[0], value[0]]
    elif "object" in kinds:
        yield from _broken_object(schema, value)


def _broken_text(schema: dict[str, Any], value: str) -> Iterator[tuple[str, Any]]:
    if "maxLength" in schema:
        yield "too long", "x" * (schema["maxLength"] + 1)
    if schema.get("minLength"):
        yield "too short", "x" * (schema["minLength"] - 1)
    if {"pattern", "format"} & set(schema):
        yield "free text", "桂园街的工地"
        yield "with a line break", f"{value}\n"
        yield "with a space before", f" {value}"


def _broken_object(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in schema.get("required", []):
        yield f"without {name}", {key: inner for key, inner in value.items() if key != name}
    for name in ("unit", "unit_code", "text", "韦国强"):
        if name not in schema["properties"]:
            yield f"with {name}", value | {name: "gaj"}
