"""The cases of a list as a file, a part at a time: what the person may see, in the list's order, and recorded first."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.audit import record_audit
from core.enums import PetitionKind
from core.models import User
from core.paging import page_of
from core.presenters import Count
from core.sheets import BYTE_ORDER_MARK, sheet_line, workbook
from core.workdays import local_date
from internal_bridge.casework.enums import CaseState
from internal_bridge.casework.life.standing import case_light
from internal_bridge.casework.models import Case
from internal_bridge.casework.querysets import CaseQuerySet
from internal_bridge.policies.enums import Complexity

CSV, XLSX = "csv", "xlsx"
FORMATS = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# What a spreadsheet program still opens with ease; more is narrowed by filters.
LIMIT = 100_000
CHUNK = 1_000
FIELDS = (
    *("number", "register_year", "register_number", "kind", "state", "complexity", "expedited", "title", "place"),
    *("received_at", "due_on", "due_order", "paused_at", "answered_at", "lead_unit__name"),
)


def export_cases(*, by: User, cases: CaseQuerySet, format: str, view: str, filters: list[str]) -> Iterator[bytes]:
    """The file's parts. ``cases`` is what the list shows to ``by``; ``view`` and ``filters`` are the names of what narrows it.

    The export is recorded before the first byte.
    """
    params = {"format": format, "view": view, "narrowed": " ".join(sorted(filters)), "cases": str(Count.of(cases))}
    with transaction.atomic():
        record_audit(action="case.exported", subject="", actor=by, params=params)
    language = translation.get_language() or "zh-hans"
    batches = _batches(cases, language)
    return workbook(batches) if format == XLSX else _csv(batches)


def _csv(batches: Iterator[list[list[str]]]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK.encode()
    for rows in batches:
        yield "".join(sheet_line(cells) for cells in rows).encode()


def _batches(cases: CaseQuerySet, language: str) -> Iterator[list[list[str]]]:
    with translation.override(language):
        head = [_head()]
    yield head
    rows = cases.select_related("lead_unit").only(*FIELDS)
    after, left = "", LIMIT
    while left:
        page = page_of(rows, by="due_order", after=after, size=min(CHUNK, left), ascending=True)
        if page.rows:
            # Another thread may make this part than made the last one.
            with translation.override(language):
                lines = [_cells(case) for case in page.rows]
            yield lines
        after, left = page.newer, left - len(page.rows)
        if not after:
            return


def _head() -> list[str]:
    return [
        *(_("Number"), _("Register no."), _("Kind"), _("Matter"), _("Place"), _("State"), _("Complexity"), _("Urgency")),
        *(_("Lead unit"), _("Received (Beijing)"), _("Limit of the answer"), pgettext("column", "Light"), _("Answered at")),
    ]


def _cells(case: Case) -> list[str]:
    today = local_date(timezone.now())
    light = case_light(case, today)
    return [
        case.number,
        case.register_label,
        str(PetitionKind(case.kind).label),
        case.title,
        case.place,
        str(CaseState(case.state).label),
        str(Complexity(case.complexity).label),
        pgettext("tag", "Urgent") if case.expedited else "",
        case.lead_unit.name if case.lead_unit else "",
        timezone.localtime(case.received_at).strftime("%Y-%m-%d %H:%M"),
        case.due_on.isoformat() if case.due_on else "",
        str(light.label),
        timezone.localtime(case.answered_at).strftime("%Y-%m-%d %H:%M") if case.answered_at else "",
    ]
