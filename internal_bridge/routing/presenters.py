"""Suggestions, rules and models in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.enums import PetitionKind
from core.workdays import local_date
from internal_bridge.routing.enums import ReasonCode
from internal_bridge.routing.models import RoutingModel, RoutingRule
from internal_bridge.routing.suggesting import Reason, Suggestion

__all__ = ["ModelRow", "RuleRow", "SuggestionRow", "reason_words", "sections"]


def reason_words(reason: Reason) -> str:
    """``reason`` as a sentence, in the reader's language."""
    params = reason.params
    match reason.code:
        case ReasonCode.RULE:
            label = f"R-{params['rule']:03d}" if params["rule"] else _("The rule being edited")
            if params["note"]:
                label = _("%(rule)s (%(note)s)") % {"rule": label, "note": params["note"]}
            return _("%(rule)s: the letter has %(words)s") % {"rule": label, "words": quoted(params["words"])}
        case ReasonCode.NAMED:
            return _("The petitioner asks for this unit")
        case ReasonCode.SIMILAR:
            words = ngettext("%(n)d similar past case went there", "%(n)d similar past cases went there", params["count"])
            return words % {"n": params["count"]}
        case ReasonCode.DUTIES:
            return _("Among its duties: %(duty)s") % {"duty": params["duty"]}
        case ReasonCode.WORDS:
            return _("Experience with %(words)s speaks for it") % {"words": quoted(params["words"])}
        case ReasonCode.SUCCEEDS:
            return _("It follows %(name)s, which has closed") % {"name": params["name"]}
        case _:
            return _("Nothing in particular speaks for it")


def quoted(words: Iterable[str]) -> str:
    """Words of a letter, each in quotation marks."""
    return pgettext("between quoted words", ", ").join(f"“{word}”" for word in words)


def percent(share: float) -> str:
    """A share of one, as people read it: nothing is quite certain, and nothing out of the question."""
    if share >= 0.995:
        return ">99%"
    return "<1%" if share < 0.005 else f"{share:.0%}"


@dataclass(frozen=True)
class SuggestionRow:
    """A suggestion as a page shows it."""

    name: str
    code: str
    share: str
    why: list[str]
    best: bool

    @classmethod
    def rows(cls, suggestions: list[Suggestion]) -> "list[SuggestionRow]":
        return [
            cls(
                name=found.unit.short_name,
                code=found.unit.code,
                share=percent(found.score),
                why=[reason_words(reason) for reason in found.why],
                best=place == 0,
            )
            for place, found in enumerate(suggestions)
        ]


@dataclass(frozen=True)
class RuleRow:
    """A rule in a list."""

    rule: RoutingRule
    url: str
    words: str
    limits: str
    weight: str
    state: str

    @classmethod
    def of(cls, rule: RoutingRule) -> "RuleRow":
        return cls(
            rule=rule,
            url=reverse("routing:rule", args=[rule.uid]),
            words=rule_words(rule),
            limits=rule_limits(rule),
            weight=number_format(rule.weight, use_l10n=True),
            state=rule_state(rule),
        )


def rule_words(rule: RoutingRule) -> str:
    """What a letter must have."""
    groups = " + ".join(rule.all_words.split())
    parts = [rule.any_words, groups, _("without: %(words)s") % {"words": rule.not_words} if rule.not_words else ""]
    return " · ".join(part for part in parts if part)


def rule_limits(rule: RoutingRule) -> str:
    """For which kinds and which place; empty for all."""
    kinds = [str(PetitionKind(kind).label) for kind in rule.kinds]
    return " · ".join(part for part in (pgettext("between words", ", ").join(kinds), rule.place) if part)


def rule_state(rule: RoutingRule) -> str:
    """Why a rule does not count today; empty when it does."""
    today = local_date(timezone.now())
    if not rule.active:
        return _("Not in use")
    if rule.valid_from and rule.valid_from > today:
        return _("Not yet in force")
    return "" if rule.holds_on(today) else _("No longer in force")


@dataclass(frozen=True)
class ModelRow:
    """A model with its figures."""

    model: RoutingModel
    figures: list[str]

    @classmethod
    def of(cls, model: RoutingModel) -> "ModelRow":
        parts = {"k-fold": _("Cross-validated"), "held-out": _("Held-out part")}
        methods = {"rules": _("rules alone"), "model": _("model alone"), "both": _("both")}
        lines = []
        for part, words in parts.items():
            for method, name in methods.items():
                if found := model.metrics.get(part, {}).get(method):
                    lines.append(_figure(words, name, found))
        return cls(model, lines)


def _figure(part: str, method: str, found: dict[str, Any]) -> str:
    line = _("%(part)s, %(method)s: right at first %(top1)s, among three %(top3)s (%(cases)d cases)")
    shown = {"top1": f"{found['top1']:.1%}", "top3": f"{found['top3']:.1%}", "cases": found["cases"]}
    return line % {"part": part, "method": method, **shown}


@dataclass(frozen=True)
class Section:
    """One of the app's pages."""

    label: str
    url: str
    current: bool


def sections(current: str) -> list[Section]:
    """The pages of the app."""
    pages = [("rules", _("Rules")), ("try", _("Try on a text")), ("models", _("Trained models"))]
    return [Section(label, reverse(f"routing:{name}"), name == current) for name, label in pages]
