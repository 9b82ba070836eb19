"""The two logs: the database itself refuses to change or delete what stands in them, whoever asks, on either database."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from core.audit import record_audit
from core.events import record_event
from core.models import AuditRecord, DomainEvent

pytestmark = [pytest.mark.django_db, pytest.mark.db]

LOGS: list[type[models.Model]] = [DomainEvent, AuditRecord]


@pytest.fixture(params=LOGS, ids=lambda model: model.__name__)
def log(request: pytest.FixtureRequest) -> Any:
    """One of the logs, with a row."""
    record_event(subject="case:1", name="registered", at=timezone.now())
    record_audit(action="case.read", subject="case:1", actor=None, login="nobody")
    return request.param


def _raw(statement: str) -> Callable[[Any], None]:
    def run(model: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=model._meta.db_table))

    return run


def _save(model: Any) -> None:
    row = model.objects.get()
    row.subject = "case:2"
    row.save()


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda model: model.objects.update(subject="case:2"), id="update"),
        pytest.param(_save, id="save"),
        pytest.param(lambda model: model.objects.all().delete(), id="delete"),
        pytest.param(lambda model: model.objects.get().delete(), id="delete one"),
        pytest.param(_raw("UPDATE {table} SET leaf_hash = leaf_hash"), id="raw update"),
        pytest.param(_raw("DELETE FROM {table}"), id="raw delete"),
    ],
)
def test_a_row_cannot_be_changed_or_deleted(log, attempt):
    before = log.objects.values().get()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        attempt(log)

    assert log.objects.values().get() == before


def test_a_table_cannot_be_emptied(log):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with connection.cursor() as cursor:
        # What is deferred must be settled before.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        _raw("TRUNCATE {table} CASCADE")(log)

    assert log.objects.count() == 1


def test_a_row_is_not_replaced_by_one_of_the_same_key(log):
    row = log.objects.values().get()

    with pytest.raises(IntegrityError), transaction.atomic():
        log.objects.create(**{**row, "subject": "case:2"})
    if connection.vendor == "sqlite":
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            _raw("INSERT OR REPLACE INTO {table} SELECT * FROM {table}")(log)
    fields = {"update_conflicts": True, "unique_fields": ["id"], "update_fields": ["subject"]}
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        log.objects.bulk_create([log(**{**row, "subject": "case:2"})], **fields)

    assert log.objects.values().get() == row


@pytest.mark.parametrize(("log", "writer"), [("DomainEvent", "events.py"), ("AuditRecord", "audit.py")])
def test_one_module_alone_writes_a_log(log, writer):
    root = Path(__file__).parents[2]
    sources = [
        path for package in ("core", "internal_bridge", "petitions", "portal") for path in (root / package).rglob("*.py")
    ]
    written = re.compile(rf"\b{log}\(|\b{log}\.objects\.(create|bulk_create|get_or_create|update_or_create)\b")

    writers = [path for path in sources if written.search(path.read_text("utf-8").replace(f"class {log}(", ""))]

    assert writers == [root / "core" / writer]
