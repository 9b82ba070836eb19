"""The demo city's units and rules as rows, without a bridge."""

import csv
from pathlib import Path

from internal_bridge.org import seeds as directory
from internal_bridge.org.models import Unit
from internal_bridge.routing import seeds
from internal_bridge.routing.examples import Example, read_examples
from tests.org.town import SINCE

PETITIONS = Path(__file__).parents[1] / "data" / "petitions.jsonl"


def make_demo_units() -> None:
    with (directory.DEMO / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made: dict[str, Unit] = {}
    for position, row in enumerate(rows):
        parent = made.get(row["parent"])
        made[row["code"]] = Unit(
            code=row["code"], name=row["name"], short_name=row["short_name"], kind=row["kind"], duties=row["duties"],
            accepts_petitions=row["accepts_petitions"] == "true", position=position, valid_from=SINCE,
            path=f"{parent.path if parent else ''}{row['code']}/",
        )  # fmt: skip
    Unit.objects.bulk_create(made.values())


def make_demo_rules() -> None:
    seeds.seed_rules()


def petitions() -> list[Example]:
    return read_examples(PETITIONS)
