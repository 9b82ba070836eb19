"""Words that both sites say to a citizen: the kinds of a petition and the public names of its states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PetitionKind(models.TextChoices):
    """In the order in which every page offers them."""

    CONSULTATION = "consultation", _("Consultation")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", _("Report of misconduct")
    SUGGESTION = "suggestion", _("Suggestion")
    HELP = "help", _("Request for help")


class PetitionStatus(models.TextChoices):
    """What a citizen is told; the office's own states are finer (casework.enums.CaseState)."""

    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Not accepted")
    REDIRECTED = "redirected", _("Redirected")
    # With a context: the CMS has the same words for something else, and its Chinese would win.
    IN_PROGRESS = "in_progress", pgettext_lazy("petition", "In progress")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Channel(models.TextChoices):
    """By which door an action came in."""

    PAGE = "page", _("Page")
    API = "api", _("API")
    COMMAND = "command", _("Console")
    TASK = "task", _("Background task")


class SessionEnd(models.TextChoices):
    """Why somebody is logged out without having asked for it, in the words of the login page."""

    IDLE = "idle", _("You were away for a while, so you have been logged out.")
    ABSOLUTE = "absolute", _("You have been logged in for so long that you have to log in again.")
    GONE = (
        "gone",
        _("This session has ended: your password was changed, or it was ended from another device or by an administrator."),
    )
