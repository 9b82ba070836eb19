"""What limits ask those who use them, whom they do not know: each registers what it can count when the site starts."""

from collections.abc import Callable, Iterable

__all__ = ["counts_cases", "open_cases"]

# Takes the primary keys of policies, gives how many open matters run under each; what is not named has none.
CountCases = Callable[[Iterable[int]], dict[int, int]]
_counters: list[CountCases] = []


def counts_cases(counter: CountCases) -> None:
    """Let ``counter`` be asked how many open matters run under a version of a policy."""
    if counter not in _counters:
        _counters.append(counter)


def open_cases(policies: Iterable[int]) -> dict[int, int]:
    """How many open matters run under each of these versions, all counters together."""
    asked = list(policies)
    total = dict.fromkeys(asked, 0)
    for counter in _counters:
        for policy, count in counter(asked).items():
            total[policy] += count
    return total
