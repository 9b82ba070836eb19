"""What stands in this site's database, for tests that look for what must not be there."""

import json

from django.db import connection


def dump_tables() -> bytes:
    """Every value of every table, one after the other, as the database holds it."""
    values = bytearray()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    values += _as_bytes(value) + b"\n"
    return bytes(values)


def find_planted(planted: list[str], stored: bytes) -> list[str]:
    """Which of the ``planted`` texts are in ``stored``, as UTF-8, as JSON escapes them or in UTF-16."""
    return [
        text
        for text in planted
        if any(form in stored for form in (text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")))
    ]


def _as_bytes(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str).encode()
    return str(value).encode()
