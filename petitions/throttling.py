"""Receipt codes cannot be tried out, and nobody floods the office with petitions (09, "Receipt codes").

Only wrong codes count, and only against the network they come from: nothing a stranger does keeps a citizen from reading.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from core.identifiers import normalise_number
from core.throttle import Busy, Limit, Throttled, network_of, take
from core.vault import InvalidCode, canonical_code
from petitions.services import OpenedPetition, open_petition

HOUR, MINUTE = 3600, 60
WRONG_CODES_OF_NUMBER, WRONG_CODES, SUBMISSIONS, OWN_FILES = 10, 600, 60, 30


def open_counted(request: Any, *, number: str, code: str) -> OpenedPetition | None:
    """``services.open_petition`` for the caller of ``request``, whose wrong codes count.

    Raises ``Throttled`` before anything is derived, the same whether or not there is such a petition, and ``Busy``.
    """
    try:
        canonical_code(code)
    except InvalidCode:
        # Opens nothing and costs nothing.
        return None
    taken = take(
        network_of(request),
        Limit("wrong code for a number", WRONG_CODES_OF_NUMBER, HOUR, subject=normalise_number(number)),
        Limit("wrong code", WRONG_CODES, HOUR),
    )
    counts = False
    try:
        opened = open_petition(number=number, code=code)
        counts = opened is None
        return opened
    finally:
        if not counts:
            taken.give_back()


def count_submission(request: Any) -> None:
    """One more from the caller's network, before its body is read. Raises ``Throttled``."""
    take(network_of(request), Limit("submission", SUBMISSIONS, MINUTE))


def count_own_file(request: Any) -> None:
    """One more file made for the caller's network: it costs the decryption of all attachments. Raises ``Throttled``."""
    take(network_of(request), Limit("own file", OWN_FILES, MINUTE))


def refusals_as_pages(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets ``Throttled`` and ``Busy`` of a page's view be answered with a plain page that says when to come back."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (Throttled, Busy) as refusal:
            status = 429 if isinstance(refusal, Throttled) else 503
            context = {"status": status, "minutes": -(-refusal.wait // MINUTE)}
            page = render(request, "petitions/too_many.html", context, status=status)
            page.headers["Retry-After"] = str(refusal.wait)
            return page

    return answered
