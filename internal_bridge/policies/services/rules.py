"""The lines of a draft: added, changed, dropped. And what may happen to a line that is in force: that somebody confirms it."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.models import User
from internal_bridge.org.enums import Role
from internal_bridge.policies.enums import STARTS, AtEnd, Stage, StartEvent, kinds_of
from internal_bridge.policies.errors import PolicyConflict
from internal_bridge.policies.models import LONGEST_LIMIT, Policy, PolicyRule, RuleConfirmation
from internal_bridge.policies.services.versions import check_editor, lock_draft, record_change, still_to_confirm

ARTICLE = re.compile(r"[1-9]\d{0,2}([.][1-9]\d?)?", re.ASCII)
# Who grants an extension (11, actions): the head of the unit that has the case.
APPROVERS = (Role.HEAD,)


def add_rule(*, by: User, draft: Policy, revision: int, **fields: Any) -> PolicyRule:
    """A new line of a draft.

    Raises ``PermissionDenied``, ``PolicyConflict`` for what is published, ``StaleVersion``, ``ValidationError`` by field.
    """
    with transaction.atomic():
        found = lock_draft(by=by, draft=draft, revision=revision)
        rule = PolicyRule(policy=found)
        _put(rule, fields)
        rule.save(force_insert=True)
        record_change(by, found, "policy.rule_added", _named(rule))
    return rule


def change_rule(*, by: User, draft: Policy, revision: int, rule: PolicyRule, **fields: Any) -> PolicyRule:
    """Put other values in place of a draft's line. Raises as ``add_rule``, and ``PolicyRule.DoesNotExist``."""
    with transaction.atomic():
        found = lock_draft(by=by, draft=draft, revision=revision)
        present = found.rules.get(pk=rule.pk)
        before = {name: getattr(present, name) for name in fields}
        _put(present, fields)
        changed = [name for name, value in before.items() if getattr(present, name) != value]
        if changed:
            present.save()
            record_change(by, found, "policy.rule_changed", {**_named(present), "fields": changed})
    return present


def drop_rule(*, by: User, draft: Policy, revision: int, rule: PolicyRule) -> None:
    """Take a line out of a draft. Raises as ``add_rule``, and ``PolicyRule.DoesNotExist``."""
    with transaction.atomic():
        found = lock_draft(by=by, draft=draft, revision=revision)
        present = found.rules.get(pk=rule.pk)
        named = _named(present)
        present.delete()
        record_change(by, found, "policy.rule_dropped", named)


def confirm_rule(*, by: User, rule: PolicyRule, note: str) -> RuleConfirmation:
    """Take the mark 待核 off a published line: ``by`` has read the text and says in ``note`` where.

    The row itself stays as it is. Raises ``PermissionDenied``, ``PolicyConflict`` where there is nothing to confirm,
    ``ValidationError`` without a note.
    """
    check_editor(by)
    if not note.strip():
        raise ValidationError({"note": _("Say where you have read it.")})
    with transaction.atomic():
        found = PolicyRule.objects.select_for_update(of=("self",)).select_related("policy", "confirmation").get(pk=rule.pk)
        if found.policy.is_draft or not found.to_confirm:
            raise PolicyConflict("nothing_to_confirm")
        if not still_to_confirm(found):
            raise PolicyConflict("confirmed")
        confirmation = RuleConfirmation.objects.create(rule=found, by=by, at=timezone.now(), note=note.strip()[:200])
        params = {**_named(found), "version": found.policy.version, "note": confirmation.note}
        record_audit(action="policy.rule_confirmed", subject=found.policy.subject, actor=by, params=params)
    return confirmation


def _put(rule: PolicyRule, fields: dict[str, Any]) -> None:
    """The fields, checked together. Raises ``ValidationError`` by field."""
    for name, value in fields.items():
        setattr(rule, name, value)
    errors = {**_wrong_numbers(rule), **_wrong_words(rule)}
    if not errors and rule.policy.rules.exclude(pk=rule.pk).filter(
        stage=rule.stage, kind=rule.kind, complexity=rule.complexity
    ).exists():  # fmt: skip
        errors["stage"] = _("There is a limit for this stage, kind and complexity already.")
    if errors:
        raise ValidationError(errors)
    rule.clean_fields(exclude=["policy"])


def _wrong_numbers(rule: PolicyRule) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in ("days", "extension_days"):
        if not 0 <= getattr(rule, name) <= LONGEST_LIMIT:
            errors[name] = _("Enter a number from 0 to %(most)d.") % {"most": LONGEST_LIMIT}
    if rule.extension_days and rule.stage != Stage.ANSWER:
        errors["extension_days"] = _("Only the limit of an answer can be extended.")
    if rule.extension_days and rule.approver not in APPROVERS:
        errors["approver"] = _("Say who approves an extension.")
    elif not rule.extension_days and rule.approver:
        errors["approver"] = _("Nobody approves what cannot be extended.")
    return errors


def _wrong_words(rule: PolicyRule) -> dict[str, str]:
    errors: dict[str, str] = {}
    starts = STARTS.get(rule.stage, ())
    if rule.starts_at not in starts:
        words = ", ".join(str(StartEvent(start).label) for start in starts)
        errors["starts_at"] = _("The limit of this stage runs from: %(events)s.") % {"events": words}
    if rule.kind and rule.kind not in kinds_of(rule.policy.code):
        errors["kind"] = _("This kind does not follow this policy.")
    if (rule.at_end == AtEnd.CLOSE) != (rule.stage == Stage.CLOSING):
        errors["at_end"] = _("The clock closes cases at the end of the stage of closing, and of no other.")
    if rule.article and not ARTICLE.fullmatch(rule.article):
        errors["article"] = _("Write the article as a number, a paragraph behind a full stop: 34 or 23.3.")
    return errors


def _named(rule: PolicyRule) -> dict[str, Any]:
    """What the audit log calls a line: codes alone."""
    return {"rule": " ".join(part for part in (rule.stage, rule.kind, rule.complexity) if part), "days": rule.days}
