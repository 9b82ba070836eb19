"""Words of the citizen's side (11: `messages[].kind`, `timeline[].event`), and the kinds of units in their order."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MessageKind(models.TextChoices):
    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Your answer")
    REASON = "reason", _("Reason")
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note")


class TimelineEvent(models.TextChoices):
    """Steps that a citizen sees, in the citizen's words. The first six are noted here, the others told by the office."""

    SUBMITTED = "submitted", _("Submitted on the portal")
    SUPPLEMENTED = "supplemented", _("Added to by you")
    WITHDRAWAL_REQUESTED = "withdrawal_requested", _("Withdrawal asked for")
    RATED = "rated", _("Rated by you")
    REVIEW_REQUESTED = "review_requested", _("Review asked for")
    CONSENT_WITHDRAWAL_SENT = "consent_withdrawal_sent", _("Consent to publication taken back")
    REGISTERED = "registered", _("Arrived at the office and registered")
    ACCEPTED = "accepted", _("Accepted")
    RECLASSIFIED = "reclassified", _("Classified anew")
    REFUSED = "refused", _("Not accepted")
    REDIRECTED = "redirected", _("Another way to take")
    DISPATCHED = "dispatched", _("Passed to the responsible unit")
    SIGNED = "signed", _("Taken over by the responsible unit")
    ASKED = "asked", _("A question to you")
    EXTENDED = "extended", _("Time limit extended")
    PAUSED = "paused", _("Handling paused")
    RESUMED = "resumed", _("Handling resumed")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    WITHDRAWAL_DECLINED = "withdrawal_declined", _("Not withdrawn")
    REHANDLED = "rehandled", _("Handled again")
    REVIEW_RECEIVED = "review_received", _("Request for a review arrived")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Not published any more")
    REQUEST_ANSWERED = "request_answered", _("An answer to your rating or request")
    RECOUNTED = "recounted", _("Time limits counted again")


class Action(models.TextChoices):
    """What a citizen may ask for on the follow page, as the API names it (11, ``allowed``)."""

    SUPPLEMENT = "supplement", _("Add to the petition")
    WITHDRAWAL = "withdrawal", _("Withdraw the petition")
    RATING = "rating", _("Rate the answer")
    REVIEW_REQUEST = "review-request", _("Ask for a review")
    CONSENT_WITHDRAWAL = "consent-withdrawal", _("Withdraw the consent to publication")


class Score(models.IntegerChoices):
    """How satisfied somebody is with an answer, the best first."""

    FIVE = 5, pgettext_lazy("score", "Very satisfied")
    FOUR = 4, pgettext_lazy("score", "Satisfied")
    THREE = 3, pgettext_lazy("score", "Fairly satisfied")
    TWO = 2, pgettext_lazy("score", "Dissatisfied")
    ONE = 1, pgettext_lazy("score", "Very dissatisfied")


class DeadlineStage(models.TextChoices):
    """What a limit is for (``case.status``, ``deadlines[].stage``)."""

    REGISTRATION = "registration", _("Registration")
    FORWARDING = "forwarding", _("Passing on to the responsible unit")
    NOTICE = "notice", _("Notice of receipt")
    SIGNATURE = "signature", _("Taking over by the unit")
    ANSWER = "answer", _("Answer")
    REVIEW_REQUEST = "review_request", _("Asking for a review")
    REVIEW = "review", _("Review")
    SECOND_REVIEW_REQUEST = "second_review_request", _("Asking for a second review")
    SECOND_REVIEW = "second_review", _("Second review")
    CLOSING = "closing", _("Closing")


class DeadlineState(models.TextChoices):
    """How a limit stands (11, ``deadlines[].state``)."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Kept")
    OVERDUE = "overdue", _("Overdue")


class UnitKind(models.TextChoices):
    """What a unit is; lists show the kinds in this order. The office may send a kind that is not here yet."""

    CITY = "city", _("The city")
    LEADING_OFFICE = "leading_office", _("Leading offices")
    GOVERNMENT_DEPARTMENT = "government_department", _("Government departments")
    VERTICAL_AGENCY = "vertical_agency", _("Agencies of province and state")
    INSTITUTION = "institution", _("Public institutions")
    PARTY_ORGAN = "party_organ", _("Party organs")
    JUDICIAL = "judicial", _("Courts and procuratorates")
    MASS_ORGANISATION = "mass_organisation", _("Mass organisations")
    ENTERPRISE = "enterprise", _("Public enterprises")
    DEVELOPMENT_ZONE = "development_zone", _("Development zones")
    COUNTY = "county", _("Districts and counties")
    TOWNSHIP = "township", _("Townships")
