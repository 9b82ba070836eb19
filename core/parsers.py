"""Bodies of API requests."""

import json
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Utf8JSONParser(JSONParser):
    """JSON as systems exchange it (RFC 8259, 8.1): UTF-8 whatever the header says, and nothing that UTF-8 cannot hold."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The body's value. Raises ``ParseError`` also for nesting beyond Python's and for half characters (``"\\ud800"``)."""
        try:
            value = super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
            json.dumps(value, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as error:
            raise ParseError from error
        return value
