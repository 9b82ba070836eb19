"""What can go wrong with a message."""


class PermanentError(Exception):
    """Raised by a handler: this message can never be applied. Anything else is taken for transient and tried again."""


class MissingFiles(Exception):
    """Raised by a handler: the message can be applied only when files with these digests are here."""

    def __init__(self, digests: list[str]) -> None:
        super().__init__(f"{len(digests)} files are missing")
        self.digests = digests


class Refused(Exception):
    """A message or request that is not even stored: wrong signature, unknown key, not addressed to us.

    ``status`` is the HTTP status of the answer. The reason is for the log; the peer learns only the status.
    """

    def __init__(self, reason: str, *, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class NoRoom(Exception):
    """Nothing can be stored now; ``retry_after`` is in seconds."""

    def __init__(self, reason: str, *, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PeerUnavailable(Exception):
    """The peer cannot be reached or asks to wait; ``retry_after`` is in seconds, if it said so."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
