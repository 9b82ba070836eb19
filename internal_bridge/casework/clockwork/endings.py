"""What ends by itself: pauses, rights to return and to recall, and the case. Bound to days, not to service hours."""

import datetime
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.workdays import local_date
from internal_bridge.casework.enums import Action, Actor, CaseState
from internal_bridge.casework.life.act import Refused, WrongState
from internal_bridge.casework.life.engine import perform_automatically
from internal_bridge.casework.models import Case, CaseClock, CasePause
from internal_bridge.policies.enums import Stage

__all__ = ["close_cases", "let_rights_lapse", "resume_cases"]

logger = logging.getLogger(__name__)

BATCH = 500
RIGHTS = (Stage.RETURN, Stage.RECALL)


def resume_cases() -> int:
    """End the pauses whose last day is over; how many cases went on."""
    due = CasePause.objects.filter(ended_at=None, until__lt=local_date(timezone.now()))
    return _each(due.order_by("until", "pk").values_list("case", flat=True), Action.RESUME, _pause_is_over)


def close_cases() -> int:
    """Close the cases whose answer has stood for as long as the policy says (04: 15 days); how many."""
    due = CaseClock.objects.filter(
        stage=Stage.CLOSING,
        stopped_at=None,
        due_on__lt=local_date(timezone.now()),
        # Who is not satisfied, or asks for a review, waits for a person first.
        case__review_asked_at=None,
        case__low_rated_at=None,
    )
    return _each(due.order_by("due_on", "pk").values_list("case", flat=True), Action.CLOSE, _may_be_closed)


def let_rights_lapse() -> int:
    """A right to return or to recall that was not used is no limit that somebody broke; how many there were."""
    at = timezone.now()
    over = CaseClock.objects.filter(stage__in=RIGHTS, stopped_at=None, due_on__lt=local_date(at))
    return over.update(stopped_at=at, dropped=True)


def _each(cases: "QuerySet[CasePause, int] | QuerySet[CaseClock, int]", action: Action, still: Callable[[Case], bool]) -> int:
    """Do ``action`` on each case in a transaction of its own: one that cannot be does not keep the others waiting."""
    done = 0
    for pk in list(cases[:BATCH]):
        try:
            with transaction.atomic():
                # Who has the case in hand now decides; the next sweep comes in a minute.
                case = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
                if case is not None and still(case):
                    perform_automatically(case, action, actor=Actor.CLOCK, fields={})
                    done += 1
        except (Refused, WrongState):
            continue
        except Exception:
            logger.exception("the clock could not %s case %s", action, pk)
    return done


def _pause_is_over(case: Case) -> bool:
    return case.pauses.filter(ended_at=None, until__lt=_today()).exists()


def _may_be_closed(case: Case) -> bool:
    over = case.clocks.filter(stage=Stage.CLOSING, stopped_at=None, due_on__lt=_today())
    undecided = case.review_asked_at is not None or case.low_rated_at is not None
    return case.state == CaseState.ANSWERED and not undecided and over.exists()


def _today() -> datetime.date:
    return local_date(timezone.now())
