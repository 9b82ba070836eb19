"""What the portal is told of the directory."""

from internal_bridge.exchange.public import send_message
from internal_bridge.org.models import Unit

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
            "valid_from": unit.valid_from.isoformat(),
        },
    )


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
