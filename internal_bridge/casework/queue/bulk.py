"""One action on many cases: asked for once, done case by case in the background, each with the version that the person saw.

The rows say what is left to do; a worker that ends is followed by another. Each case has an idempotency key of its own, so
whichever worker repeats it changes nothing twice.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.audit import acting, origin, record_audit
from core.idempotency import once
from core.models import User
from internal_bridge.casework.enums import BulkAction, BulkResult, BulkState
from internal_bridge.casework.models import BulkOutcome, BulkRun, Case
from internal_bridge.casework.queue.acts import ACTS, NotDone, may_act
from internal_bridge.casework.tasks import do_bulk_run

__all__ = ["MOST_CASES", "Chosen", "NothingChosen", "do_run", "read_chosen", "resume_runs", "start_run", "undo_run", "undoable"]

MOST_CASES = 500
# A run that has said nothing for so long was left behind by a worker that ended.
FORGOTTEN = datetime.timedelta(minutes=2)
UNDO_WITHIN = datetime.timedelta(minutes=10)


class NothingChosen(Exception):
    """None of the chosen cases is one that the person may know of."""


@dataclass(frozen=True)
class Chosen:
    """A case as somebody chose it: its number and the version that stood in the list."""

    number: str
    version: int


def read_chosen(values: Iterable[str]) -> list[Chosen]:
    """What checkboxes have sent, each case once, at most ``MOST_CASES``; what is no such value is left out."""
    found: dict[str, Chosen] = {}
    for value in values:
        number, _colon, version = value.partition(":")
        if version.isascii() and version.isdecimal() and len(version) < 10:
            found.setdefault(number, Chosen(number, int(version)))
    return list(found.values())[:MOST_CASES]


def start_run(*, by: User, action: BulkAction, chosen: list[Chosen], fields: dict[str, Any], key: str | None) -> BulkRun:
    """Write down what is wanted, and have it done in the background.

    ``fields`` are what the action takes, by the names of 11. Raises ``PermissionDenied`` for who may never do this,
    ``NothingChosen``, ``InvalidKey`` and ``KeyReused``.
    """
    if not may_act(by, action):
        raise PermissionDenied

    def effect(_prepared: None) -> dict[str, Any]:
        versions = {each.number: each.version for each in chosen}
        cases = list(Case.objects.visible_to(by).filter(number__in=versions).only("pk", "number").order_by("pk"))
        if not cases:
            raise NothingChosen
        run = _write(by, action, fields, [(case, versions[case.number]) for case in cases])
        return {"run": run.pk}

    asked = {"action": action, "chosen": [[each.number, each.version] for each in chosen], "fields": fields}
    answer = once(scope=f"user:{by.uid} casework.bulk", key=key, fields=asked, prepare=lambda: None, effect=effect)
    return BulkRun.objects.get(pk=answer["run"])


def undoable(run: BulkRun, now: datetime.datetime) -> bool:
    """Whether what the run did can be undone: a claim, within ten minutes, once.

    What has been dispatched stays (the table of 11 has no way back), and nobody is un-urged.
    """
    recent = run.finished_at is not None and now < run.finished_at + UNDO_WITHIN
    return run.action == BulkAction.CLAIM and recent and not hasattr(run, "undone_by")


def undo_run(*, by: User, run: BulkRun, key: str | None) -> BulkRun:
    """Give back what ``run`` has claimed; the run that does it. Raises ``PermissionDenied`` for another's run,
    ``NothingChosen`` when nothing can be undone (any more)."""
    if run.by_id != by.pk:
        raise PermissionDenied

    def effect(_prepared: None) -> dict[str, Any]:
        locked = BulkRun.objects.select_for_update().get(pk=run.pk)
        done = list(locked.outcomes.filter(result=BulkResult.DONE, item__isnull=False).select_related("case"))
        if not undoable(locked, timezone.now()) or not done:
            raise NothingChosen
        items = {outcome.case_id: outcome.item for outcome in done}
        cases = [(outcome.case, outcome.version) for outcome in done]
        return {"run": _write(by, BulkAction.RELEASE, {}, cases, undoes=locked, items=items).pk}

    scope = f"user:{by.uid} casework.bulk_undo:{run.uid}"
    answer = once(scope=scope, key=key, fields={}, prepare=lambda: None, effect=effect)
    return BulkRun.objects.get(pk=answer["run"])


def _write(
    by: User,
    action: BulkAction,
    fields: dict[str, Any],
    cases: list[tuple[Case, int]],
    *,
    undoes: BulkRun | None = None,
    items: dict[int, Any] | None = None,
) -> BulkRun:
    now, here = timezone.now(), origin()
    run = BulkRun.objects.create(
        action=action,
        fields=fields,
        by=by,
        post=(here.post() if callable(here.post) else here.post)[:160],
        language=translation.get_language() or "zh-hans",
        undoes=undoes,
        created_at=now,
        moved_at=now,
    )
    BulkOutcome.objects.bulk_create(
        BulkOutcome(run=run, case=case, version=version, item=(items or {}).get(case.pk)) for case, version in cases
    )
    record_audit(action="case.bulk_started", subject=run.subject, actor=by, params={"what": str(action), "cases": len(cases)})
    transaction.on_commit(lambda: do_bulk_run.delay(run.pk), robust=True)
    return run


def do_run(run: BulkRun) -> None:
    """Do what is left of ``run``, case by case, each in its own transaction. A run that is done stays as it is."""
    if run.state == BulkState.DONE:
        return
    # As who asked for it may now: a right that has gone meanwhile is gone.
    person = User.objects.get(pk=run.by_id)
    with translation.override(run.language), acting(post=run.post):
        for outcome in run.outcomes.filter(result=BulkResult.PENDING).select_related("case").order_by("pk"):
            _do(run, outcome, person)
            BulkRun.objects.filter(pk=run.pk).update(state=BulkState.RUNNING, moved_at=timezone.now())
    now = timezone.now()
    BulkRun.objects.filter(pk=run.pk).exclude(state=BulkState.DONE).update(state=BulkState.DONE, moved_at=now, finished_at=now)


def _do(run: BulkRun, outcome: BulkOutcome, person: User) -> None:
    if not person.is_active:
        outcome.result, outcome.reason = BulkResult.REFUSED, _("Your login is no longer active.")
    else:
        try:
            outcome.item = ACTS[BulkAction(run.action)](person, outcome, run.fields)
            outcome.result = BulkResult.DONE
        except NotDone as why:
            outcome.result, outcome.reason = BulkResult.REFUSED, str(why)[:300]
    outcome.save(update_fields=["result", "reason", "item"])


def resume_runs() -> int:
    """Hand over the runs that a worker has left behind; returns how many. The broker's messages are only hints."""
    old = timezone.now() - FORGOTTEN
    waiting = list(BulkRun.objects.exclude(state=BulkState.DONE).filter(moved_at__lt=old).values_list("pk", flat=True))
    for pk in waiting:
        do_bulk_run.delay(pk)
    return len(waiting)
