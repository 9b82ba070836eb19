"""What limits are about: instruments, stages, events from which they run, lights."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.enums import PetitionKind


class Instrument(models.TextChoices):
    """Where a rule stands written; the first word of ``basis`` in case.status/1.json."""

    PETITION_2022 = "petition_2022", _("Regulations on the Work of Petitions (2022)")
    PETITION_2005 = "petition_2005", _("Regulations on Petitions (2005, repealed)")
    HOTLINE = "hotline", _("Service line, table of limits")
    PORTAL_MAIL = "portal_mail", _("Portal mail")
    SUPERVISION = "supervision", _("Rules of electronic supervision")


class PolicyState(models.TextChoices):
    """A version is written as a draft, and stands from its publication on: nothing of it changes any more but its last day."""

    DRAFT = "draft", pgettext_lazy("policy", "Draft")
    PUBLISHED = "published", pgettext_lazy("policy", "Published")


class Stage(models.TextChoices):
    """The stages of case.status/1.json, then those that only the office counts."""

    REGISTRATION = "registration", pgettext_lazy("stage", "Registration")
    FORWARDING = "forwarding", pgettext_lazy("stage", "Forwarding")
    NOTICE = "notice", pgettext_lazy("stage", "Notice of receipt")
    SIGNATURE = "signature", pgettext_lazy("stage", "Receipt by the unit")
    ANSWER = "answer", pgettext_lazy("stage", "Answer")
    REVIEW_REQUEST = "review_request", pgettext_lazy("stage", "Asking for a first review")
    REVIEW = "review", pgettext_lazy("stage", "First review")
    SECOND_REVIEW_REQUEST = "second_review_request", pgettext_lazy("stage", "Asking for a second review")
    SECOND_REVIEW = "second_review", pgettext_lazy("stage", "Second review")
    CLOSING = "closing", pgettext_lazy("stage", "Closing")
    DISPATCH = "dispatch", pgettext_lazy("stage", "Dispatch")
    SIGN = "sign", pgettext_lazy("stage", "Signing for it")
    RETURN = "return", pgettext_lazy("stage", "Return")
    ASSIST = "assist", pgettext_lazy("stage", "Opinion of an assisting unit")
    RECALL = "recall", pgettext_lazy("stage", "Recall of an automatic dispatch")
    FOLLOW_UP = "follow_up", pgettext_lazy("stage", "Follow-up call")
    SUPERVISION = "supervision", pgettext_lazy("stage", "Answer to supervision")
    SUPERVISION_LIMIT = "supervision_limit", pgettext_lazy("stage", "Supervision limit")
    PLEA = "plea", pgettext_lazy("stage", "Plea against a card")
    SITE_ERROR = "site_error", pgettext_lazy("stage", "Report of an error on the site")
    SITE_VETO = "site_veto", pgettext_lazy("stage", "Unanswered mail that fails the whole site")


# What a citizen is told of a stage that the office counts under a finer name; other office stages are not told.
PUBLIC_STAGE = {
    **{
        stage: stage
        for stage in (
            *(Stage.REGISTRATION, Stage.FORWARDING, Stage.NOTICE, Stage.SIGNATURE, Stage.ANSWER, Stage.CLOSING),
            *(Stage.REVIEW_REQUEST, Stage.REVIEW, Stage.SECOND_REVIEW_REQUEST, Stage.SECOND_REVIEW),
        )
    },
    Stage.DISPATCH: Stage.FORWARDING,
    Stage.SIGN: Stage.SIGNATURE,
}


class Complexity(models.TextChoices):
    """How much work a complaint is; the dispatcher decides."""

    SIMPLE = "simple", _("Simple")
    INVESTIGATION = "investigation", _("Needs an investigation")


class DayKind(models.TextChoices):
    CALENDAR = "calendar", _("Calendar days")
    WORKING = "working", _("Working days")


class StartEvent(models.TextChoices):
    """The event on whose date a limit starts; that day itself is not counted."""

    RECEIVED = "received", pgettext_lazy("runs from", "received by the portal")
    REGISTERED = "registered", pgettext_lazy("runs from", "registered")
    ACCEPTED = "accepted", pgettext_lazy("runs from", "accepted")
    DISPATCHED = "dispatched", pgettext_lazy("runs from", "dispatched to the unit")
    ANSWERED = "answered", pgettext_lazy("runs from", "answered")
    REVIEW_REQUESTED = "review_requested", pgettext_lazy("runs from", "first review asked for")
    REVIEW_ANSWERED = "review_answered", pgettext_lazy("runs from", "first review answered")
    SECOND_REVIEW_REQUESTED = "second_review_requested", pgettext_lazy("runs from", "second review asked for")
    SUPERVISED = "supervised", pgettext_lazy("runs from", "supervision begun")
    ANSWER_DUE = "answer_due", pgettext_lazy("runs from", "the answer's limit over")
    CARD_ISSUED = "card_issued", pgettext_lazy("runs from", "card issued")


# The events from which the limit of a stage may run: another one would never start it.
STARTS: dict[str, tuple[StartEvent, ...]] = {
    Stage.REGISTRATION: (StartEvent.RECEIVED,),
    Stage.FORWARDING: (StartEvent.RECEIVED, StartEvent.REGISTERED, StartEvent.ACCEPTED),
    Stage.DISPATCH: (StartEvent.RECEIVED, StartEvent.REGISTERED, StartEvent.ACCEPTED),
    Stage.NOTICE: (StartEvent.REGISTERED, StartEvent.ACCEPTED, StartEvent.DISPATCHED),
    Stage.ANSWER: (StartEvent.RECEIVED, StartEvent.REGISTERED, StartEvent.ACCEPTED, StartEvent.DISPATCHED),
    **{stage: (StartEvent.DISPATCHED,) for stage in (Stage.SIGNATURE, Stage.SIGN, Stage.RETURN, Stage.ASSIST, Stage.RECALL)},
    **{stage: (StartEvent.ANSWERED,) for stage in (Stage.REVIEW_REQUEST, Stage.FOLLOW_UP, Stage.CLOSING)},
    Stage.REVIEW: (StartEvent.REVIEW_REQUESTED,),
    Stage.SECOND_REVIEW_REQUEST: (StartEvent.REVIEW_ANSWERED,),
    Stage.SECOND_REVIEW: (StartEvent.SECOND_REVIEW_REQUESTED,),
    Stage.SUPERVISION: (StartEvent.SUPERVISED,),
    Stage.SUPERVISION_LIMIT: (StartEvent.ANSWER_DUE,),
    Stage.PLEA: (StartEvent.CARD_ISSUED,),
    Stage.SITE_ERROR: (StartEvent.RECEIVED,),
    Stage.SITE_VETO: (StartEvent.RECEIVED,),
}


class AtEnd(models.TextChoices):
    """What the end of a limit means."""

    OVERRUN = "overrun", _("counts as overrun")
    LAPSE = "lapse", _("the right lapses")
    CLOSE = "close", _("the case is closed by the clock")


class FigureCode(models.TextChoices):
    """Numbers of a policy that are no limits (04, "Figures and limits of supervision")."""

    RETURN_ABUSE = "return_abuse", _("Returns declined in a month that count as abuse")
    SATISFIED_FROM = "satisfied_from", _("Lowest rating, of 5, that counts as satisfied")


class Light(models.TextChoices):
    """The light of a limit; dark when it is paused, over, or there is none."""

    GREEN = "green", _("Green light")
    YELLOW = "yellow", _("Yellow light")
    RED = "red", _("Red light")
    NONE = "none", _("No light")

    @property
    def look(self) -> str:
        """The suffix of ``zq-sig--`` in the style sheet."""
        return {"green": "g", "yellow": "y", "red": "r"}.get(self.value, "0")


class CalendarChange(models.TextChoices):
    """What an edition of the work calendar has changed."""

    BEGUN = "begun", _("As announced")
    ANNOUNCED = "announced", _("Announced years have arrived")
    DAY_SET = "day_set", _("Day set otherwise")
    DAY_ENDED = "day_ended", _("Day taken back")
    YEAR_ENTERED = "year_entered", _("Year entered")
    YEAR_ENDED = "year_ended", _("Year taken back")


# Which policy a kind follows (04, "Kinds and clocks").
POLICY_OF_KIND: dict[str, str] = {
    PetitionKind.CONSULTATION: "hotline",
    PetitionKind.HELP: "hotline",
    PetitionKind.COMPLAINT: "hotline",
    PetitionKind.SUGGESTION: "petition_2022",
    PetitionKind.REPORT: "petition_2022",
}
# Whatever a policy says, a person reads these before any unit does.
NEVER_AUTO_DISPATCHED = frozenset({PetitionKind.COMPLAINT, PetitionKind.REPORT})


def kinds_of(code: str) -> list[PetitionKind]:
    """The kinds that follow the policy of this code; none for one that stands beside the others."""
    return [kind for kind in PetitionKind if POLICY_OF_KIND.get(kind) == code]
