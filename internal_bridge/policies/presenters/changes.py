"""What would change: two versions of a policy side by side, and when cases would be due by either."""

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.enums import PetitionKind
from core.explaining import basis_text
from core.workdays import ONE_DAY, is_working_day, next_working_day, previous_working_day
from internal_bridge.policies.enums import Complexity, FigureCode, Stage, StartEvent, kinds_of
from internal_bridge.policies.models import Policy, PolicyRule
from internal_bridge.policies.presenters.rules import extension_words, kinds_words, limit_words
from internal_bridge.policies.services import basis_of, foresee, rules_of, still_to_confirm

MONTHS = 12
# Days off in a row from which on one speaks of a holiday.
HOLIDAY = 3


@dataclass(frozen=True)
class DueShift:
    """A case received on ``received``: due by the old version and by the new one, None where there is no such limit."""

    received: datetime.date
    note: str
    old: datetime.date | None
    new: datetime.date | None

    @property
    def shift(self) -> str:
        if self.old is None or self.new is None or self.old == self.new:
            return "–"
        days = (self.new - self.old).days
        if days < 0:
            return ngettext("%(days)d day earlier", "%(days)d days earlier", -days) % {"days": -days}
        return ngettext("%(days)d day later", "%(days)d days later", days) % {"days": days}


@dataclass(frozen=True)
class LimitChange:
    """The limit of a stage for a kind, in both versions; empty words where there is none."""

    of: str
    stage: str
    old: str
    new: str
    shifts: list[DueShift] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True)
class Comparison:
    """Two versions. ``others`` are changes that are no limits."""

    changed: list[LimitChange]
    same: list[LimitChange]
    others: list[str]


def compare(old: Policy, new: Policy, *, today: datetime.date) -> Comparison:
    """What ``new`` would change for each kind and stage, and the dates of some cases by either. Asks for both once."""
    days = sample_days(today)
    lines: list[LimitChange] = []
    for kind in [kind.value for kind in kinds_of(new.code)] or [""]:
        for complexity in _complexities(old, new, kind):
            rules = [rules_of(policy, kind=kind, complexity=complexity) for policy in (old, new)]
            lines += _lines(_of(kind, complexity), rules[0], rules[1], days)
    return Comparison(
        changed=[line for line in lines if line.differs],
        same=[line for line in lines if not line.differs],
        others=_others(old, new),
    )


def sample_days(today: datetime.date) -> list[tuple[datetime.date, str]]:
    """Days of receipt to look at: today, the last day before a holiday, the first working day of each of the last months."""
    days = [(today, _("today")), (holiday_eve(today), _("the last working day before a holiday"))]
    first = today.replace(day=1)
    for _month in range(MONTHS):
        day = first if is_working_day(first) else next_working_day(first)
        if day < today:
            days.append((day, _("first working day of the month")))
        first = (first - ONE_DAY).replace(day=1)
    return days


def holiday_eve(today: datetime.date) -> datetime.date:
    """The last working day before the latest holiday of three days or more that began before ``today``."""
    day = previous_working_day(today)
    while (next_working_day(day) - day).days <= HOLIDAY:
        day = previous_working_day(day)
    return day


def _complexities(old: Policy, new: Policy, kind: str) -> list[str]:
    """Simple, and what needs an investigation where either version has a line of its own for it."""
    simple, investigation = Complexity.SIMPLE.value, Complexity.INVESTIGATION.value
    found = [rules_of(policy, kind=kind, complexity=each) for policy in (old, new) for each in (simple, investigation)]
    apart = found[0] != found[1] or found[2] != found[3]
    return [simple, investigation] if apart else [""]


def _lines(
    of: str, old: dict[Stage, PolicyRule], new: dict[Stage, PolicyRule], days: list[tuple[datetime.date, str]]
) -> list[LimitChange]:
    lines = []
    for stage in [stage for stage in Stage if stage in old or stage in new]:
        before, after = (_words(rules.get(stage)) for rules in (old, new))
        shifts = [] if before == after else [_shift(stage, old, new, *day) for day in days]
        lines.append(LimitChange(of=of, stage=str(stage.label), old=before, new=after, shifts=shifts))
    return lines


def _shift(
    stage: Stage, old: dict[Stage, PolicyRule], new: dict[Stage, PolicyRule], received: datetime.date, note: str
) -> DueShift:
    due = [next((limit.due for limit in foresee(rules, received) if limit.rule.stage == stage), None) for rules in (old, new)]
    return DueShift(received=received, note=note, old=due[0], new=due[1])


def _words(rule: PolicyRule | None) -> str:
    if rule is None:
        return ""
    parts = [limit_words(rule), _("from: %(event)s") % {"event": StartEvent(rule.starts_at).label}, extension_words(rule)]
    parts += [str(rule.get_at_end_display()), "" if rule.roll_forward else _("does not roll forward")]
    parts += [basis_text(basis_of(rule)), _("to be confirmed") if still_to_confirm(rule) else ""]
    return " · ".join(part for part in parts if part)


def _of(kind: str, complexity: str) -> str:
    words = [str(PetitionKind(kind).label)] if kind else []
    words += [str(Complexity(complexity).label)] if complexity else []
    return " · ".join(words)


def _others(old: Policy, new: Policy) -> list[str]:
    said = []
    if old.name != new.name:
        said.append(_("Name: %(old)s → %(new)s") % {"old": old.name, "new": new.name})
    automatic = [kinds_words(policy.auto_dispatch_kinds) or "–" for policy in (old, new)]
    if automatic[0] != automatic[1]:
        said.append(_("Sent on by themselves: %(old)s → %(new)s") % {"old": automatic[0], "new": automatic[1]})
    before, after = (dict(policy.figures.values_list("code", "value")) for policy in (old, new))
    for code in sorted(set(before) | set(after)):
        if before.get(code) != after.get(code):
            words = {"figure": FigureCode(code).label, "old": before.get(code, "–"), "new": after.get(code, "–")}
            said.append(_("%(figure)s: %(old)s → %(new)s") % words)
    return said
