"""Rules of the demo city, written from its units' duties, and a first model, so that suggestions work out of the box."""

import csv
from pathlib import Path
from typing import Any

from django.db import transaction

from core.audit import record_audit
from internal_bridge.org.services import all_units
from internal_bridge.routing.examples import read_examples
from internal_bridge.routing.models import RoutingModel, RoutingRule
from internal_bridge.routing.services import draft_rule, train_model

__all__ = ["seed_routing"]

DEMO = Path(__file__).parent / "demo"
EXAMPLES = DEMO / "examples.jsonl"


def seed_routing() -> None:
    """The demo's rules and its first model. Safe to repeat: what is there stays as somebody left it."""
    if not RoutingRule.objects.exists():
        seed_rules()
    if not RoutingModel.objects.exists():
        train_model(by=None, examples=read_examples(EXAMPLES))


def seed_rules() -> None:
    """The rules of ``demo/rules.csv`` whose units are there."""
    known = set(all_units().open().filter(accepts_petitions=True).values_list("code", flat=True))
    with (DEMO / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit"] in known]
    rules = [_draft(row) for row in rows]
    with transaction.atomic():
        RoutingRule.objects.bulk_create(rules)
        record_audit(action="routing.rule_created", subject="", actor=None, params={"kind": "demo", "total": len(rules)})


def _draft(row: dict[str, Any]) -> RoutingRule:
    return draft_rule(**{**row, "kinds": row["kinds"].split(), "weight": float(row["weight"])})
