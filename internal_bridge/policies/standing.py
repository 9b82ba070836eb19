"""What is published stands: the database itself refuses to change it, on either database.

Of a published version only its last day may still be set, once; its rules and figures are neither changed nor deleted. As with
``core.append_only``, a migration that alters one of these tables says ``published_stand()`` again, for SQLite then gives the
table a new body without triggers.
"""

from typing import Any

from django.db.migrations import RunPython

POLICY, PARTS = "policies_policy", ("policies_policyrule", "policies_policyfigure")
KEPT = (
    *("id", "code", "version", "name", "instrument", "state", "revision", "reason", "published_at", "published_by_id"),
    *("valid_from", "auto_dispatch_kinds"),
)


def published_stand() -> RunPython:
    """The operation that makes published versions stand; reversed, they may be changed again."""
    return RunPython(_forbid, _allow)


def _forbid(_apps: Any, editor: Any) -> None:
    _allow(_apps, editor)
    statements = _for_postgresql() if editor.connection.vendor == "postgresql" else _for_sqlite()
    for statement in statements:
        # No parameters: a percent sign is one.
        editor.execute(statement, params=None)


def _allow(_apps: Any, editor: Any) -> None:
    for table in (POLICY, *PARTS):
        for event in ("update", "delete"):
            on = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
            editor.execute(f'DROP TRIGGER IF EXISTS "{table}_stands_{event}"{on}', params=None)


def _changed(same: str) -> str:
    """Whether a policy's row would say something else than before, but for a last day where it had none."""
    kept = " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in KEPT)
    return f'NOT ({kept} AND (OLD."valid_to" IS NULL OR NEW."valid_to" {same} OLD."valid_to"))'


def _published(table: str) -> str:
    """Whether the row ``OLD`` of ``table`` is a published version, or belongs to one."""
    if table == POLICY:
        return "OLD.\"state\" = 'published'"
    return f'EXISTS (SELECT 1 FROM "{POLICY}" WHERE "id" = OLD."policy_id" AND "state" = \'published\')'  # nosec B608


def _conditions(same: str) -> list[tuple[str, str, str]]:
    """(table, event, when it is refused)."""
    changed = f"{_published(POLICY)} AND {_changed(same)}"
    found = [(POLICY, "UPDATE", changed), (POLICY, "DELETE", _published(POLICY))]
    return found + [(table, event, _published(table)) for table in PARTS for event in ("UPDATE", "DELETE")]


def _for_sqlite() -> list[str]:
    return [
        f'CREATE TRIGGER "{table}_stands_{event.lower()}" BEFORE {event} ON "{table}" WHEN {refused} '
        f"BEGIN SELECT RAISE(ABORT, '{table}: what is published stands, {event} refused'); END"
        for table, event, refused in _conditions("IS")
    ]


def _for_postgresql() -> list[str]:
    # A trigger's own WHEN may not ask another table: each has a function.
    statements = []
    for table, event, refused in _conditions("IS NOT DISTINCT FROM"):
        name, result = f"{table}_stands_{event.lower()}", "NEW" if event == "UPDATE" else "OLD"
        statements += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {refused} THEN "
            f"RAISE EXCEPTION '{table}: what is published stands, {event} refused' USING ERRCODE = 'restrict_violation'; "
            f"END IF; RETURN {result}; END $$",
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()',
        ]
    return statements
