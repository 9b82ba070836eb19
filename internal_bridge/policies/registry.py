"""What limits ask those who use them, whom they do not know: each registers what it can count when the site starts."""

import dataclasses
import datetime
from collections.abc import Callable, Iterable

__all__ = ["Recounted", "counts_again", "counts_cases", "open_cases", "recounted"]


@dataclasses.dataclass(frozen=True)
class Recounted:
    """How far the limits that run have been counted again by an edition of the calendar: matters, and what moved."""

    done: int
    total: int
    changed: int
    finished_at: datetime.datetime | None


# Takes the primary keys of policies, gives how many open matters run under each; what is not named has none.
CountCases = Callable[[Iterable[int]], dict[int, int]]
_counters: list[CountCases] = []
# Takes the number of an edition of the calendar.
CountAgain = Callable[[int], Recounted]
_recounters: list[CountAgain] = []


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


def counts_again(progress: CountAgain) -> None:
    """Let ``progress`` be asked how far limits have been counted again by an edition of the calendar."""
    if progress not in _recounters:
        _recounters.append(progress)


def recounted(edition: int) -> Recounted:
    """How far the limits of all who keep some have been counted again by ``edition``."""
    found = [progress(edition) for progress in _recounters]
    ended = [each.finished_at for each in found if each.finished_at is not None]
    return Recounted(
        done=sum(each.done for each in found),
        total=sum(each.total for each in found),
        changed=sum(each.changed for each in found),
        finished_at=max(ended) if ended and len(ended) == len(found) else None,
    )
