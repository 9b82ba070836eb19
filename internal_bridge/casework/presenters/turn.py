"""现在该您办: what somebody can do with a case now, what comes first, and why something else cannot be done."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from internal_bridge.casework.enums import Action, Actor, CaseState
from internal_bridge.casework.life.guards import WORDS
from internal_bridge.casework.life.timing import rule_of
from internal_bridge.casework.models import Case, CaseClock
from internal_bridge.casework.services import Offer
from internal_bridge.policies.enums import Stage
from internal_bridge.policies.presenters import short_day

# What waits for a decision comes before what only may be done.
FIRST = (
    Action.GRANT_EXTENSION, Action.AGREE_WITHDRAWAL, Action.AGREE_RETURN, Action.ACCEPT, Action.DISPATCH, Action.SIGN,
    Action.GIVE_OPINION, Action.RESUME, Action.DRAFT_REPLY, Action.APPROVE, Action.PUBLISH, Action.ANSWER_PRIVATELY,
    Action.ANSWER_REQUEST, Action.CLOSE,
)  # fmt: skip
# Refusals that say no more than that there is nothing of the kind.
UNSAID = frozenset(
    {
        "no_withdrawal_asked", "not_paused", "no_extension_pending", "not_published", "not_auto_dispatched", "no_draft",
        "opinion_given", "no_request",
    }
)  # fmt: skip
ICONS = {
    Action.ACCEPT: "check", Action.RECLASSIFY: "switch-horizontal", Action.REFUSE: "ban", Action.REDIRECT: "route",
    Action.DISPATCH: "send", Action.RECALL: "arrow-back-up", Action.SIGN: "check", Action.RETURN: "arrow-back-up",
    Action.AGREE_RETURN: "check", Action.DECLINE_RETURN: "x", Action.REQUEST_EXTENSION: "calendar-plus",
    Action.GRANT_EXTENSION: "check", Action.REFUSE_EXTENSION: "x", Action.ASK_PETITIONER: "message-plus",
    Action.GIVE_OPINION: "message-check", Action.PAUSE: "player-pause", Action.RESUME: "player-play",
    Action.DRAFT_REPLY: "pencil", Action.APPROVE: "check", Action.REJECT: "arrow-back-up", Action.PUBLISH: "send",
    Action.ANSWER_PRIVATELY: "lock", Action.SEND_BACK: "arrow-back-up", Action.AGREE_WITHDRAWAL: "check",
    Action.DECLINE_WITHDRAWAL: "x", Action.REVISE_PUBLICATION: "pencil", Action.WITHDRAW_PUBLICATION: "file-off",
    Action.REHANDLE: "refresh", Action.ANSWER_REQUEST: "message-check", Action.CLOSE: "circle-check",
}  # fmt: skip
# The keys of the design (Casework, Approval); where two actions have one, only one of them is ever offered.
KEYS = {
    Action.DISPATCH: "d", Action.DRAFT_REPLY: "r", Action.GIVE_OPINION: "o", Action.APPROVE: "a", Action.RETURN: "b",
    Action.REJECT: "b", Action.SEND_BACK: "b",
}  # fmt: skip
# Done on a page of its own that takes more than a form.
PAGES = {Action.APPROVE: "casework:review", Action.REJECT: "casework:review", Action.PUBLISH: "casework:check"}
# And what that page is for.
PAGE_LABELS = {
    Action.DRAFT_REPLY: gettext_lazy("Draft the reply"),
    Action.APPROVE: gettext_lazy("Review the reply"),
    Action.PUBLISH: gettext_lazy("Check and send the answer"),
}


@dataclass(frozen=True)
class OfferRow:
    """An action that somebody may take now, or the reason why not."""

    action: Action
    label: str
    url: str
    icon: str
    refusal: str
    hint: str
    # Opens over the page where there is JavaScript; a page that wants the whole width does not.
    drawer: bool

    @property
    def key(self) -> str:
        """The key that leads there, or empty."""
        return KEYS.get(self.action, "")

    @classmethod
    def of(cls, offer: Offer, case: Case, *, hint: str = "") -> "OfferRow":
        refusal = str(WORDS[offer.refusal]) % dict(offer.params) if offer.refusal else ""
        page = PAGES.get(offer.action)
        whole = page or offer.action in (Action.DRAFT_REPLY, Action.REVISE_PUBLICATION)
        return cls(
            action=offer.action,
            label=str(PAGE_LABELS.get(offer.action, offer.action.label)),
            url=reverse(page, args=[case.number]) if page else reverse("casework:action", args=[case.number, offer.action]),
            icon=ICONS[offer.action],
            refusal=refusal,
            hint=hint,
            drawer=not whole,
        )


@dataclass(frozen=True)
class Turn:
    """The box of what is to be done: as whom, the first thing, the others."""

    as_whom: str
    primary: OfferRow | None
    others: list[OfferRow]

    @classmethod
    def of(
        cls, case: Case, found: Iterable[Offer], actors: Collection[Actor], clocks: Iterable[CaseClock], today: datetime.date
    ) -> "Turn":
        shown = [offer for offer in found if offer.refusal not in UNSAID]
        free = {offer.action for offer in shown if not offer.refusal}
        first = next((action for action in FIRST if action in free), None)
        hints = _hints(case, clocks, today)
        rows = {offer.action: OfferRow.of(offer, case, hint=hints.get(offer.action, "")) for offer in shown}
        labels = [str(actor.label) for actor in Actor if actor in actors]
        return cls(
            as_whom=pgettext("between names", ", ").join(labels),
            primary=rows[first] if first else None,
            others=[row for action, row in rows.items() if action != first],
        )


def _hints(case: Case, clocks: Iterable[CaseClock], today: datetime.date) -> dict[Action, str]:
    """What a choice takes or leaves, beside it."""
    hints = {
        Action.PAUSE: _("on a stated ground only"),
        Action.ASK_PETITIONER: _("stops no clock"),
    }
    rule = rule_of(case, Stage.ANSWER)
    if rule and rule.extension_days and case.state == CaseState.IN_PROGRESS:
        words = ngettext(
            "at most %(days)d day, the head decides", "at most %(days)d days, the head decides", rule.extension_days
        )
        hints[Action.REQUEST_EXTENSION] = words % {"days": rule.extension_days}
    ends = [clock.due_on for clock in clocks if clock.stage == Stage.RETURN and not clock.stopped_at]
    if ends:
        hints[Action.RETURN] = pgettext("limit", "until %(day)s") % {"day": short_day(max(ends), today)}
    return hints
