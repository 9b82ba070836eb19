"""The public figures of a day, by plain queries, and telling them to the portal (``statistics.daily``).

What each figure counts, day by day in Asia/Shanghai, so that days add up:

- received: of the city, petitions that arrived on the portal (04 "Counting"), by kind; of a unit, cases given to it as the lead
  unit, without those that it gave back or that were taken from it;
- answered: answers sent, by the unit that answered; an answer after a re-handling is one more;
- on time: answers sent by the last day of their limit, extensions and pauses counted in; an answer without a limit is on time;
- re-handled: cases that the unit was told to handle again;
- rated and satisfied: ratings that came, and those of 4 or 5;
- days: working days from the receipt, or from the re-handling, to the answer, that first day not counted.

By unit and never by unit and kind: where a day brought one petition, that would say which unit has it (docs/messages.md).
"""

import collections
import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from core.enums import PetitionKind
from core.workdays import BEIJING, local_date, working_days_between
from internal_bridge.casework.enums import GOOD_SCORE, PRESENT, EntryKind, Part
from internal_bridge.casework.models import Case, CaseAssignment, CaseClock, CaseEntry, CaseReply, Rating, ToldDay
from internal_bridge.exchange.public import send_message
from internal_bridge.org.services import all_units
from internal_bridge.policies.enums import Stage

PORTAL = "portal"
STREAM = "stats"
# A return, a rating or a re-handling can change the figures of a day for a while; after that they stand.
DAYS_AGAIN = 14
# So far back, and so many days at once, the first time.
LONGEST_PAST, DAYS_AT_ONCE = 400, 60
COUNTS = ("received", "answered", "on_time", "rehandled", "rated", "satisfied")
LONGEST_DAYS = 3_650


def tell_figures() -> int:
    """Tell the portal the figures of today and of the days before, as far as they are new or others; how many days."""
    today = local_date(timezone.now())
    told = 0
    for day in _days_to_look_at(today):
        told += _tell(day)
        if told == DAYS_AT_ONCE:
            break
    return told


def figures_of(day: datetime.date) -> dict[str, Any]:
    """``kinds`` and ``units`` of a day, as statistics.daily/1.json has them. A handful of queries, whatever there is."""
    begin = datetime.datetime.combine(day, datetime.time(), BEIJING)
    span = (begin, begin + datetime.timedelta(days=1))
    replies = list(CaseReply.objects.filter(at__gte=span[0], at__lt=span[1]).select_related("case"))
    return {"kinds": _kinds(span, replies), "units": _units(span, replies)}


def _days_to_look_at(today: datetime.date) -> Iterable[datetime.date]:
    """The last days, the latest first, and then those before of which nothing has been told."""
    first = Case.objects.aggregate(first=Min("received_at"))["first"]
    if first is None:
        return []
    past = min((today - local_date(first)).days, LONGEST_PAST)
    known = set(ToldDay.objects.values_list("date", flat=True))
    days = [today - datetime.timedelta(days=back) for back in range(past + 1)]
    return [day for back, day in enumerate(days) if back <= DAYS_AGAIN or day not in known]


def _tell(day: datetime.date) -> bool:
    figures = figures_of(day)
    digest = hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()
    now = timezone.now()
    with transaction.atomic():
        row = ToldDay.objects.select_for_update().filter(date=day).first()
        if row is not None and row.digest == digest:
            return False
        ToldDay.objects.update_or_create(date=day, defaults={"digest": digest, "told_at": now})
        data = {"date": day.isoformat(), "as_of": now.isoformat()} | figures
        send_message(type="statistics.daily", version=1, recipient=PORTAL, stream=STREAM, data=data)
    return True


Span = tuple[datetime.datetime, datetime.datetime]


def _kinds(span: Span, replies: list[CaseReply]) -> list[dict[str, Any]]:
    rows = Case.objects.filter(received_at__gte=span[0], received_at__lt=span[1]).order_by().values_list("kind")
    received = dict(rows.annotate(n=Count("pk")))
    answered = collections.Counter(reply.case.kind for reply in replies)
    return [
        {"kind": kind.value, "received": received.get(kind.value, 0), "answered": answered[kind.value]} for kind in PetitionKind
    ]


def _units(span: Span, replies: list[CaseReply]) -> list[dict[str, Any]]:
    counts: dict[int, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    days: dict[int, collections.Counter[int]] = collections.defaultdict(collections.Counter)
    given = CaseAssignment.objects.filter(
        part=Part.LEAD, state__in=sorted(PRESENT), assigned_at__gte=span[0], assigned_at__lt=span[1]
    )
    for unit, number in given.order_by().values_list("unit").annotate(n=Count("pk")):
        counts[unit]["received"] = number
    late, again = _late(replies), _rehandled(replies)
    for reply in replies:
        if reply.unit_id is not None:
            counts[reply.unit_id].update(answered=1, on_time=int(reply.pk not in late))
            days[reply.unit_id][_days_used(reply, again)] += 1
    entries = CaseEntry.objects.filter(
        kind=EntryKind.REHANDLING, at__gte=span[0], at__lt=span[1], case__lead_unit__isnull=False
    )
    for unit, number in entries.order_by().values_list("case__lead_unit").annotate(n=Count("pk")):
        counts[unit]["rehandled"] = number
    ratings = Rating.objects.filter(at__gte=span[0], at__lt=span[1], reply__unit__isnull=False)
    for unit, score in ratings.values_list("reply__unit", "score"):
        counts[unit].update(rated=1, satisfied=int(score >= GOOD_SCORE))
    names = all_units().filter(pk__in=counts).order_by("code").values_list("pk", "code", "name")
    return [
        {"unit": {"code": code, "name": name}}
        | {count: counts[pk][count] for count in COUNTS}
        | {"days": [{"days": used, "n": n} for used, n in sorted(days[pk].items())]}
        for pk, code, name in names
    ]


def _late(replies: list[CaseReply]) -> set[int]:
    """The answers that came after their limit."""
    clocks = CaseClock.objects.filter(
        case__in=[reply.case_id for reply in replies], stage=Stage.ANSWER, dropped=False, stopped_at__isnull=False
    )
    due = {(clock.case_id, clock.stopped_at): clock.due_on for clock in clocks}
    return {
        reply.pk
        for reply in replies
        if (limit := due.get((reply.case_id, reply.at))) is not None and local_date(reply.at) > limit
    }


def _rehandled(replies: list[CaseReply]) -> dict[int, list[datetime.datetime]]:
    """When the cases of later answers were given back to be handled again."""
    cases = [reply.case_id for reply in replies if reply.number > 1]
    found: dict[int, list[datetime.datetime]] = collections.defaultdict(list)
    for case, at in CaseEntry.objects.filter(case__in=cases, kind=EntryKind.REHANDLING).values_list("case", "at"):
        found[case].append(at)
    return found


def _days_used(reply: CaseReply, again: dict[int, list[datetime.datetime]]) -> int:
    begun = max((at for at in again.get(reply.case_id, []) if at <= reply.at), default=reply.case.received_at)
    return min(max(working_days_between(local_date(begun), local_date(reply.at)), 0), LONGEST_DAYS)
