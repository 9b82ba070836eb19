"""What pages show of a run over many cases."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from core.models import User
from internal_bridge.casework.enums import BulkAction, BulkResult, BulkState
from internal_bridge.casework.models import BulkRun, Case
from internal_bridge.casework.queue.bulk import undoable

LOOKS = {BulkResult.DONE: "done", BulkResult.REFUSED: "over"}


@dataclass(frozen=True)
class RunView:
    """A run in words."""

    uid: str
    url: str
    title: str
    state: str
    running: bool
    total: int
    passed: int
    done: int
    refused: int
    undoable: bool
    undone_url: str
    created_at: datetime.datetime

    @classmethod
    def of(cls, run: BulkRun, now: datetime.datetime) -> "RunView":
        counts = run.outcomes.aggregate(
            total=Count("pk"), done=Count("pk", filter=Q(result=BulkResult.DONE)),
            refused=Count("pk", filter=Q(result=BulkResult.REFUSED)),
        )  # fmt: skip
        undoing = getattr(run, "undone_by", None)
        words = ngettext("%(action)s: %(n)d case", "%(action)s: %(n)d cases", counts["total"])
        return cls(
            uid=str(run.uid),
            url=reverse("casework:bulk_run", args=[run.uid]),
            title=words % {"action": BulkAction(run.action).label, "n": counts["total"]},
            state=str(BulkState(run.state).label),
            running=run.state != BulkState.DONE,
            passed=counts["done"] + counts["refused"],
            undoable=undoable(run, now) and counts["done"] > 0,
            undone_url=reverse("casework:bulk_run", args=[undoing.uid]) if undoing else "",
            created_at=run.created_at,
            **counts,
        )


@dataclass(frozen=True)
class OutcomeRow:
    """What became of one case. Of a case that the person may see no more only the number stands here."""

    number: str
    title: str
    url: str
    result: str
    look: str
    reason: str


def run_rows(run: BulkRun, person: User) -> list[OutcomeRow]:
    """The cases of a run, first those that were left out. Two queries."""
    outcomes = list(run.outcomes.select_related("case").only("result", "reason", "case__number").order_by("pk"))
    known = Case.objects.visible_to(person).filter(pk__in=[outcome.case_id for outcome in outcomes])
    titles = dict(known.values_list("pk", "title"))
    rows = [
        OutcomeRow(
            number=outcome.case.number,
            title=titles.get(outcome.case_id, ""),
            url=reverse("casework:detail", args=[outcome.case.number]) if outcome.case_id in titles else "",
            result=str(BulkResult(outcome.result).label),
            look=LOOKS.get(BulkResult(outcome.result), ""),
            reason=outcome.reason,
        )
        for outcome in outcomes
    ]
    return sorted(rows, key=lambda row: row.look != "over")
