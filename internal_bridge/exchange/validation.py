"""The words of the bridge: one JSON Schema per type and version, in ``schemas/<type>/<version>.json``."""

import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from internal_bridge.exchange.errors import PermanentError

SCHEMAS = Path(__file__).parent / "schemas"


def validate_data(type: str, version: int, data: dict[str, Any]) -> None:
    """Hold a message's data against its schema. Raises ``PermanentError`` when there is none or it does not fit."""
    try:
        validator(type, version).validate(data)
    except (FileNotFoundError, ValidationError) as error:
        # The error's own text would quote the data.
        raise PermanentError(f"data does not fit {type} v{version}") from error


@functools.cache
def validator(type: str, version: int) -> Draft202012Validator:
    """The compiled schema of a type. Raises ``FileNotFoundError`` for an unknown one."""
    schema = json.loads((SCHEMAS / type / f"{version}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
