"""Which rule a test proves: read from the source by ``manage.py office prove_rules``, for the page of the rules.

``@proves("petition_2022", "answer", "notice")``: how these limits are counted and kept. With ``version=1`` it holds the figures
of that version to the text, and says nothing of another's.
"""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T", bound=Callable[..., object])


def proves(policy: str, *stages: str, version: int | None = None) -> Callable[[T], T]:
    """The test proves the rules of these stages of a policy. Changes nothing of it."""
    return lambda test: test
