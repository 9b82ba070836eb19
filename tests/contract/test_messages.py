"""The words of the bridge: JSON Schemas that let through what they name and nothing else."""

import re

import pytest
from jsonschema import Draft202012Validator

from core.enums import PetitionKind, PetitionStatus
from core.identifiers import OFFICE_FIRST_DIGITS, PORTAL_FIRST_DIGITS
from internal_bridge.exchange.enums import ReceiptKind
from internal_bridge.exchange.envelopes import STREAM_PATTERN, TYPE_PREFIX, short_type
from internal_bridge.exchange.errors import PermanentError
from internal_bridge.exchange.keys import PARTY_TYPES
from internal_bridge.exchange.validation import SCHEMAS, types_sealed_to_parties, validate_data
from tests.contract.words import PUBLIC_TEXT, SEALED, example, kinds_of, parts, read, schema_files, versions

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES = schema_files()
STREAMS = {"case:{uid}", "reply:{uid}", "publication:{uid}", "directory", "stats", "checkpoint"}
# Each side witnesses the other's log.
SAID_BY_BOTH = {"checkpoint"}
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SCHEMAS).as_posix())


@each
def test_a_schema_is_valid_and_says_what_it_is(path):
    schema = read(path)

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert re.fullmatch(r"[0-9]+(\.sealed)?", path.stem)
    part = ", sealed part: " if SEALED in path.name else ": "
    assert schema["title"].startswith(f"{path.parent.name} v{path.name.split('.')[0]}{part}")
    assert short_type(f"{TYPE_PREFIX}{path.parent.name}.v1") == (path.parent.name, 1)


@each
def test_a_type_names_its_stream_and_who_opens_its_seal(path):
    schema = read(path)
    if SEALED in path.name:
        assert not {"x-stream", "x-sealed-to"} & set(schema)
        assert path.with_name(path.name.replace(SEALED, "")).exists()
        return
    assert schema["x-stream"] in STREAMS
    assert re.fullmatch(STREAM_PATTERN, schema["x-stream"].format(uid="019a2f3c-7d10-7a41-9c3e-5b0f6a1d2e01"))
    assert ("{uid}" in schema["x-stream"]) <= ("uid" in schema["properties"])
    seals = {"x-sealed-to" in schema, "sealed" in schema["properties"], path.with_name(f"{path.stem}.sealed.json").exists()}
    assert len(seals) == 1
    assert schema.get("x-sealed-to", "citizen") in {"recipient", "citizen"}


@each
def test_every_object_is_closed(path):
    """Named members only, all of them there; of ``params`` those that the code beside them needs."""
    for place, schema in parts(read(path)):
        if "object" not in kinds_of(schema):
            continue
        assert schema["additionalProperties"] is False, place
        if place[-1:] != ("params",):
            assert set(schema["required"]) == set(schema["properties"]), place


@each
def test_everything_is_bounded(path):
    for place, schema in parts(read(path)):
        assert "enum" in schema or kinds_of(schema), place
        if "string" in kinds_of(schema):
            assert {"maxLength", "format", "pattern"} & set(schema), place
        if "array" in kinds_of(schema):
            assert "maxItems" in schema, place
        if "integer" in kinds_of(schema):
            assert {"minimum", "maximum"} <= set(schema), place


@each
def test_patterns_are_anchored_and_bounded(path):
    """The validator matches whole values; an unbounded repetition needs a length beside it."""
    for place, schema in parts(read(path)):
        pattern = schema.get("pattern")
        if pattern is None:
            continue
        assert pattern.startswith("^"), place
        assert pattern.endswith("$"), place
        assert not re.search(r"[*+]", re.sub(r"\[[^]]*]", "", pattern)) or "maxLength" in schema, place


@each
def test_only_what_becomes_public_is_said_in_words(path):
    """Elsewhere a plain part holds codes, dates, keys, digests and seals, so it can name no unit, person or thing."""
    if SEALED in path.name or path.parent.name in PUBLIC_TEXT:
        return
    for place, schema in parts(read(path)):
        if "string" in kinds_of(schema):
            assert {"enum", "format", "pattern"} & set(schema), place
            assert "a-z0-9-" not in schema.get("pattern", ""), place


def test_nothing_about_a_case_is_public_text():
    assert not [type for type in PUBLIC_TEXT if type.startswith(("case.", "petition.", "rating."))]
    assert {type for type, _version in versions()} >= PUBLIC_TEXT


@pytest.mark.parametrize("type", ["reply.published", "reply.revised", "reply.withdrawn"])
def test_a_published_reply_cannot_be_traced_to_its_case(type):
    schema = read(SCHEMAS / type / "1.json")

    assert schema["x-stream"] == "reply:{uid}"
    names = {place[-1] for place, _schema in parts(schema) if place}
    assert not names & {"number", "case", "case_uid", "citizen_key", "token_hash", "answer"}
    assert not [place for place, inner in parts(schema) if inner.get("format") == "uuid" and place != ("uid",)]


def test_each_type_is_said_by_one_party_and_has_a_schema():
    said = [type for types in PARTY_TYPES.values() for type in types]

    assert {type for type in said if said.count(type) > 1} == SAID_BY_BOTH
    assert set(said) == {type for type, _version in versions()}
    assert all(len(types) == len(set(types)) for types in PARTY_TYPES.values())


def test_what_is_sealed_to_a_party_is_what_citizens_write():
    assert {type for type, _version in types_sealed_to_parties()} == {
        "petition.submitted",
        "petition.supplemented",
        "petition.withdrawal_requested",
        "petition.rated",
        "petition.review_requested",
    }


@each
def test_the_bridge_knows_the_words_that_both_sites_know(path):
    for place, schema in parts(read(path)):
        words = schema.get("enum", [])
        if place[-1:] == ("status",):
            assert words == PetitionStatus.values
        if place[-1:] == ("kind",) and set(words) & set(PetitionKind.values):
            assert words == PetitionKind.values
        assert not set(words) & set(ReceiptKind.values), "receipts are no messages"


@pytest.mark.parametrize(
    ("type", "digits"), [("petition.submitted", PORTAL_FIRST_DIGITS), ("case.opened", OFFICE_FIRST_DIGITS)]
)
def test_a_number_begins_as_the_site_draws_it_that_received_the_petition(type, digits):
    pattern = re.compile(read(SCHEMAS / type / "1.json")["properties"]["number"]["pattern"])

    assert [digit for digit in "0123456789" if pattern.fullmatch(f"20261113-{digit}04817-2")] == list(digits)


STATUS = example("case.status", 1)["data"]


@pytest.mark.parametrize("moment", ["2026-11-03T08:00:00+00:00", "2026-11-03T16:00:00.123456+08:00", "2026-11-03T08:00:00Z"])
def test_a_moment_with_its_zone_fits(moment):
    validate_data("case.status", 1, STATUS | {"at": moment})


@pytest.mark.parametrize(
    "moment",
    [
        *("", "yesterday", "2026-11-03", "2026-11-03T08:00:00", "2026-13-03T08:00:00Z", "2026-11-03T25:00:00Z"),
        *("2026-W45-2T08:00:00Z", "20261103T080000Z", "2026-11-03x08:00:00Z", "2026-11-03T08:00:00Z\n"),
    ],
)
def test_what_is_no_moment_with_a_zone_does_not_fit(moment):
    with pytest.raises(PermanentError):
        validate_data("case.status", 1, STATUS | {"at": moment})


def test_a_refusal_does_not_quote_what_it_refuses():
    with pytest.raises(PermanentError) as refusal:
        validate_data("case.status", 1, STATUS | {"status": "planted"})

    assert "planted" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
