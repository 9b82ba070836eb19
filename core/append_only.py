"""Tables to which rows are only ever added: the database itself refuses to change or delete one.

A migration that makes such a table says ``append_only("core_auditrecord")`` behind ``CreateModel``. On PostgreSQL the trigger
refuses UPDATE, DELETE and TRUNCATE, whoever asks; on SQLite, UPDATE and DELETE. Both raise ``IntegrityError``.

SQLite gives a table that a later migration alters a new body without triggers: such a migration says ``append_only`` again.
``tests/core/test_append_only.py`` asks each table.
"""

from typing import Any

from django.db.migrations import RunPython

# One function for all tables; it says which one refused.
FUNCTION = """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(table: str) -> RunPython:
    """The operation that makes ``table`` append-only, on either database; reversed, rows may be changed again."""

    def forbid(_apps: Any, editor: Any) -> None:
        for statement in _forbidding(editor.connection.vendor, table):
            # No parameters: a percent sign is one.
            editor.execute(statement, params=None)

    def allow(_apps: Any, editor: Any) -> None:
        for statement in _allowing(editor.connection.vendor, table):
            editor.execute(statement, params=None)

    return RunPython(forbid, allow)


def _forbidding(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        name, events = f"{table}_append_only", "UPDATE OR DELETE OR TRUNCATE"
        trigger = (
            f'CREATE TRIGGER "{name}" BEFORE {events} ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()'
        )
        return [FUNCTION, *_allowing(vendor, table), trigger]
    return [
        *_allowing(vendor, table),
        *(
            f'CREATE TRIGGER "{table}_no_{event.lower()}" BEFORE {event} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event} refused'); END"
            for event in ("UPDATE", "DELETE")
        ),
    ]


def _allowing(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"']
    return [f'DROP TRIGGER IF EXISTS "{table}_no_{event}"' for event in ("update", "delete")]
