"""Who applies which type of message."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from internal_bridge.exchange.messages import Message

Handler = Callable[["Message"], None]
_handlers: dict[tuple[str, int], Handler] = {}


def handles(type: str, *, version: int) -> Callable[[Handler], Handler]:
    """Register a function that applies messages of a type. It runs in the transaction that marks the message applied.

    Raises ``ValueError`` when the type has a handler already.
    """

    def register(handler: Handler) -> Handler:
        if (type, version) in _handlers:
            raise ValueError(f"{type} v{version} has a handler already")
        _handlers[type, version] = handler
        return handler

    return register


def handler_for(type: str, version: int) -> Handler | None:
    return _handlers.get((type, version))
