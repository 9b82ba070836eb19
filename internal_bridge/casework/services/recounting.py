"""A new edition of the work calendar: all limits that run are counted again; each date that moves is explained and told."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.audit import record_audit
from core.events import record_event
from core.workdays import calendar_in_force, one_calendar
from internal_bridge.casework.life.recounting import Moved, recount_by_calendar
from internal_bridge.casework.life.telling import tell_status
from internal_bridge.casework.life.waiting import settle_items
from internal_bridge.casework.models import CalendarRecount, Case, CaseClock
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.registry import Recounted

__all__ = ["progress", "recount_cases"]

BATCH = 500
# So many cases in a transaction: who works on one of them waits for no more.
TOGETHER = 20


def recount_cases() -> int:
    """Count the next cases again whose limits stand by an older edition than the one in force; how many.

    At most 500 in a sweep, in small transactions. The rows say what is left, so that whoever goes on, goes on where it ended.
    """
    with one_calendar():
        edition, done = calendar_in_force().edition, 0
        if not _begin(edition):
            return 0
        for keys in _chunks(edition):
            done += _recount(edition, keys)
        _finish(edition)
    return done


def progress(edition: int) -> Recounted:
    """How many of the cases with a limit that runs have been counted again by ``edition`` or a later one."""
    running = CaseClock.objects.filter(stopped_at=None)
    total = running.values("case").distinct().count()
    waiting = running.filter(calendar_edition__lt=edition).values("case").distinct().count()
    run = CalendarRecount.objects.filter(edition=edition).first()
    return Recounted(
        done=total - waiting, total=total, changed=run.changed if run else 0, finished_at=run.finished_at if run else None
    )


def _begin(edition: int) -> bool:
    """Open the run of an edition; False when there is nothing to do. What an earlier one has left undone, this one does."""
    if CalendarRecount.objects.filter(edition=edition, finished_at__isnull=False).exists():
        # Who counted by the old calendar when the new one came may have written after the run.
        return _stale(edition).exists()
    _run, created = CalendarRecount.objects.get_or_create(edition=edition, defaults={"begun_at": timezone.now()})
    if created:
        for earlier in CalendarRecount.objects.filter(edition__lt=edition, finished_at=None):
            _close(earlier.edition, overtaken=True)
    return True


def _finish(edition: int) -> None:
    if not _stale(edition).exists():
        _close(edition, overtaken=False)


def _close(edition: int, *, overtaken: bool) -> None:
    """One record for each edition, whoever comes to its end first."""
    with transaction.atomic():
        run = CalendarRecount.objects.select_for_update().get(edition=edition)
        if run.finished_at is not None:
            return
        run.finished_at = timezone.now()
        run.save(update_fields=["finished_at"])
        params = {"cases": run.cases, "moved": run.changed, "overtaken": overtaken}
        record_audit(action="calendar.recounted", subject=f"calendar:{edition}", actor=None, params=params)


def _stale(edition: int) -> QuerySet[CaseClock]:
    return CaseClock.objects.filter(stopped_at=None, calendar_edition__lt=edition)


def _chunks(edition: int) -> Iterator[list[int]]:
    keys = list(_stale(edition).order_by("case").values_list("case", flat=True).distinct()[:BATCH])
    yield from (keys[at : at + TOGETHER] for at in range(0, len(keys), TOGETHER))


def _recount(edition: int, keys: list[int]) -> int:
    with transaction.atomic():
        # Who has a case in hand now counts it by the new calendar, or it is found again.
        cases = list(Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys).order_by("pk"))
        changed = [case for case in cases if _recount_one(case, edition)]
        run = CalendarRecount.objects.select_for_update().get(edition=edition)
        run.cases += len(cases)
        run.changed += len(changed)
        run.save(update_fields=["cases", "changed"])
    return len(cases)


def _recount_one(case: Case, edition: int) -> list[Moved]:
    at = timezone.now()
    moved = recount_by_calendar(case, at)
    # What its rules have no limit for any more is looked at all the same.
    _stale(edition).filter(case=case).update(calendar_edition=edition)
    if moved:
        case.version += 1
        case.save(update_fields=["due_on", "version"])
        record_event(
            subject=case.subject, name="recounted", at=at, params={"edition": edition, "moved": [one.params for one in moved]}
        )
        answer = next((one for one in moved if one.stage == Stage.ANSWER), None)
        tell_status(case, event="recounted", at=at, **({"due": answer.new.isoformat()} if answer else {}))
        settle_items(case, by=None, at=at)
    return moved
