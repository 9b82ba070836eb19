"""Tables of limits with their versions, as their list and the page of a version show them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import User
from internal_bridge.policies.enums import FigureCode, kinds_of
from internal_bridge.policies.models import Policy, PolicyRule
from internal_bridge.policies.permissions import can_edit_policies
from internal_bridge.policies.presenters.rules import RuleRow, kinds_words, rule_row, validity_words
from internal_bridge.policies.registry import open_cases


@dataclass(frozen=True)
class Section:
    """One of the app's pages."""

    label: str
    url: str
    current: bool


def sections(person: User, current: str) -> list[Section]:
    """The pages of the app that ``person`` may open; none where it is but one."""
    pages = [("rules", _("Rules in force"))]
    if not can_edit_policies(person):
        return []
    return [
        Section(label, reverse(f"policies:{name}"), name == current) for name, label in [*pages, ("list", _("All versions"))]
    ]


@dataclass(frozen=True)
class VersionRow:
    """A version in the list. ``look`` is the suffix of its tag."""

    policy: Policy
    url: str
    state: str
    look: str
    validity: str
    rules: int
    cases: int


@dataclass(frozen=True)
class PolicyTable:
    """A policy with its versions, the newest first."""

    code: str
    name: str
    kinds: str
    versions: list[VersionRow]
    has_draft: bool


def policy_tables(today: datetime.date) -> list[PolicyTable]:
    """All policies. Asks for versions and for open cases once each."""
    found = list(Policy.objects.annotate(lines=Count("rules")).order_by("code", "-version"))
    cases = open_cases([policy.pk for policy in found])
    by_code: dict[str, list[Policy]] = {}
    for policy in found:
        by_code.setdefault(policy.code, []).append(policy)
    return [
        PolicyTable(
            code=code,
            name=next((each.name for each in versions if not each.is_draft), versions[0].name),
            kinds=kinds_words(kinds_of(code)),
            versions=[_version(policy, cases.get(policy.pk, 0), today) for policy in versions],
            has_draft=any(policy.is_draft for policy in versions),
        )
        for code, versions in by_code.items()
    ]


def state_words(policy: Policy, today: datetime.date) -> tuple[str, str]:
    """What a version is on ``today``, and the look of its tag."""
    if policy.is_draft or policy.valid_from is None:
        return _("Draft"), "soon"
    if policy.valid_from > today:
        return _("Published, not yet in force"), "plan"
    if policy.valid_to is not None and policy.valid_to < today:
        return _("Over"), ""
    return _("In force"), "done"


def _version(policy: Policy, cases: int, today: datetime.date) -> VersionRow:
    state, look = state_words(policy, today)
    return VersionRow(
        policy=policy,
        url=reverse("policies:version", args=[policy.code, policy.version]),
        state=state,
        look=look,
        validity=validity_words(policy),
        rules=policy.lines,  # type: ignore[attr-defined]
        cases=cases,
    )


@dataclass(frozen=True)
class PolicyPanel:
    """A version with its lines, for the page of the rules and for its own."""

    policy: Policy
    validity: str
    kinds: str
    automatic: str
    rows: list[RuleRow]
    figures: list[tuple[str, int]]


def panels(
    policies: Iterable[Policy], *, proofs: bool = False, change: bool = False, confirm: bool = False
) -> list[PolicyPanel]:
    """Versions with their lines, three queries however many. ``change`` and ``confirm``: rows lead where that is done."""
    found = list(policies)
    rules = PolicyRule.objects.filter(policy__in=found).select_related("policy", "confirmation__by").order_by("pk")
    lines: dict[int, list[RuleRow]] = {policy.pk: [] for policy in found}
    for rule in rules:
        lines[rule.policy_id].append(rule_row(rule, url=_address(rule, change, confirm), proofs=proofs))
    return [
        PolicyPanel(
            policy=policy,
            validity=validity_words(policy),
            kinds=kinds_words(kinds_of(policy.code)),
            automatic=kinds_words(policy.auto_dispatch_kinds),
            rows=lines[policy.pk],
            figures=[(str(FigureCode(figure.code).label), figure.value) for figure in policy.figures.all()],
        )
        for policy in found
    ]


def _address(rule: PolicyRule, change: bool, confirm: bool) -> str:
    where = [rule.policy.code, rule.policy.version, rule.pk]
    if change and rule.policy.is_draft:
        return reverse("policies:rule", args=where)
    if confirm and not rule.policy.is_draft and rule.to_confirm and getattr(rule, "confirmation", None) is None:
        return reverse("policies:rule_confirm", args=where)
    return ""
