"""A line of a table of limits in words: for whom, how long, from when, what follows, where it stands written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.enums import PetitionKind
from core.explaining import basis_text
from core.workdays import local_date
from internal_bridge.org.enums import Role
from internal_bridge.policies.enums import AtEnd, Complexity, DayKind, Stage, StartEvent
from internal_bridge.policies.models import Policy, PolicyRule
from internal_bridge.policies.proofs import Proof, proofs_of
from internal_bridge.policies.services import basis_of, still_to_confirm


@dataclass(frozen=True)
class RuleRow:
    """A line. ``url`` leads to where it is changed or confirmed, and is empty where neither can be."""

    rule: PolicyRule
    stage: str
    applies: str
    limit: str
    runs_from: str
    rolls: str
    extension: str
    at_end: str
    basis: str
    to_confirm: bool
    confirmed: str
    url: str = ""
    proofs: list[Proof] = field(default_factory=list)


def rule_row(rule: PolicyRule, *, url: str = "", proofs: bool = False) -> RuleRow:
    """``rule``, with its policy and its confirmation read already; ``proofs``: with the tests that hold for it."""
    return RuleRow(
        rule=rule,
        stage=str(Stage(rule.stage).label),
        applies=applies_words(rule),
        limit=limit_words(rule),
        runs_from=_("from the day after: %(event)s") % {"event": StartEvent(rule.starts_at).label}
        if rule.days
        else _("on the day itself: %(event)s") % {"event": StartEvent(rule.starts_at).label},
        rolls=_rolls(rule),
        extension=extension_words(rule),
        at_end=str(AtEnd(rule.at_end).label),
        basis=basis_text(basis_of(rule)),
        to_confirm=still_to_confirm(rule),
        confirmed=_confirmed(rule),
        url=url,
        proofs=proofs_of(rule.policy.code, rule.stage, rule.policy.version) if proofs else [],
    )


def days_words(days: int, day_kind: str) -> str:
    """A length in its kind of days."""
    if day_kind == DayKind.WORKING:
        return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
    return ngettext("%(days)d calendar day", "%(days)d calendar days", days) % {"days": days}


def limit_words(rule: PolicyRule) -> str:
    """How long the limit is."""
    return days_words(rule.days, rule.day_kind) if rule.days else pgettext("limit", "at once")


def extension_words(rule: PolicyRule) -> str:
    """By how much it may be extended, and who approves that; empty where it may not."""
    if not rule.extension_days:
        return ""
    words = _("up to %(days)s more, approved by: %(who)s")
    return words % {"days": days_words(rule.extension_days, rule.day_kind), "who": Role(rule.approver).label}


def applies_words(rule: PolicyRule) -> str:
    """For which kind and complexity the line stands; empty for every one."""
    parts = [PetitionKind(rule.kind).label] if rule.kind else []
    parts += [Complexity(rule.complexity).label] if rule.complexity else []
    return " · ".join(str(part) for part in parts)


def validity_words(policy: Policy) -> str:
    """From when until when a version holds."""
    if policy.valid_from is None:
        return _("not in force")
    if policy.valid_to is None:
        return _("from %(first)s on") % {"first": policy.valid_from.isoformat()}
    return _("%(first)s to %(last)s") % {"first": policy.valid_from.isoformat(), "last": policy.valid_to.isoformat()}


def kinds_words(kinds: Iterable[str]) -> str:
    """Kinds, one after the other."""
    return pgettext("between kinds", ", ").join(str(PetitionKind(kind).label) for kind in kinds)


def _rolls(rule: PolicyRule) -> str:
    if rule.day_kind == DayKind.WORKING:
        return _("days off are not counted")
    if rule.roll_forward:
        return _("a last day off moves to the next working day (Civil Code, Article 203)")
    return _("a last day off stays the last day")


def _confirmed(rule: PolicyRule) -> str:
    confirmation = getattr(rule, "confirmation", None)
    if confirmation is None:
        return ""
    words = _("Confirmed on %(day)s by %(who)s: %(note)s")
    day = local_date(confirmation.at).isoformat()
    return words % {"day": day, "who": confirmation.by.get_full_name(), "note": confirmation.note}
