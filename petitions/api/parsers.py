"""Bodies with files: the same fields as in JSON, in the parts of a form."""

import json
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import MultiPartParser

# Parts that are JSON themselves (OpenAPI 3.0, "Special Considerations for multipart Content").
OBJECTS, LISTS = ("on_behalf_of",), ("representatives",)


class LetterParser(MultiPartParser):
    """Fields as a plain dict. Files are not in it: the upload handler has sealed them by then."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raises ``ParseError`` for what is no form, ``ValidationError`` for a field that is there twice."""
        try:
            parts = super().parse(stream, media_type, parser_context).data
        except SuspiciousOperation as error:
            # Too many fields, files or bytes outside of files.
            raise ParseError from error
        body: dict[str, Any] = {}
        for name, values in parts.lists():
            if name in LISTS:
                body[name] = _list(values)
            elif len(values) > 1:
                raise ValidationError({name: [_("Given more than once.")]})
            else:
                body[name] = _value(values[0]) if name in OBJECTS else values[0]
        return body


def _list(values: list[str]) -> Any:
    """One part with a JSON list, or a part for each item."""
    items = [_value(value) for value in values]
    return items[0] if len(items) == 1 and isinstance(items[0], list) else items


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        # The serializer says what it should be.
        return text
