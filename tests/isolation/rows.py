"""What a row of the matrix says.

A row says who ``may``, what those get for GET and for POST with a good form (405: not taken), and what ``others`` get who have
logged in: 403 where the place itself is refused, 404 where they may not know that the thing is there; ``know`` are those who
may know of it and get 403 all the same. Strangers are sent to
the login, programs get 401. ``at`` names the object of unit A that the address is about, ``missing`` one that is not there.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.isolation.actors import Actors
from tests.isolation.world import World

Parts = Callable[[World], dict[str, Any]]


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """One address."""

    may: Actors
    get: int = 200
    post: int = 405
    others: int = 403
    know: Actors = frozenset()
    # Who of those may POST as well, where not all may; None: all.
    writers: Actors | None = None
    at: Parts = nothing
    missing: Parts | None = None
    body: Parts = nothing
    # Queries with which a list, a search or an export is asked as well.
    queries: tuple[str, ...] = ()
    # A program's address: asked with a session and with a token.
    api: bool = False
    # The secrets that it is there to give out to whoever may.
    reveals: frozenset[str] = frozenset()
    # A list that is held to a number of queries that does not grow.
    many: bool = False

    def expected(self, actor: str, method: str) -> int:
        """The status that ``actor`` gets."""
        status = self.get if method == "get" else self.post
        if method != "get" and self.writers is not None and actor in self.may - self.writers:
            return 403
        if actor in self.may:
            return status
        if actor in self.know:
            return 403
        if actor == "anonymous":
            return 401 if self.api else 302
        # An API asks who calls before it looks at the method, a page the other way round.
        return 405 if status == 405 and not self.api else self.others

    def absent(self, world: World) -> dict[str, Any]:
        """The parts of an address of the same form about something that is not there."""
        if self.missing:
            return self.missing(world)
        strange = {int: 1_000_000_007, uuid.UUID: uuid.UUID(int=0)}
        return {name: strange.get(type(value), value) for name, value in self.at(world).items()}

    def is_listed(self) -> bool:
        """Whether it is a list, or a file or page that answers queries."""
        return self.many or bool(self.queries)

    def is_about_one(self) -> bool:
        """Whether the address names an object of unit A."""
        return self.at is not nothing and "anonymous" not in self.may
