"""The words of the bridge: one JSON Schema per type and version, in ``schemas/<type>/<version>.json``.

What is sealed inside a type has a schema of its own, ``<version>.sealed.json``. Two annotations say how a type travels:
``x-stream`` is its stream, with the ``uid`` of the data in place of ``{uid}``; ``x-sealed-to`` is who opens its sealed part,
``recipient`` (a party) or ``citizen``.
"""

import datetime
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from internal_bridge.exchange.errors import PermanentError

SCHEMAS = Path(__file__).parent / "schemas"
FORMATS = FormatChecker()
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


def validate_data(type: str, version: int, data: dict[str, Any]) -> None:
    """Hold a message's data against its schema. Raises ``PermanentError`` when there is none or it does not fit."""
    _validate(type, str(version), data)


def validate_sealed(type: str, version: int, content: Any) -> None:
    """Hold what is, or will be, sealed in a message against its schema. Raises ``PermanentError`` like ``validate_data``."""
    _validate(type, f"{version}.sealed", content)


def validate_route(type: str, version: int, *, stream: str, data: dict[str, Any]) -> None:
    """Hold the stream of a message whose data fits against the one that its schema names. Raises ``PermanentError``."""
    template = validator(type, str(version)).schema.get("x-stream")
    if template is not None and stream != template.format(uid=data.get("uid")):
        raise PermanentError(f"{type} does not travel in this stream")


def validate_opener(type: str, version: int, opener: str) -> None:
    """Whether the sealed part of a type is meant for ``recipient`` or ``citizen``, as given. Raises ``PermanentError``."""
    if validator(type, str(version)).schema.get("x-sealed-to", opener) != opener:
        raise PermanentError(f"the sealed part of {type} is not for the {opener}")


def types_sealed_to_parties() -> list[tuple[str, int]]:
    """The types, with their versions, whose sealed part a party opens and no citizen."""
    schemas = ((path.parent.name, path.stem) for path in sorted(SCHEMAS.glob("*/*.json")) if path.stem.isdigit())
    return [(type, int(name)) for type, name in schemas if validator(type, name).schema.get("x-sealed-to") == "recipient"]


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
    return _Validator(schema, format_checker=FORMATS)


def _whole_pattern(validator: Any, pattern: str, value: object, schema: Any) -> Iterator[ValidationError]:
    """All our patterns are anchored, but Python's ``$`` lets a line break follow, where JSON Schema's does not."""
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield ValidationError("does not match the pattern")


_Validator = extend(Draft202012Validator, {"pattern": _whole_pattern})


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    """Without a package of its own, jsonschema would let any text pass for a ``date-time``; Python's parser takes too much."""
    return not isinstance(value, str) or (
        MOMENT.fullmatch(value) is not None and datetime.datetime.fromisoformat(value).tzinfo is not None
    )
