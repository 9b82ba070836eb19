"""Routing's public door: suggestions, what is done with rules and models, and where past cases are offered for training."""

import datetime
import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record_audit
from core.enums import PetitionKind
from core.models import User
from internal_bridge.org.services import StaleVersion, Unit, find_unit
from internal_bridge.routing.artefact import digest_of, to_bytes
from internal_bridge.routing.candidates import candidates
from internal_bridge.routing.examples import Example, register_examples
from internal_bridge.routing.matching import split_words
from internal_bridge.routing.models import RoutingModel, RoutingRule
from internal_bridge.routing.permissions import can_edit_rules, can_manage_models
from internal_bridge.routing.suggesting import Reason, Suggestion, suggest_units

__all__ = [
    "Reason",
    "StaleVersion",
    "Suggestion",
    "activate_model",
    "change_rule",
    "create_rule",
    "draft_rule",
    "register_examples",
    "suggest_units",
    "train_model",
]

WORD_FIELDS = ("any_words", "all_words", "not_words")


def draft_rule(
    *,
    unit: str,
    any_words: str = "",
    all_words: str = "",
    not_words: str = "",
    kinds: Collection[str] = (),
    place: str = "",
    weight: float = 2.0,
    note: str = "",
    active: bool = True,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
) -> RoutingRule:
    """A rule that is not stored, to be tried. Raises ``ValidationError`` by field."""
    errors: dict[str, str] = {}
    found = _find(unit, errors)
    words = {"any_words": any_words, "all_words": all_words, "not_words": not_words}
    joined = {name: " ".join(split_words(text)) for name, text in words.items()}
    if not joined["any_words"] and not joined["all_words"]:
        errors["any_words"] = _("Give at least one word that a letter must have.")
    if set(kinds) - set(PetitionKind.values):
        errors["kinds"] = _("Choose from the list.")
    if valid_from and valid_to and valid_to < valid_from:
        errors["valid_to"] = _("The last day lies before the first.")
    if errors:
        raise ValidationError(errors)
    rule = RoutingRule(
        unit=found, kinds=sorted(kinds), place=place.strip(), weight=weight, note=note.strip(), active=active,
        valid_from=valid_from, valid_to=valid_to, changed_at=timezone.now(), **joined,
    )  # fmt: skip
    rule.clean_fields(exclude=["unit", "changed_by"])
    return rule


def create_rule(*, by: User | None, **fields: Any) -> RoutingRule:
    """Write a new rule. ``by`` is None for the first start alone. Raises ``PermissionDenied`` and as ``draft_rule``."""
    _check(by)
    rule = draft_rule(**fields)
    rule.changed_by = by
    with transaction.atomic():
        rule.save(force_insert=True)
        params = {"rule": rule.label, "unit": rule.unit.code}
        record_audit(action="routing.rule_created", subject=rule.subject, actor=by, params=params)
    return rule


def change_rule(*, by: User, uid: Any, version: int, **fields: Any) -> RoutingRule:
    """Put other words, another unit or other days in place of a rule's. Raises ``RoutingRule.DoesNotExist``,
    ``PermissionDenied``, ``StaleVersion`` and as ``draft_rule``."""
    _check(by)
    with transaction.atomic():
        rule = RoutingRule.objects.select_for_update().get(uid=uid)
        if rule.version != version:
            raise StaleVersion(rule.version)
        draft = draft_rule(**fields)
        names = [*WORD_FIELDS, "unit_id", "kinds", "place", "weight", "note", "active", "valid_from", "valid_to"]
        changed = [name for name in names if getattr(rule, name) != getattr(draft, name)]
        for name in names:
            setattr(rule, name, getattr(draft, name))
        if changed:
            rule.version += 1
            rule.changed_at, rule.changed_by = timezone.now(), by
            rule.save()
            params = {"rule": rule.label, "fields": [name.removesuffix("_id") for name in changed], "version": rule.version}
            record_audit(action="routing.rule_changed", subject=rule.subject, actor=by, params=params)
    return rule


def train_model(*, by: User | None, examples: list[Example], metrics: dict[str, Any] | None = None) -> RoutingModel:
    """Train on ``examples``, write the file and use the new model. ``by`` is None at the console.

    Raises ``PermissionDenied``, and ``ValueError`` when there is nothing to learn from.
    """
    if by is not None and not can_manage_models(by):
        raise PermissionDenied
    if not examples:
        raise ValueError("there are no examples to learn from")
    from internal_bridge.routing.learning import train

    content = to_bytes(train(examples, candidates()))
    digest = digest_of(content)
    name = _write(content, digest)
    with transaction.atomic():
        RoutingModel.objects.select_for_update().filter(active=True).update(active=False)
        last = RoutingModel.objects.aggregate(last=Max("number"))["last"] or 0
        model = RoutingModel.objects.create(
            number=last + 1, trained_at=timezone.now(), trained_by=by, examples=len(examples), metrics=metrics or {},
            file_name=name, digest=digest, active=True,
        )  # fmt: skip
        record_audit(
            action="routing.model_trained", subject=model.subject, actor=by,
            params={"model": model.number, "examples": model.examples},
        )  # fmt: skip
    return model


def activate_model(*, by: User | None, number: int) -> RoutingModel:
    """Use this model from now on: an earlier one, too. Raises ``RoutingModel.DoesNotExist``, ``PermissionDenied``."""
    if by is not None and not can_manage_models(by):
        raise PermissionDenied
    with transaction.atomic():
        model = RoutingModel.objects.select_for_update().get(number=number)
        if not model.active:
            RoutingModel.objects.filter(active=True).update(active=False)
            model.active = True
            model.save(update_fields=["active"])
            record_audit(action="routing.model_activated", subject=model.subject, actor=by, params={"model": number})
    return model


def _check(by: User | None) -> None:
    if by is not None and not can_edit_rules(by):
        raise PermissionDenied


def _find(code: str, errors: dict[str, str]) -> Unit | None:
    unit = find_unit(code)
    if unit is None:
        errors["unit"] = _("There is no such unit.")
    elif not unit.accepts_petitions:
        errors["unit"] = _("This unit takes no petitions.")
    return unit


def _write(content: bytes, digest: str) -> str:
    """The file under its digest; complete or not there at all, for its owner only."""
    folder = Path(settings.ROUTING_MODELS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"model-{digest[:16]}.npz"
    handle, path = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(path).replace(folder / name)
    return name
