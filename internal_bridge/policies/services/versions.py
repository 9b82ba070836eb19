"""Versions of policies: a draft is copied from the version in force, changed, and published with its first day, or discarded.

Nothing that is published is edited: publishing ends the version before it on the day before, so that there is neither a gap nor
an overlap. Cases keep the version that held on the day of their receipt.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.enums import PetitionKind
from core.models import User
from core.workdays import ONE_DAY, local_date
from internal_bridge.policies.enums import NEVER_AUTO_DISPATCHED, Complexity, PolicyState, Stage, kinds_of
from internal_bridge.policies.errors import PolicyConflict, StaleVersion
from internal_bridge.policies.models import LARGEST_FIGURE, Policy, PolicyFigure, PolicyRule
from internal_bridge.policies.permissions import can_edit_policies
from internal_bridge.policies.services.limits import rules_of

COPIED = (
    *("stage", "kind", "complexity", "days", "day_kind", "starts_at", "roll_forward", "extension_days", "approver"),
    *("at_end", "instrument", "article"),
)
# So far ahead may a version begin: what is planned for later is written later.
FURTHEST = datetime.timedelta(days=3 * 366)


def draft_policy(*, by: User, code: str) -> Policy:
    """A draft of the next version, a copy of the one that has no end yet.

    Raises ``PermissionDenied``, ``Policy.DoesNotExist`` for a code that there is not, and ``PolicyConflict`` where there is a
    draft already.
    """
    check_editor(by)
    with transaction.atomic():
        # Who begins a draft at the same moment waits here, and then finds this one.
        latest = Policy.objects.published().select_for_update().get(code=code, valid_to=None)
        versions = Policy.objects.filter(code=code)
        if versions.filter(state=PolicyState.DRAFT).exists():
            raise PolicyConflict("draft_there")
        number = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
        draft = Policy.objects.create(
            code=code, version=number, name=latest.name, instrument=latest.instrument, state=PolicyState.DRAFT,
            auto_dispatch_kinds=latest.auto_dispatch_kinds,
        )  # fmt: skip
        PolicyRule.objects.bulk_create(
            PolicyRule(policy=draft, to_confirm=still_to_confirm(rule), **{name: getattr(rule, name) for name in COPIED})
            for rule in latest.rules.select_related("confirmation").order_by("pk")
        )
        PolicyFigure.objects.bulk_create(
            PolicyFigure(policy=draft, code=figure.code, value=figure.value) for figure in latest.figures.order_by("pk")
        )
        record_audit(action="policy.drafted", subject=draft.subject, actor=by, params={"version": number})
    return draft


def change_policy(
    *,
    by: User,
    draft: Policy,
    revision: int,
    name: str,
    auto_dispatch_kinds: Collection[str] = (),
    figures: dict[str, int] | None = None,
) -> Policy:
    """Change what a draft is called, which kinds go to their unit by themselves, and its figures.

    A complaint or a report never does (04). Raises ``PermissionDenied``, ``PolicyConflict`` for what is published,
    ``StaleVersion``, ``ValidationError`` by field.
    """
    with transaction.atomic():
        found = lock_draft(by=by, draft=draft, revision=revision)
        errors: dict[str, str] = {}
        allowed = set(kinds_of(found.code)) - NEVER_AUTO_DISPATCHED
        if not name.strip():
            errors["name"] = _("Give it a name.")
        if set(auto_dispatch_kinds) - allowed:
            errors["auto_dispatch_kinds"] = _("A person reads complaints and reports first, whatever a policy says.")
        known = {figure.code: figure for figure in found.figures.all()}
        errors |= {
            code: _("Enter a number from 1 to %(most)d.") % {"most": LARGEST_FIGURE}
            for code, value in (figures or {}).items()
            if code not in known or not 1 <= value <= LARGEST_FIGURE
        }
        if errors:
            raise ValidationError(errors)
        found.name = name.strip()
        found.auto_dispatch_kinds = [kind for kind in PetitionKind.values if kind in auto_dispatch_kinds]
        for code, value in (figures or {}).items():
            known[code].value = value
            known[code].save(update_fields=["value"])
        record_change(by, found, "policy.changed", {"fields": ["name", "auto_dispatch_kinds", *(figures or {})]})
    return found


def publish_policy(*, by: User, draft: Policy, revision: int, valid_from: datetime.date, reason: str) -> Policy:
    """Let ``draft`` hold from ``valid_from`` on, today at the earliest; the version before it ends on the day before.

    Raises ``PermissionDenied``, ``PolicyConflict`` for what is published, says nothing new or has no limit for the answer to a
    kind that follows it, ``StaleVersion``, ``ValidationError`` by field.
    """
    with transaction.atomic():
        found = lock_draft(by=by, draft=draft, revision=revision)
        before = latest_of(found.code)
        check_first_day(before, valid_from)
        if not reason.strip():
            raise ValidationError({"reason": _("Say why there is a new version.")})
        if missing := kinds_without_answer(found):
            raise PolicyConflict("no_answer", kinds=", ".join(str(PetitionKind(kind).label) for kind in missing))
        if contents_of(found) == contents_of(before):
            raise PolicyConflict("nothing_changed")
        before.valid_to = valid_from - ONE_DAY
        before.save(update_fields=["valid_to"])
        found.state, found.valid_from, found.reason = PolicyState.PUBLISHED, valid_from, reason.strip()
        found.published_at, found.published_by = timezone.now(), by
        found.save(update_fields=["state", "valid_from", "reason", "published_at", "published_by"])
        params = {"version": found.version, "valid_from": valid_from.isoformat(), "reason": found.reason}
        record_audit(action="policy.published", subject=found.subject, actor=by, params=params)
    return found


def discard_draft(*, by: User, draft: Policy, revision: int) -> None:
    """Throw a draft away, with its rules. Raises ``PermissionDenied``, ``PolicyConflict``, ``StaleVersion``."""
    with transaction.atomic():
        found = lock_draft(by=by, draft=draft, revision=revision)
        found.rules.all().delete()
        found.figures.all().delete()
        found.delete()
        record_audit(action="policy.discarded", subject=draft.subject, actor=by, params={"version": draft.version})


def check_first_day(before: Policy, day: datetime.date) -> None:
    """Raise ``ValidationError`` unless a version may begin on ``day``: from today on, and after the one before it began."""
    today = local_date(timezone.now())
    problem = ""
    if day < today:
        problem = _("A version begins today at the earliest: what was counted is not counted again.")
    elif day > today + FURTHEST:
        problem = _("A version begins within three years.")
    elif before.valid_from and day <= before.valid_from:
        problem = _("The version before begins on %(day)s: choose a later day.") % {"day": before.valid_from.isoformat()}
    if problem:
        raise ValidationError({"valid_from": problem})


def kinds_without_answer(policy: Policy) -> list[PetitionKind]:
    """The kinds that follow ``policy`` and would have no limit for their answer, simple or not."""
    return [
        kind
        for kind in kinds_of(policy.code)
        if not all(Stage.ANSWER in rules_of(policy, kind=kind, complexity=each) for each in Complexity.values)
    ]


def latest_of(code: str) -> Policy:
    """The published version that has no end yet. Raises ``Policy.DoesNotExist``."""
    return Policy.objects.published().get(code=code, valid_to=None)


def still_to_confirm(rule: PolicyRule) -> bool:
    """Whether the rule bears the mark 待核: nobody has read it in the text yet."""
    return rule.to_confirm and getattr(rule, "confirmation", None) is None


def contents_of(policy: Policy) -> tuple[Any, ...]:
    """Everything that a version says, to be compared with another's."""
    rules = policy.rules.select_related("confirmation")
    return (
        policy.name,
        sorted(policy.auto_dispatch_kinds),
        sorted((*(getattr(rule, name) for name in COPIED), still_to_confirm(rule)) for rule in rules),
        sorted(policy.figures.values_list("code", "value")),
    )


def check_editor(by: User) -> None:
    """Raise ``PermissionDenied`` for who may not write limits."""
    if not can_edit_policies(by):
        raise PermissionDenied


def lock_draft(*, by: User, draft: Policy, revision: int) -> Policy:
    """``draft`` as it is now, locked. Raises ``PermissionDenied``, ``Policy.DoesNotExist`` when it was discarded,
    ``PolicyConflict``, ``StaleVersion``. For use within a transaction."""
    check_editor(by)
    found = Policy.objects.select_for_update().get(pk=draft.pk)
    if not found.is_draft:
        raise PolicyConflict("published")
    if found.revision != revision:
        raise StaleVersion(found.revision)
    return found


def record_change(by: User, draft: Policy, action: str, params: dict[str, Any]) -> None:
    """A draft has been changed: its revision goes up, and the audit log says what was done."""
    draft.revision += 1
    draft.save(update_fields=["name", "auto_dispatch_kinds", "revision"])
    record_audit(action=action, subject=draft.subject, actor=by, params={**params, "version": draft.version})
