"""Long answers, sent while they are made."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async


async def one_by_one(chunks: Iterator[bytes], *, asks_database: bool = False) -> AsyncIterator[bytes]:
    """The chunks for an ASGI server, which would otherwise collect them all before it sends the first.

    What ``asks_database`` stays in the request's own thread, to which its connection belongs.
    """

    @sync_to_async(thread_sensitive=asks_database)
    def following() -> bytes | None:
        return next(chunks, None)

    while (chunk := await following()) is not None:
        yield chunk
