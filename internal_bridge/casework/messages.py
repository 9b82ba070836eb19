"""What arrives over the bridge for the office to handle."""

from internal_bridge.casework.identity import attached
from internal_bridge.casework.services import register_case
from internal_bridge.exchange.public import Message, PermanentError, handles


@handles("petition.submitted", version=1)
def take_petition(message: Message) -> None:
    """A petition becomes a case."""
    content = message.open_sealed()
    digests = [file["digest"] for file in attached(content)]
    if len(set(digests)) < len(digests):
        raise PermanentError("names a file twice")
    register_case(message=message, content=content)
