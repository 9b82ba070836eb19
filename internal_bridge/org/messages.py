"""What the portal is told of the directory."""

import datetime

from internal_bridge.exchange.public import send_message
from internal_bridge.org.models import Unit
from internal_bridge.org.querysets import today

RECIPIENT = "portal"
STREAM = "directory"
# The longest text of duties that crosses (directory.unit_changed v1).
LONGEST_DUTIES = 2_000


def announce_unit(unit: Unit) -> None:
    """Tell the portal of ``unit`` as it is now, in the transaction that made or changed it."""
    send_message(
        type="directory.unit_changed",
        version=1,
        recipient=RECIPIENT,
        stream=STREAM,
        data={
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "second_name": unit.second_name,
            "parent": unit.parent.code if unit.parent else None,
            "kind": unit.kind,
            "duties": unit.duties,
            "accepts_petitions": unit.accepts_petitions,
            "position": unit.position,
            "valid_from": _known_so_since(unit).isoformat(),
        },
    )


def _known_so_since(unit: Unit) -> datetime.date:
    """The first day of the name that the unit has now: from it the portal knows the last day of the name before."""
    last = unit.former_names.order_by("valid_to").last()
    return max(unit.valid_from, min(last.valid_to + datetime.timedelta(days=1), today())) if last else unit.valid_from


def announce_closing(unit: Unit) -> None:
    """Tell the portal that ``unit`` ends on its last day, and who follows it, in the transaction that closed it."""
    if unit.valid_to is None:
        raise ValueError("an open unit is not announced as closed")
    successors = unit.successions.order_by("id").values_list("successor__code", flat=True)
    send_message(
        type="directory.unit_closed",
        version=1,
        recipient=RECIPIENT,
        stream=STREAM,
        data={"code": unit.code, "valid_to": unit.valid_to.isoformat(), "successors": list(successors)},
    )
