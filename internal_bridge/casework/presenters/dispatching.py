"""转办: why this unit, how much it has in hand, what each date becomes, who is kept out."""

import datetime
import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import User
from core.text import pinyin_of
from internal_bridge.casework.enums import Part
from internal_bridge.casework.life.fields import kept_out
from internal_bridge.casework.models import Case
from internal_bridge.casework.presenters.limits import explained
from internal_bridge.casework.presenters.suggesting import suggested
from internal_bridge.org.services import Unit, all_units
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.presenters import days_words, short_day
from internal_bridge.policies.services import assisting_due, due_of, rules_of

MOST_FOUND = 20


@dataclass(frozen=True)
class UnitChoice:
    """A unit that could answer."""

    code: str
    name: str
    match: str
    why: list[str]
    in_hand: int
    refused: str = ""


def choices(case: Case, person: User, *, find: str, chosen: Collection[str]) -> list[UnitChoice]:
    """What is suggested, what was searched for, and what has been chosen already; those kept out are there, and say why."""
    proposals = suggested(case)
    open_units = taking_units()
    by_code = {unit.code: unit for unit in open_units}
    codes = [proposal.code for proposal in proposals]
    codes += [unit.code for unit in search(open_units, find)] if find else []
    codes += [code for code in chosen if code in by_code]
    units = [by_code[code] for code in dict.fromkeys(codes) if code in by_code]
    out = {unit.pk for unit in kept_out(case, units)}
    known = {proposal.code: proposal for proposal in proposals}
    hands = in_hand(person, units)
    rows = []
    for unit in units:
        proposal = known.get(unit.code)
        refused = (
            _("Kept out: the petition is about it, or somebody decided so. It never sees this case.") if unit.pk in out else ""
        )
        rows.append(
            UnitChoice(
                code=unit.code,
                name=unit.short_name,
                match=proposal.share if proposal else "",
                why=proposal.why if proposal else [unit.name],
                in_hand=hands.get(unit.pk, 0),
                refused=refused,
            )
        )
    return sorted(rows, key=lambda row: bool(row.refused)) + _kept_out_besides(case, {row.code for row in rows})


def _kept_out_besides(case: Case, shown: Collection[str]) -> list[UnitChoice]:
    """Units that are kept out and would not show otherwise."""
    rows = case.exclusions.counting().filter(unit__isnull=False).select_related("unit")
    words = _("Kept out, with everything below it.")
    units = [row.unit for row in rows if row.unit and row.unit.code not in shown]
    return [UnitChoice(unit.code, unit.short_name, "", [], 0, words) for unit in units]


def taking_units() -> list[Unit]:
    """The open units that take petitions."""
    return list(all_units().open().filter(accepts_petitions=True).order_by("path"))


def search(units: Iterable[Unit], text: str) -> list[Unit]:
    """By a part of a name, by code, or by the beginning of the pinyin or its initials: 市城管局, cgj, chengguan, scg."""
    wanted = "".join(text.lower().split())
    return [unit for unit in units if wanted and _matches(unit.name, unit.short_name, unit.code, wanted)][:MOST_FOUND]


def _matches(name: str, short_name: str, code: str, wanted: str) -> bool:
    if wanted in name.lower() or wanted in short_name.lower() or wanted == code:
        return True
    if not wanted.isascii():
        return False
    # 市城管局 is looked for as 城管 as often as with the city's 市.
    forms = {short_name, short_name.removeprefix("市")}
    return any(wanted in spelling for form in forms for spelling in _spelled(form))


@functools.lru_cache(maxsize=4_096)
def _spelled(name: str) -> tuple[str, str]:
    pinyin, initials = pinyin_of(name)
    return pinyin.replace(" ", "").lower(), initials.lower()


def in_hand(person: User, units: Collection[Unit]) -> dict[int, int]:
    """How many cases each of ``units`` leads that are not answered yet, as far as ``person`` may know."""
    rows = Case.objects.visible_to(person).under_way().filter(lead_unit__in=[unit.pk for unit in units])
    return dict(rows.order_by().values_list("lead_unit").annotate(n=Count("pk")))


@dataclass(frozen=True)
class DateRow:
    """One limit as it will be."""

    who: str
    what: str
    limit: str
    due: str
    how: str


WHAT = {
    Stage.SIGN: gettext_lazy("sign for it"),
    Stage.RETURN: gettext_lazy("may return it"),
    Stage.ASSIST: gettext_lazy("give the opinion"),
    Stage.ANSWER: gettext_lazy("answer"),
}


def dates(case: Case, today: datetime.date, *, assisted: bool) -> list[DateRow]:
    """Who has to do what by when if the case is dispatched today."""
    if case.policy is None:
        return []
    rules = rules_of(case.policy, kind=case.kind, complexity=case.complexity)
    rows = []
    for stage in (Stage.SIGN, Stage.RETURN, Stage.ASSIST):
        rule = rules.get(stage)
        if rule is None or (stage == Stage.ASSIST and not assisted):
            continue
        counted = due_of(rule, start=today)
        due, how = counted.due, explained(counted.explanation)
        if stage == Stage.ASSIST:
            due = assisting_due(rule, start=today, answer_due=case.due_on)
            how = how if due == counted.due else _("leaves the lead unit one working day to sum up")
        who = Part.ASSISTING.label if stage == Stage.ASSIST else Part.LEAD.label
        limit = days_words(rule.days, rule.day_kind)
        rows.append(DateRow(str(who), str(WHAT[stage]), limit, short_day(due, today), how))
    clock = case.clocks.filter(stage=Stage.ANSWER, assignment=None, stopped_at=None).first()
    if clock is not None:
        limit = days_words(clock.days + clock.extra_days, clock.day_kind)
        how = explained(clock.explanation)
        rows.append(DateRow(str(Part.LEAD.label), str(WHAT[Stage.ANSWER]), limit, short_day(clock.due_on, today), how))
    return rows
