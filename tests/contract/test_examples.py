"""A good example of each type fits, and every way to break one rule of its schema is refused."""

import pytest

from internal_bridge.exchange.errors import PermanentError
from internal_bridge.exchange.validation import SCHEMAS, validate_data, validate_sealed
from tests.contract.words import (
    EXAMPLES,
    NAMES,
    PUBLIC_TEXT,
    at,
    example,
    example_data,
    kinds_of,
    mutations,
    parts,
    read,
    spoil,
    versions,
)

each = pytest.mark.parametrize(("type", "version"), versions(), ids=lambda value: str(value))


def has_seal(type: str, version: int) -> bool:
    return (SCHEMAS / type / f"{version}.sealed.json").exists()


def test_each_type_has_its_example_and_no_example_is_of_none():
    assert {path.name for path in EXAMPLES.iterdir()} == {f"{type}.v{version}.json" for type, version in versions()}


@each
def test_the_example_fits(type, version):
    validate_data(type, version, example_data(type, version))
    if has_seal(type, version):
        validate_sealed(type, version, example(type, version)["sealed"])


@each
def test_the_example_leaves_no_part_of_its_schema_out(type, version):
    """Otherwise breaking it would leave something untried."""
    for place, _schema in parts(read(SCHEMAS / type / f"{version}.json")):
        assert at(example_data(type, version), place) is not None, place
    if has_seal(type, version):
        for place, _schema in parts(read(SCHEMAS / type / f"{version}.sealed.json")):
            assert at(example(type, version)["sealed"], place) is not None, place


@each
def test_whatever_breaks_a_rule_is_refused(type, version):
    schema, data = read(SCHEMAS / type / f"{version}.json"), example_data(type, version)
    taken = [what for what, spoiled in mutations(schema, data) if fits(validate_data, type, version, spoiled)]
    assert not taken


@each
def test_whatever_breaks_a_rule_under_the_seal_is_refused(type, version):
    if not has_seal(type, version):
        pytest.skip("seals nothing")
    schema, content = read(SCHEMAS / type / f"{version}.sealed.json"), example(type, version)["sealed"]
    taken = [what for what, spoiled in mutations(schema, content) if fits(validate_sealed, type, version, spoiled)]
    assert not taken


@each
def test_no_plain_part_of_a_case_can_be_made_to_name_anything(type, version):
    """A unit's code or name, a person, a phone number, a title: there is no place that takes one."""
    if type in PUBLIC_TEXT or not type.startswith(("case.", "petition.", "rating.", "checkpoint", "reply.withdrawn")):
        pytest.skip("names what is public")
    data = example_data(type, version)
    taken = [
        (place, name)
        for place, schema in parts(read(SCHEMAS / type / f"{version}.json"))
        if "enum" in schema or "string" in kinds_of(schema)
        for name in NAMES
        if fits(validate_data, type, version, spoil(data, place, name))
    ]
    assert not taken


def fits(validate, type, version, value) -> bool:
    try:
        validate(type, version, value)
    except PermanentError:
        return False
    return True
