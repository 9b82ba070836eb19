"""The words of the bridge: JSON Schemas that let through what they name and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from core.enums import PetitionKind, PetitionStatus
from core.identifiers import PORTAL_FIRST_DIGITS
from internal_bridge.exchange import handlers
from internal_bridge.exchange.errors import PermanentError
from internal_bridge.exchange.keys import PARTY_TYPES
from internal_bridge.exchange.validation import FORMATS, SCHEMAS, validate_data

FILES = sorted(SCHEMAS.rglob("*.json"))
DIALECT = "https://json-schema.org/draft/2020-12/schema"
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SCHEMAS).as_posix())


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def parts(schema: Any, place: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema, with its place."""
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from parts(inner, f"{place}/{name}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from parts(schema[keyword], f"{place}/{keyword}")


def types(schema: dict[str, Any]) -> set[str]:
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


@each
def test_a_schema_is_valid_and_says_what_it_is(path):
    schema = read(path)

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["title"].startswith(f"{path.parent.name} v{path.name.split('.')[0]}")
    assert "sealed part" in schema["title"] if ".sealed." in path.name else "sealed part" not in schema["title"]


@each
def test_every_object_is_closed(path):
    """Named members only; where names are free, values are codes and numbers, never text."""
    for place, schema in parts(read(path)):
        if "object" not in types(schema):
            continue
        others = schema["additionalProperties"]
        if others is False:
            assert set(schema.get("required", [])) <= set(schema["properties"]), place
        else:
            assert types(others) <= {"integer", "boolean", "null"}, place
            assert schema["maxProperties"] <= 10, place


@each
def test_everything_is_bounded(path):
    for place, schema in parts(read(path)):
        if "string" in types(schema):
            bounded = {"maxLength", "enum", "format"} & set(schema) or schema.get("pattern", "").endswith("$")
            assert bounded, place
        if "array" in types(schema):
            assert "maxItems" in schema, place


@each
def test_what_is_said_in_clear_is_codes_dates_and_seals(path):
    """Free text may stand in a sealed part only."""
    if ".sealed." in path.name:
        return
    for place, schema in parts(read(path)):
        if "string" in types(schema):
            assert {"enum", "format", "pattern"} & set(schema), place


def test_every_type_has_one_party_that_may_send_it():
    may_send = [type for types in PARTY_TYPES.values() for type in types]

    assert sorted(may_send) == sorted({path.parent.name for path in FILES})


def test_this_site_handles_all_that_its_peer_may_send():
    (peer,) = set(PARTY_TYPES) - {settings.EXCHANGE_PARTY}
    versions = {(path.parent.name, int(path.name.split(".")[0])) for path in FILES}

    assert set(handlers._handlers) == {(type, version) for type, version in versions if type in PARTY_TYPES[peer]}


@pytest.mark.parametrize(
    ("file", "member", "words"),
    [
        ("petition.submitted/1.json", "kind", PetitionKind.values),
        ("case.status/1.json", "status", PetitionStatus.values),
    ],
)
def test_the_bridge_knows_the_words_that_both_sites_know(file, member, words):
    assert read(SCHEMAS / file)["properties"][member]["enum"] == words


def test_a_number_from_the_portal_begins_as_the_portal_draws_it():
    pattern = read(SCHEMAS / "petition.submitted/1.json")["properties"]["number"]["pattern"]

    assert f"[{PORTAL_FIRST_DIGITS[0]}-{PORTAL_FIRST_DIGITS[-1]}]" in pattern


@pytest.mark.parametrize("moment", ["2026-11-03T08:00:00+00:00", "2026-11-03T16:00:00.123456+08:00", "2026-11-03T08:00:00Z"])
def test_a_moment_with_its_zone_fits(moment):
    assert FORMATS.conforms(moment, "date-time")


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-03", "2026-11-03T08:00:00", "2026-13-03T08:00:00Z"])
def test_what_is_no_moment_with_a_zone_does_not_fit(moment):
    assert not FORMATS.conforms(moment, "date-time")


def test_a_refusal_does_not_quote_what_it_refuses():
    with pytest.raises(PermanentError) as refusal:
        validate_data("case.status", 1, {"status": "planted"})

    assert "planted" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
