"""What limits say: which policy a kind follows, which rules it has, when something is due, what light that shows."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.workdays import Counted, Pause, Step, add_calendar_days, add_working_days, previous_working_day, same_day
from internal_bridge.policies.enums import (
    NEVER_AUTO_DISPATCHED,
    POLICY_OF_KIND,
    Complexity,
    DayKind,
    Light,
    Stage,
)
from internal_bridge.policies.models import Policy, PolicyRule

__all__ = [
    "NoPolicy",
    "Policy",
    "PolicyRule",
    "assisting_due",
    "auto_dispatches",
    "basis_of",
    "due_of",
    "light_of",
    "policy_for",
    "rules_of",
]


class NoPolicy(LookupError):
    """No policy holds for the kind on that day."""


def policy_for(*, kind: str, on: datetime.date) -> Policy:
    """The policy that a case of ``kind`` accepted on ``on`` runs under, in the version of that day.

    Consultation, help and complaint follow the service line, suggestion and report the petition law (04). Raises ``NoPolicy``.
    """
    policy = Policy.objects.version_on(code=POLICY_OF_KIND.get(kind, ""), day=on)
    if policy is None:
        raise NoPolicy(f"{kind} on {on}")
    return policy


def rules_of(policy: Policy, *, kind: str, complexity: str = "") -> dict[Stage, PolicyRule]:
    """The rule of each stage that has a limit. An empty ``complexity`` is a simple one, the default of 04.

    Asks the database once per process and policy: what is published is never edited.
    """
    rules = _read_rules(policy.pk) if policy.is_draft else _rules(policy.pk, policy.published_at)
    found: dict[Stage, PolicyRule] = {}
    wanted = (kind, complexity or Complexity.SIMPLE)
    for rule in sorted(rules, key=lambda rule: (rule.kind != "", rule.complexity != "")):
        if rule.kind in ("", wanted[0]) and rule.complexity in ("", wanted[1]):
            # The more particular one comes later.
            found[Stage(rule.stage)] = rule
    return found


@lru_cache(maxsize=128)
def _rules(policy_id: int, _published_at: datetime.datetime | None) -> tuple[PolicyRule, ...]:
    return _read_rules(policy_id)


def _read_rules(policy_id: int) -> tuple[PolicyRule, ...]:
    return tuple(PolicyRule.objects.filter(policy_id=policy_id).select_related("policy").order_by("pk"))


def due_of(
    rule: PolicyRule,
    *,
    start: datetime.date,
    expedited: bool = False,
    extra_days: int = 0,
    pauses: Sequence[Pause] = (),
) -> Counted:
    """When the limit of ``rule`` ends that starts on ``start``, the date of the event named by ``rule.starts_at``.

    ``extra_days`` is an extension, in the rule's kind of days: the limit becomes L + n from the same start, rolled forward once
    (04, Counting). ``pauses``: their days are left out, in either kind of days. ``expedited``: an answer is due on the day
    itself; on a day off that is the next working day. Whether an extension is lawful is judged by who grants it. Raises
    ``ValueError`` for a negative ``extra_days``.
    """
    if extra_days < 0:
        raise ValueError("an extension only lengthens a limit")
    days = (0 if expedited and rule.stage == Stage.ANSWER else rule.days) + extra_days
    in_working_days = rule.day_kind == DayKind.WORKING
    if days == 0:
        return same_day(start, roll_forward=in_working_days or rule.roll_forward, pauses=pauses)
    if in_working_days:
        counted = add_working_days(start, days, pauses=pauses)
    else:
        counted = add_calendar_days(start, days, roll_forward=rule.roll_forward, pauses=pauses)
    if extra_days:
        first, *rest = counted.steps
        counted = replace(counted, steps=(first, Step("extended", {"days": extra_days}), *rest))
    return counted


def assisting_due(
    rule: PolicyRule, *, start: datetime.date, answer_due: datetime.date | None, pauses: Sequence[Pause] = ()
) -> datetime.date:
    """When an assisting unit's opinion is due: by its rule, but one working day before the answer at the latest.

    Never before ``start``: an answer that is due at once leaves no day between.
    """
    due = due_of(rule, start=start, pauses=pauses).due
    return due if answer_due is None else max(min(due, previous_working_day(answer_due)), start)


def auto_dispatches(policy: Policy, *, kind: str) -> bool:
    """Whether a case of ``kind`` that names a unit goes straight to it; never a complaint or a report (04)."""
    return kind in policy.auto_dispatch_kinds and kind not in NEVER_AUTO_DISPATCHED


def light_of(due_on: datetime.date | None, *, today: datetime.date, paused: bool = False, ended: bool = False) -> Light:
    """The light of a limit on ``today``: red from the day after it, yellow from one working day before it on."""
    if due_on is None or paused or ended:
        return Light.NONE
    if today > due_on:
        return Light.RED
    return Light.YELLOW if today >= previous_working_day(due_on) else Light.GREEN


def basis_of(rule: PolicyRule) -> str:
    """Instrument and article, as ``basis`` of case.status/1.json: ``hotline``, ``petition_2022:34``."""
    instrument = rule.instrument or rule.policy.instrument
    return f"{instrument}:{rule.article}" if rule.article else instrument
