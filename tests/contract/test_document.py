"""docs/messages.md is what schemas, parties and handlers say."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from internal_bridge.exchange import handlers
from internal_bridge.exchange.keys import PARTY_TYPES
from internal_bridge.exchange.validation import SCHEMAS
from tests.contract.words import read

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "messages.md"
TITLES = {"portal": "Portal → office", "office": "Office → portal"}
OPENERS = {"recipient": "the office", "citizen": "the citizen"}
(PEER,) = set(PARTY_TYPES) - {settings.EXCHANGE_PARTY}


def rows(sender: str) -> dict[tuple[str, int], dict[str, str]]:
    """The table of what ``sender`` says, by type and version."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"## {TITLES[sender]}\n")[1].split("\n## ")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    head, _rule, *body = lines
    found = {}
    for cells in body:
        row = dict(zip(head, cells, strict=True))
        type, version = re.fullmatch(r"`([a-z_.]+)` v(\d+)", row["type"]).groups()  # type: ignore[union-attr]
        found[type, int(version)] = row
    return found


def members(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def expected(type: str, version: int) -> dict[str, str]:
    """The cells that the schemas decide."""
    schema, sealed = read(SCHEMAS / type / f"{version}.json"), SCHEMAS / type / f"{version}.sealed.json"
    inside = f"{OPENERS[schema['x-sealed-to']]}: {members(list(read(sealed)['properties']))}" if sealed.exists() else "–"
    return {
        "stream": f"`{schema['x-stream']}`",
        "plain": members([name for name in schema["properties"] if name != "sealed"]),
        "sealed to": inside,
    }


@pytest.mark.parametrize("sender", TITLES)
def test_the_table_names_every_message_and_what_it_holds(sender):
    said = rows(sender)

    assert [type for type, _version in said] == PARTY_TYPES[sender]
    for (type, version), row in said.items():
        decided = expected(type, version)
        assert {name: row[name] for name in decided} == decided, type
        assert row["effect"], type


def test_the_table_says_what_this_site_handles():
    said = {key for key, row in rows(PEER).items() if row["handled"] == "yes"}

    assert said == set(handlers._handlers)
    assert {row["handled"] for row in rows(PEER).values()} <= {"yes", "no"}


def test_the_document_explains_every_step_that_the_office_can_tell():
    section = DOCUMENT.read_text(encoding="utf-8").split("| event | said when |\n")[1].split("\n\n")[0]
    explained = [word for line in section.splitlines()[1:] for word in re.findall(r"`(\w+)`", line.split("|")[1])]

    assert sorted(explained) == sorted(read(SCHEMAS / "case.status" / "1.json")["properties"]["event"]["enum"])
