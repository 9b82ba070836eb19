"""The words of the bridge: one JSON Schema per type and version, in ``schemas/<type>/<version>.json``.

What is sealed inside a type has a schema of its own, ``<version>.sealed.json``.
"""

import datetime
import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from internal_bridge.exchange.errors import PermanentError

SCHEMAS = Path(__file__).parent / "schemas"
FORMATS = FormatChecker()


def validate_data(type: str, version: int, data: dict[str, Any]) -> None:
    """Hold a message's data against its schema. Raises ``PermanentError`` when there is none or it does not fit."""
    _validate(type, str(version), data)


def validate_sealed(type: str, version: int, content: Any) -> None:
    """Hold what is, or will be, sealed in a message against its schema. Raises ``PermanentError`` like ``validate_data``."""
    _validate(type, f"{version}.sealed", content)


def _validate(type: str, name: str, value: Any) -> None:
    try:
        validator(type, name).validate(value)
    except (FileNotFoundError, ValidationError):
        # Without its cause: the error's own text would quote the data.
        raise PermanentError(f"data does not fit the schema {type}/{name}") from None


@functools.cache
def validator(type: str, name: str) -> Draft202012Validator:
    """The compiled schema ``<type>/<name>.json``. Raises ``FileNotFoundError`` for an unknown one."""
    schema = json.loads((SCHEMAS / type / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    """Without a package of its own, jsonschema would let any text pass for a ``date-time``."""
    return not isinstance(value, str) or datetime.datetime.fromisoformat(value).tzinfo is not None
