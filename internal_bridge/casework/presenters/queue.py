"""What the queue shows: rows with their limit and light, views with counts, chips, and the lights of all that is listed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.enums import PetitionKind
from core.presenters import COUNT_CAP, Count
from core.workdays import local_date, next_working_day
from internal_bridge.casework.enums import AFTER_ANSWER, OPEN, CaseState, EntryKind, PauseReason
from internal_bridge.casework.life.standing import case_light
from internal_bridge.casework.life.timing import LEADING_STAGES
from internal_bridge.casework.models import Case, CaseClock, CaseEntry
from internal_bridge.org.services import Unit
from internal_bridge.policies.enums import DayKind, Light, Stage
from internal_bridge.policies.presenters import DueText, due_words, short_day

# What a row shows. Letters and sealed submissions stay in the database.
ROW_FIELDS = (
    *("uid", "number", "kind", "state", "version", "title", "place", "received_at", "answered_at", "due_on", "due_order"),
    *("paused_at", "expedited", "urgent", "withdrawal_asked_at", "lead_unit__short_name", "handler__name"),
)


@dataclass(frozen=True)
class Limit:
    """What the clock of a case says: the running one that binds it, or that of its answer once it is met."""

    due_on: datetime.date | None
    day_kind: str
    extended: bool
    provisional: bool


NO_CLOCK = Limit(None, DayKind.WORKING, False, False)


@dataclass(frozen=True)
class QueueRow:
    """A case in the queue."""

    number: str
    version: int
    url: str
    title: str
    tags: list[tuple[str, str]]
    kind: str
    place: str
    unit: str
    handler: str
    step: str
    due: DueText | None
    light: Light
    received: str

    @property
    def chosen(self) -> str:
        """What its checkbox sends: the case, and the version that the person saw."""
        return f"{self.number}:{self.version}"


def queue_rows(cases: QuerySet[Case], today: datetime.date) -> QuerySet[Case]:
    """``cases`` with only what a row shows."""
    return cases.select_related("lead_unit", "handler").only(*ROW_FIELDS)


def rows_of(cases: list[Case], today: datetime.date, *, within: str = "") -> list[QueueRow]:
    """The rows of a page, whose addresses end with ``within``; two queries for any number of them."""
    keys = [case.pk for case in cases]
    limits, reasons = _limits(keys), _pause_reasons(keys)
    return [_row(case, today, limits.get(case.pk, NO_CLOCK), reasons.get(case.pk, ""), within) for case in cases]


def _row(case: Case, today: datetime.date, limit: Limit, pause_reason: str, within: str) -> QueueRow:
    state, paused = CaseState(case.state), case.paused_at is not None
    return QueueRow(
        number=case.number,
        version=case.version,
        url=reverse("casework:detail", args=[case.number]) + within,
        title=case.title,
        tags=_tags(case),
        kind=str(PetitionKind(case.kind).label),
        place=case.place,
        unit=case.lead_unit.short_name if case.lead_unit else "",
        handler=case.handler.name if case.handler else "",
        step=pgettext("step", "Paused") if paused and state in OPEN else str(state.label),
        due=_due(case, today, limit, pause_reason),
        light=case_light(case, today),
        received=short_day(local_date(case.received_at), today, weekday=False),
    )


def _tags(case: Case) -> list[tuple[str, str]]:
    """(look, word) of what stands beside a title."""
    tags = []
    if case.expedited:
        tags.append(("ink", pgettext("tag", "Urgent")))
    elif case.urgent and case.state in (CaseState.REGISTERED, CaseState.ACCEPTED):
        tags.append(("", pgettext("tag", "Called urgent")))
    if case.withdrawal_asked_at is not None:
        tags.append(("soon", pgettext("tag", "Withdrawal asked for")))
    return tags


def _due(case: Case, today: datetime.date, limit: Limit, pause_reason: str) -> DueText | None:
    if case.state in AFTER_ANSWER and case.answered_at is not None:
        # When it was due then stands with its clock alone.
        return due_words(limit.due_on, today=today, day_kind=limit.day_kind, ended_on=local_date(case.answered_at))
    if case.state not in OPEN:
        return None
    return due_words(
        case.due_on,
        today=today,
        day_kind=limit.day_kind,
        paused_since=local_date(case.paused_at) if case.paused_at else None,
        pause_reason=pause_reason,
        extended=limit.extended,
        provisional=limit.provisional,
    )


def _limits(keys: list[int]) -> dict[int, Limit]:
    """The clock of each case that its shown limit comes from, or came from when it was answered."""
    counting = Q(stopped_at=None, stage__in=LEADING_STAGES) | Q(stage=Stage.ANSWER, dropped=False)
    rows = CaseClock.objects.filter(counting, case__in=keys, assignment=None).order_by("pk")
    found: dict[int, tuple[int, Limit]] = {}
    for clock in rows.only("case", "stage", "due_on", "day_kind", "extra_days", "provisional"):
        rank = LEADING_STAGES.index(Stage(clock.stage))
        if clock.case_id not in found or rank <= found[clock.case_id][0]:
            limit = Limit(clock.due_on, clock.day_kind, clock.extra_days > 0, clock.provisional)
            found[clock.case_id] = (rank, limit)
    return {case: limit for case, (_rank, limit) in found.items()}


def _pause_reasons(keys: list[int]) -> dict[int, str]:
    """Why the clocks stand still, in words: the last reason given of each."""
    rows = CaseEntry.objects.filter(case__in=keys, case__paused_at__isnull=False, kind=EntryKind.PAUSE).order_by("pk")
    return {case: str(PauseReason(code).label) for case, code in rows.values_list("case", "code") if code in PauseReason.values}


@dataclass(frozen=True)
class Tab:
    """A view above the list: of a role, or one's own."""

    label: str
    url: str
    count: Count
    current: bool
    look: str = ""
    # The key of one's own view: only these can be deleted.
    own: int | None = None


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Order:
    """A way to sort, and the address that does it."""

    words: str
    url: str
    current: bool


@dataclass(frozen=True)
class Totals:
    """How many cases are listed on all pages, and the lights of those that are listed by their limit.

    What was not counted to its end has a plus.
    """

    count: Count
    lights: list[tuple[Light, str]]

    @classmethod
    def of(cls, cases: QuerySet[Case], today: datetime.date, *, by_limit: bool) -> "Totals":
        """One query. The cases are counted by their limit, so that none that is late is left out."""
        if not by_limit:
            return cls(Count.of(cases), [])
        shown = cases.order_by("due_order", "pk").values_list("due_on", "paused_at", "state")[: COUNT_CAP + 1]
        rows, tomorrow = list(shown), next_working_day(today)
        lights = dict.fromkeys((Light.RED, Light.YELLOW, Light.GREEN, Light.NONE), 0)
        for due_on, paused_at, state in rows[:COUNT_CAP]:
            lights[_light(due_on, paused_at, state, today, tomorrow)] += 1
        capped = len(rows) > COUNT_CAP
        # Reds are all counted when something later has been reached, and so on.
        after = {Light.RED: lights[Light.YELLOW] + lights[Light.GREEN], Light.YELLOW: lights[Light.GREEN]}
        told = [(light, f"{n}+" if capped and not after.get(light) else str(n)) for light, n in lights.items() if n]
        return cls(Count(len(rows)), told)


def _light(due_on: datetime.date | None, paused_at: object, state: str, today: datetime.date, tomorrow: datetime.date) -> Light:
    """``light_of`` for many: ``tomorrow`` is the next working day, up to which a limit is yellow."""
    if due_on is None or paused_at is not None or state not in OPEN:
        return Light.NONE
    if due_on < today:
        return Light.RED
    return Light.YELLOW if due_on <= tomorrow else Light.GREEN


def units_in_words(units: Iterable[Unit]) -> str:
    """The units that a word in the filter meant."""
    names = [unit.short_name for unit in units]
    shown = pgettext("list of units", ", ").join(names[:3])
    return _("%(units)s and %(n)d more") % {"units": shown, "n": len(names) - 3} if len(names) > 3 else shown
