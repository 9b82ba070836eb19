"""What the office has told the portal of the directory."""

import json
from typing import Any

from internal_bridge.exchange.envelopes import TYPE_PREFIX
from internal_bridge.exchange.models import OutgoingMessage


def announced() -> list[tuple[str, dict[str, Any]]]:
    """Type and data of each message in the stream, in order."""
    rows = OutgoingMessage.objects.filter(stream__name="directory").order_by("seq")
    return [(row.type.removeprefix(TYPE_PREFIX), _data(row)) for row in rows]


def _data(row: OutgoingMessage) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(bytes(row.payload))["data"]
    return data
