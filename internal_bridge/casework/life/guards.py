"""Why an action that the state allows is refused all the same, each with its words."""

import datetime
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from core.enums import PetitionKind
from core.workdays import local_date
from internal_bridge.casework.enums import AssignmentState, ExtensionState, Part
from internal_bridge.casework.life.act import Act, Refused
from internal_bridge.casework.life.timing import limit_of
from internal_bridge.policies.enums import Stage

Guard = Callable[[Act], None]

WORDS = {
    "not_auto_dispatched": _("Only a case that a rule has dispatched can be recalled."),
    "recall_too_late": _("The case could be recalled until %(until)s. Ask the unit to return it."),
    "return_too_late": _("The case could be returned until %(until)s."),
    "extension_pending": _("An extension has been asked for already; the head of the unit has not decided yet."),
    "limit_passed": _("The limit ended on %(due)s: it can be neither extended nor paused any more."),
    "no_extension_pending": _("Nobody has asked for an extension."),
    "extended_already": _("The limit has been extended already."),
    "no_extension_allowed": _("The rules allow no extension of this limit."),
    "paused": _("The clock is paused already."),
    "not_paused": _("The clock is not paused."),
    "resume_first": _("The clock is paused. Resume it first."),
    "no_draft": _("There is no reply yet."),
    "publication_not_allowed": _("The petitioner has not allowed publication. Answer without publishing."),
    "report_never_published": _("The reply to a report of misconduct is never published."),
    "not_published": _("The reply is not published."),
    "no_withdrawal_asked": _("The petitioner has not asked to withdraw."),
    "no_request": _("The petitioner asks for nothing more."),
    "sign_first": _("Your unit has not signed for the case yet."),
    "opinion_given": _("Your unit has given its opinion already."),
    "unit_has_it": _("This unit has the case. Let it be returned first."),
}


def recallable(act: Act) -> None:
    """Dispatched by a rule, and within one working day of it (04, ``auto_dispatch``), whatever kind it is said to be since."""
    if act.case.auto_dispatched_at is None:
        raise Refused("not_auto_dispatched")
    clock = act.case.clocks.filter(stage=Stage.RECALL).last()
    _before(clock.due_on if clock else None, act, "recall_too_late")


def returnable(act: Act) -> None:
    """Within the limit of the policy from the day on which the unit got it (04: 5 WD, 2022 §23(3); service line 2 WD)."""
    if act.assignment is not None:
        _before(limit_of(act.case, Stage.RETURN, local_date(act.assignment.assigned_at)), act, "return_too_late")


def extendable(act: Act) -> None:
    """One extension of a limit at a time and in all (2022 §34)."""
    states = set(act.case.extensions.values_list("state", flat=True))
    if ExtensionState.PENDING in states:
        raise Refused("extension_pending")
    if act.case.clocks.filter(stage=Stage.ANSWER, stopped_at=None, extra_days__gt=0).exists():
        raise Refused("extended_already")


def in_time(act: Act) -> None:
    """What has ended is neither extended nor paused: more time is asked for, and stopped, while there is some (2022 §34)."""
    due_on = act.case.due_on
    if act.case.paused_at is None and due_on is not None and local_date(act.at) > due_on:
        raise Refused("limit_passed", due=due_on.isoformat())


def extension_pending(act: Act) -> None:
    if not act.case.extensions.filter(state=ExtensionState.PENDING).exists():
        raise Refused("no_extension_pending")


def running(act: Act) -> None:
    if act.case.paused_at is not None:
        raise Refused("paused")


def awake(act: Act) -> None:
    """No pause outlives the handling for which it was granted: nothing would ever end it, and the case would never be late."""
    if act.case.paused_at is not None and (act.assignment is None or act.assignment.part == Part.LEAD):
        raise Refused("resume_first")


def paused(act: Act) -> None:
    if act.case.paused_at is None:
        raise Refused("not_paused")


def drafted(act: Act) -> None:
    if not act.case.drafts.filter(round=act.case.round).exists():
        raise Refused("no_draft")


def publishable(act: Act) -> None:
    """Only with the petitioner's consent, and never a report (11)."""
    if act.case.kind == PetitionKind.REPORT:
        raise Refused("report_never_published")
    if not act.case.allow_publication:
        raise Refused("publication_not_allowed")


def published(act: Act) -> None:
    if not act.case.replies.filter(published__withdrawn_at=None, published__isnull=False).exists():
        raise Refused("not_published")


def withdrawal_asked(act: Act) -> None:
    if act.case.withdrawal_asked_at is None:
        raise Refused("no_withdrawal_asked")


def request_waits(act: Act) -> None:
    if act.case.review_asked_at is None and act.case.low_rated_at is None:
        raise Refused("no_request")


def opinion_due(act: Act) -> None:
    if act.assignment is None:
        return
    if act.assignment.state == AssignmentState.WAITING:
        raise Refused("sign_first")
    if act.assignment.state == AssignmentState.DONE:
        raise Refused("opinion_given")


def _before(until: datetime.date | None, act: Act, code: str) -> None:
    if until is not None and local_date(act.at) > until:
        raise Refused(code, until=until.isoformat())
